import { expect, test } from "vitest";
import { en } from "#app/i18n/en.ts";
import { fr } from "#app/i18n/fr.ts";

type Sentence = { key: string; text: string };

// Sentences are pure functions of words and counts; the counts are the ones that change a word somewhere.
const samples: unknown[][] = [
	[0, 30],
	[1, 30],
	[2, 30],
	[23, 30],
	["mot", "heure"],
];

// Nothing to say: the French page needs no note about French, and no change is shown as nothing.
const silentInFrench = ["workshop.onlyFrench", "organizer.sessions.weekChange(0, 30)"];

function sentencesOf(entry: unknown, key = ""): Sentence[] {
	if (typeof entry === "string") return [{ key, text: entry }];
	if (typeof entry === "function") {
		return samples.flatMap((args) => sentencesOf(entry(...args), `${key}(${args.join(", ")})`));
	}
	if (typeof entry !== "object" || entry === null) throw new Error(`${key} is not a sentence`);
	return Object.entries(entry).flatMap(([name, value]) => sentencesOf(value, key ? `${key}.${name}` : name));
}

function matching(sentences: Sentence[], wrong: RegExp): string[] {
	return sentences.filter(({ text }) => wrong.test(text)).map(({ key, text }) => `${key}: ${text}`);
}

const french = sentencesOf(fr);
const english = sentencesOf(en);

test("both languages have the same sentences", () => {
	expect(english.map(({ key }) => key).sort()).toEqual(french.map(({ key }) => key).sort());
});

test("no sentence is empty, but for those that French leaves out on purpose", () => {
	const emptyIn = (sentences: Sentence[]) =>
		sentences.filter(({ text }) => !text.trim()).map(({ key }) => key);
	expect(emptyIn(french)).toEqual(silentInFrench);
	expect(emptyIn(english).filter((key) => !silentInFrench.includes(key))).toEqual([]);
});

test.each([
	["a straight apostrophe", /'/],
	["a straight quotation mark", /"/],
	["a narrow space that the font lacks", /\u202f/],
	["a colon without its no-break space", /(?<!\u00a0):(?!\/\/)/],
	["a guillemet without its no-break space", /«(?!\u00a0)|(?<!\u00a0)»/],
	["a dollar sign without its no-break space", /(?<!\u00a0)\$/],
	["a space before ? ! or ;", /\s[?!;]/],
	["a thousand without its no-break space", /\d \d{3}/],
	["two spaces in a row", /\s{2}/],
])("French never has %s", (_name, wrong) => {
	expect(matching(french, wrong)).toEqual([]);
});

test.each([
	["a straight apostrophe", /'/],
	["a straight quotation mark", /"/],
	["a space before punctuation", /\s[:?!;]/],
	["guillemets", /[«»]/],
	["a no-break space", /[\u00a0\u202f]/],
])("English never has %s", (_name, wrong) => {
	expect(matching(english, wrong)).toEqual([]);
});

test("a place in line reads as people say it", () => {
	const places = [1, 2, 3, 4, 11, 12, 13, 21, 22, 101, 111];
	expect(places.map((place) => en.manage.waitlistedPosition(place).replace(" in line", ""))).toEqual([
		"1st",
		"2nd",
		"3rd",
		"4th",
		"11th",
		"12th",
		"13th",
		"21st",
		"22nd",
		"101st",
		"111th",
	]);
	expect([1, 2, 21].map(fr.manage.waitlistedPosition)).toEqual(["1er rang", "2e rang", "21e rang"]);
});
