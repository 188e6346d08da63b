import { expect, test } from "vitest";
import { readAnswer } from "#app/domain/imported-answer.ts";
import { bareAddress, guessColumns, hasHeadings, localeNamed } from "#app/domain/imported-list.ts";
import type { Question, QuestionKind } from "#app/domain/question.ts";

function question(changes: Partial<Question> = {}): Question {
	return {
		id: "q1",
		kind: "choices",
		labelFr: "Allergies?",
		labelEn: "Any allergies?",
		options: [
			{ value: "noix", fr: "Noix", en: "Nuts" },
			{ value: "lait", fr: "Lait; crème", en: "Milk; cream" },
		],
		required: true,
		askedAt: "registration",
		...changes,
	};
}

const guess = (...headings: string[]) => guessColumns([headings], true, [question()]);

test.each([
	[
		["Nom", "Courriel", "Organisation", "Téléphone", "Langue", "Note"],
		"name,email,organization,phone,locale,note",
	],
	[
		["Full name", "E-mail", "Company", "Phone number", "Language", "Comments"],
		"name,email,organization,phone,locale,note",
	],
	[["PRÉNOM", "NOM", "Adresse courriel"], "firstName,lastName,email"],
	[["First name", "Last name", "Email address"], "firstName,lastName,email"],
	[["Nom de famille", "prénom", "tél."], "lastName,firstName,phone"],
	[["allergies ?", "Nom", "Any allergies?"], "q1,name,"],
	[["Nom", "Courriel", "Courriel de la personne-ressource", "Rang"], "name,email,,"],
])("%j are known for what they are", (headings, columns) => {
	expect(guess(...headings).join()).toBe(columns);
	expect(hasHeadings(headings, [question()])).toBe(true);
});

test("a list without headings is known by what is in it", () => {
	const rows = [
		["1", "Zoé Roy", "zoe@exemple.ca"],
		["2", "Guy Roy", ""],
	];
	expect(hasHeadings(rows[0]!, [])).toBe(false);
	expect(guessColumns(rows, false, [])).toEqual(["", "name", "email"]);
	expect(guessColumns([["zoe@exemple.ca"]], false, [])).toEqual(["email"]);
	expect(guessColumns([], true, [])).toEqual([]);
});

test.each([
	["Français", "fr"],
	["FR", "fr"],
	["fr-CA", "fr"],
	["French", "fr"],
	["anglais", "en"],
	["English (Canada)", "en"],
	["", undefined],
	["klingon", undefined],
])("%j names the language %s", (text, locale) => {
	expect(localeNamed(text)).toBe(locale);
});

test("an address is found inside what mail programs write around it", () => {
	expect(bareAddress("Zoé Roy <zoe@exemple.ca>")).toBe("zoe@exemple.ca");
	expect(bareAddress(" mailto:zoe@exemple.ca ")).toBe("zoe@exemple.ca");
	expect(bareAddress("zoe@exemple.ca")).toBe("zoe@exemple.ca");
	expect(bareAddress("<>")).toBe("");
});

test.each<[QuestionKind, string, unknown]>([
	["choices", "Noix; Lait; crème", ["noix", "lait"]],
	["choices", "milk; CREAM;nuts", ["lait", "noix"]],
	["choice", "lait; creme", "lait"],
	["choice", "noix", "noix"],
	["boolean", "Oui", true],
	["boolean", "no", false],
	["boolean", "TRUE", true],
	["number", "1 234,5", 1234.5],
	["date", "2026-12-01", "2026-12-01"],
	["date", "2026-12-01 10:30", "2026-12-01"],
	["short", "=cmd|x", "=cmd|x"],
	["long", "a\r\nb", "a\nb"],
	["choices", " ", null],
	["boolean", "", null],
])("a %s question reads %j", (kind, cell, value) => {
	expect(readAnswer(question({ kind }), cell, "fr")).toEqual({ ok: true, value });
});

test.each<[QuestionKind, string, string]>([
	["choices", "Noix; Œufs", "choice"],
	["choice", "Œufs", "choice"],
	["boolean", "peut-être", "choice"],
	["number", "beaucoup", "number"],
	["date", "01/12/2026", "date"],
	["date", "demain", "date"],
])("a %s question does not read %j", (kind, cell, reason) => {
	expect(readAnswer(question({ kind }), cell, "fr")).toEqual({ ok: false, reason });
});

test("a cell of semicolons alone is soon refused", () => {
	const before = performance.now();
	for (const signs of [190, 14_000, 900_000]) {
		expect(readAnswer(question(), ";".repeat(signs), "fr").ok).toBe(signs === 190);
	}
	expect(performance.now() - before).toBeLessThan(2000);
});
