import { expect, test } from "vitest";
import {
	type AnswerValue,
	labelIn,
	mayStillAnswer,
	mergeOptions,
	optionsOffered,
	parseAnswer,
	type QuestionKind,
	type QuestionOption,
	questionLacksEnglish,
	typedAnswer,
} from "#app/domain/question.ts";

const options: QuestionOption[] = [
	{ value: "vegetarien", fr: "Végétarien", en: "Vegetarian" },
	{ value: "vegane", fr: "Végane", en: "" },
	{ value: "casher", fr: "Casher", en: "Kosher", retired: true },
];

function parse(
	kind: QuestionKind,
	typed: string[],
	changes: { required?: boolean; locale?: "fr" | "en" } = {},
) {
	const { required = false, locale = "fr" } = changes;
	return parseAnswer({ kind, options, required }, typed, locale);
}

const value = (of: AnswerValue | null) => ({ ok: true, value: of });
const refused = (reason: string) => ({ ok: false, reason });

test.each(["short", "long", "choice", "choices", "boolean", "number", "date"] as const)(
	"nothing typed for a %s question is no answer, and an error only where one is required",
	(kind) => {
		for (const nothing of [[], [""], ["  \r\n\t "]]) {
			expect(parse(kind, nothing)).toEqual(value(null));
			expect(parse(kind, nothing, { required: true })).toEqual(refused("missing"));
		}
	},
);

test.each([
	["HTML", "<script>alert(1)</script> & « gras »"],
	["a right-to-left name", "مرحبا بالعالم"],
	["emoji", "👩🏽‍🏫 merci 🎉"],
	["what looks like a formula", "=1+1"],
])("a text keeps %s as it was typed", (_what, typed) => {
	expect(parse("short", [typed])).toEqual(value(typed));
	expect(parse("long", [typed])).toEqual(value(typed));
});

test("a line is one line, and a text keeps its lines", () => {
	expect(parse("short", ["  deux\r\nlignes\u0000 "])).toEqual(value("deux lignes"));
	expect(parse("long", ["deux\r\nlignes\u0007"])).toEqual(value("deux\nlignes"));
});

test("a text that is too long is refused, not cut", () => {
	expect(parse("short", ["a".repeat(300)])).toEqual(value("a".repeat(300)));
	expect(parse("short", ["a".repeat(301)])).toEqual(refused("tooLong"));
	expect(parse("long", ["a".repeat(4000)])).toEqual(value("a".repeat(4000)));
	expect(parse("long", ["é".repeat(10_000)])).toEqual(refused("tooLong"));
});

test("a choice is one of the options, one that was retired meanwhile included", () => {
	expect(parse("choice", ["vegane"])).toEqual(value("vegane"));
	expect(parse("choice", ["casher"])).toEqual(value("casher"));
	expect(parse("choices", ["vegane", "vegetarien", "vegane"])).toEqual(value(["vegane", "vegetarien"]));
	for (const kind of ["choice", "choices"] as const) {
		expect(parse(kind, ["carnivore"])).toEqual(refused("choice"));
		expect(parse(kind, ["__proto__"])).toEqual(refused("choice"));
	}
	expect(parse("choices", ["vegane", "carnivore"])).toEqual(refused("choice"));
});

test("yes or no is yes or no", () => {
	expect(parse("boolean", ["yes"])).toEqual(value(true));
	expect(parse("boolean", ["no"])).toEqual(value(false));
	expect(parse("boolean", ["oui"])).toEqual(refused("choice"));
	expect(parse("boolean", ["no"], { required: true })).toEqual(value(false));
});

test.each([
	["1 234,5", 1234.5],
	["1\u00a0234,5", 1234.5],
	["1\u202f234,5", 1234.5],
	["1234.5", 1234.5],
	["1,234.5", 1234.5],
	["1,234", 1.234],
	["0", 0],
	["-5", -5],
	["−5,25", -5.25],
	["007", 7],
	["0,000001", 0.000001],
	["1000000000000", 1e12],
])("in French, the number %s is %d", (typed, number) => {
	expect(parse("number", [typed])).toEqual(value(number));
});

test("in English, a comma before three digits is a thousand", () => {
	expect(parse("number", ["1,234"], { locale: "en" })).toEqual(value(1234));
	expect(parse("number", ["1,234,567.25"], { locale: "en" })).toEqual(value(1_234_567.25));
	expect(parse("number", ["1,5"], { locale: "en" })).toEqual(value(1.5));
});

test.each([
	"douze",
	"1e9",
	"0x10",
	"Infinity",
	"NaN",
	"1,2,3",
	"1.2.3",
	"--5",
	"5-",
	"1000000000001",
	"١٢",
	"9".repeat(10_000),
])("%s is not a number that is kept", (typed) => {
	expect(parse("number", [typed])).toEqual(refused("number"));
});

test("a date is a real one", () => {
	expect(parse("date", ["2026-12-01"])).toEqual(value("2026-12-01"));
	expect(parse("date", ["2028-02-29"])).toEqual(value("2028-02-29"));
	for (const typed of [
		"2026-02-30",
		"2026-02-29",
		"2026-13-01",
		"2026-00-10",
		"1er décembre",
		"0001-01-01",
		"2026-12-01T10:00",
	]) {
		expect(parse("date", [typed]), typed).toEqual(refused("date"));
	}
});

test("what a field shows again reads back to the same answer, in both languages", () => {
	const answers: [QuestionKind, AnswerValue][] = [
		["short", "Bonjour"],
		["choices", ["vegane", "vegetarien"]],
		["boolean", false],
		["number", 1234.5],
		["number", -0.25],
		["date", "2026-12-01"],
	];
	for (const locale of ["fr", "en"] as const) {
		for (const [kind, answer] of answers) {
			expect(parse(kind, typedAnswer(answer, locale), { locale })).toEqual(value(answer));
		}
	}
});

test("a question without English is asked in French, named as such", () => {
	const question = { labelFr: "Régime?", labelEn: "" };
	expect(labelIn(question, "en")).toEqual({ text: "Régime?", lang: "fr" });
	expect(labelIn({ ...question, labelEn: "Diet?" }, "en")).toEqual({ text: "Diet?", lang: "en" });
	expect(questionLacksEnglish({ labelEn: "Diet?", kind: "choice", options })).toBe(true);
	expect(questionLacksEnglish({ labelEn: "Diet?", kind: "short", options })).toBe(false);
	expect(questionLacksEnglish({ labelEn: "Diet?", kind: "choice", options: options.slice(0, 1) })).toBe(
		false,
	);
});

test("a retired option is offered to nobody but whoever chose it", () => {
	const values = (chosen: string[]) => optionsOffered({ options }, chosen).map((option) => option.value);
	expect(values([])).toEqual(["vegetarien", "vegane"]);
	expect(values(["casher"])).toEqual(["vegetarien", "vegane", "casher"]);
});

const none = { existing: new Map(), addedFr: "", addedEn: "" };

test("options are written one a line, and get values that last", () => {
	const typed = {
		...none,
		addedFr: "Végétarien\r\n\r\nSans noix\nSans noix!\n🥕",
		addedEn: "Vegetarian\r\n\r\nNo nuts",
	};
	expect(mergeOptions([], typed, false)).toEqual({
		ok: true,
		options: [
			{ value: "vegetarien", fr: "Végétarien", en: "Vegetarian" },
			{ value: "sans-noix", fr: "Sans noix", en: "No nuts" },
			{ value: "sans-noix-2", fr: "Sans noix!", en: "" },
			{ value: "option", fr: "🥕", en: "" },
		],
	});
});

test("an option keeps its value when its words change, and no new one takes it", () => {
	const existing = new Map([["vegetarien", { fr: "Sans viande", en: "No meat" }]]);
	const merged = mergeOptions(options, { existing, addedFr: "Végétarien", addedEn: "" }, true);
	expect(merged).toEqual({
		ok: true,
		options: [
			{ value: "vegetarien", fr: "Sans viande", en: "No meat" },
			options[1],
			options[2],
			{ value: "vegetarien-2", fr: "Végétarien", en: "" },
		],
	});
});

test("an option that is taken away is retired once the question was answered, and gone before", () => {
	const typed = { ...none, existing: new Map([["vegane", { fr: "", en: "" }]]), addedFr: "Halal" };
	const values = (answered: boolean) => {
		const merged = mergeOptions(options, typed, answered);
		return merged.ok && merged.options.map((option) => [option.value, Boolean(option.retired)]);
	};
	expect(values(false)).toEqual([
		["vegetarien", false],
		["casher", true],
		["halal", false],
	]);
	expect(values(true)).toEqual([
		["vegetarien", false],
		["vegane", true],
		["casher", true],
		["halal", false],
	]);
});

test.each([
	["tooFew", { addedFr: "Une seule" }],
	["twice", { addedFr: "Oui\nNon\noui" }],
	["uneven", { addedFr: "Un\nDeux", addedEn: "One\nTwo\nThree" }],
	["uneven", { addedFr: "Un\n\nDeux", addedEn: "One\nTwo" }],
	["long", { addedFr: `Un\n${"a".repeat(301)}` }],
	["tooMany", { addedFr: Array.from({ length: 51 }, (_, n) => `Option ${n}`).join("\n") }],
])("options that are %s are refused", (reason, typed) => {
	expect(mergeOptions([], { ...none, ...typed }, false)).toEqual({ ok: false, reason });
});

test("answers are taken until the session ends, from whoever has a place or waits", () => {
	const session = { endsAt: new Date("2026-12-01T21:30:00Z"), cancelledAt: null };
	const before = new Date("2026-12-01T21:29:00Z");
	expect(mayStillAnswer(session, "confirmed", before)).toBe(true);
	expect(mayStillAnswer(session, "waitlisted", before)).toBe(true);
	expect(mayStillAnswer(session, "cancelled", before)).toBe(false);
	expect(mayStillAnswer(session, "confirmed", session.endsAt)).toBe(false);
	expect(mayStillAnswer({ ...session, cancelledAt: before }, "confirmed", before)).toBe(false);
});
