import { parse } from "csv-parse/sync";
import { readXlsx } from "hucre";
import { expect, test } from "vitest";
import type { AnswerValue, Question, QuestionKind } from "#app/domain/question.ts";
import { columnsWith } from "#app/exports/attendee-columns.ts";
import { attendeeCsv } from "#app/exports/csv.server.ts";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { attendee, bytesOf, rowsOf } from "./attendee-rows.ts";

const zone = "America/Toronto";

function question(kind: QuestionKind, labelFr: string, labelEn = ""): Question {
	const options = [
		{ value: "noix", fr: "Noix", en: "Nuts" },
		{ value: "lait", fr: "Lait", en: "", retired: true },
	];
	return { id: labelFr, kind, labelFr, labelEn, options, required: false, askedAt: "registration" };
}

const questions = [
	question("boolean", "Première fois?", "First time?"),
	question("number", "Combien?"),
	question("date", "Depuis quand?"),
	question("choice", "Une allergie?"),
	question("choices", "Lesquelles?"),
	question("long", "=Pourquoi?"),
];
const answers = new Map<string, AnswerValue>([
	["Première fois?", false],
	["Combien?", 1234.5],
	["Depuis quand?", "2026-12-01"],
	["Une allergie?", "lait"],
	["Lesquelles?", ["noix", "lait"]],
	["=Pourquoi?", "=cmd|' /C calc'!A0"],
]);
const columns = columnsWith(questions);

async function csv(locale: "fr" | "en") {
	const file = await bytesOf(
		attendeeCsv(rowsOf(attendee({ answers }), attendee()), { locale, zone, columns }),
	);
	return parse<Record<string, string>>(file, {
		bom: true,
		columns: true,
		delimiter: locale === "fr" ? ";" : ",",
	});
}

test("a French reader of the CSV gets each answer as Excel reads it, and no cell runs", async () => {
	const [answered, silent] = await csv("fr");
	const expected = {
		"Première fois?": "Non",
		"Combien?": "1234,5",
		"Depuis quand?": "2026-12-01",
		"Une allergie?": "Lait",
		"Lesquelles?": "Noix; Lait",
		"'=Pourquoi?": "'=cmd|' /C calc'!A0",
	};
	expect(answered).toMatchObject(expected);
	for (const heading of Object.keys(expected)) expect(silent![heading]).toBe("");
});

test("an English reader gets English words, and the French ones where there are none", async () => {
	const [answered] = await csv("en");
	expect(answered).toMatchObject({ "First time?": "No", "Combien?": "1234.5", "Lesquelles?": "Nuts; Lait" });
});

test("in the workbook a number is a number, a date a date without an hour, and past Z come AA and AB", async () => {
	const more = Array.from({ length: 8 }, (_, n) => question("short", `Q${n}`));
	const many = columnsWith([...questions, ...more], false);
	const row = attendee({ answers: new Map([...answers, ["Q7", "dernière"]]) });
	const file = await bytesOf(attendeeXlsx(rowsOf(row), { locale: "fr", zone, columns: many }));
	const [sheet] = (await readXlsx(file, { readStyles: true })).sheets;
	const cellOf = (heading: string) => sheet!.cells?.get(`1,${sheet!.rows[0]!.indexOf(heading)}`);
	expect(sheet!.rows[1]![sheet!.rows[0]!.indexOf("Combien?")]).toBe(1234.5);
	expect(cellOf("Depuis quand?")).toMatchObject({
		type: "date",
		value: new Date("2026-12-01T00:00:00Z"),
		style: { numFmt: "yyyy\\-mm\\-dd" },
	});
	expect(cellOf("Première fois?")).toMatchObject({ value: "Non" });
	expect(cellOf("'=Pourquoi?")).toMatchObject({ type: "string", value: "'=cmd|' /C calc'!A0" });
	expect(cellOf("Q7")).toMatchObject({ value: "dernière" });
	expect(many).toHaveLength(32);
	expect(sheet!.autoFilter?.range).toBe("A1:AF2");
});
