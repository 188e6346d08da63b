import { parse } from "csv-parse/sync";
import { type CellValue, readXlsx } from "hucre";
import { afterAll, expect, test } from "vitest";
import type { Question } from "#app/domain/question.ts";
import { type AttendeeRow, columnsWith } from "#app/exports/attendee-columns.ts";
import { booleanWord, csvText, type ExportCell, inertText } from "#app/exports/cell.ts";
import { attendeeCsv } from "#app/exports/csv.server.ts";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { formatSortable } from "#app/i18n/format.ts";
import { attendee, bytesOf, rowsOf } from "#tests/exports/attendee-rows.ts";
import { openOffice } from "./office.ts";

/*
 * What a spreadsheet program that is not ours makes of the exports: LibreOffice opens each file and saves it again, and
 * every cell is compared with what was exported.
 */
const zone = "America/Toronto";
const office = await openOffice();
afterAll(office.close);

const texts = [
	"+1 514 555-0100",
	"+33 1 42 68 53 00",
	"00123",
	"1E5",
	"2026-12-01",
	"-5",
	"=cmd|' /C calc'!A0",
	"=1+1",
	"@SUM(1)",
	"+A1",
	"-2+3",
	"\t=1",
	"Éloïse Œuvray-Noël ’",
	"👩🏽‍🏫 merci 🎉",
	"deux\nlignes",
	'dit "bonjour"; a,b',
	"x;=HYPERLINK(1)",
	" a  b ",
	"'tis",
];

const question: Omit<Question, "id" | "kind" | "labelFr" | "labelEn"> = {
	options: [],
	required: false,
	askedAt: "registration",
};
const columns = columnsWith([
	{ ...question, id: "text", kind: "long", labelFr: "Pourquoi?", labelEn: "Why?" },
	{ ...question, id: "number", kind: "number", labelFr: "Combien?", labelEn: "How many?" },
	{ ...question, id: "day", kind: "date", labelFr: "Quel jour?", labelEn: "Which day?" },
	{ ...question, id: "boolean", kind: "boolean", labelFr: "Dîner?", labelEn: "Lunch?" },
]);
const people: AttendeeRow[] = texts.map((text, index) =>
	attendee({
		name: `Personne ${index}`,
		organization: text,
		phone: text,
		note: text,
		registeredAt: new Date(Date.parse("2026-03-07T23:30:00Z") + index * 9_000_000),
		answers: new Map<string, string | number | boolean>([
			["text", text],
			["number", index * 1.25 - 5],
			["day", `2026-12-${String(index + 1).padStart(2, "0")}`],
			["boolean", index % 2 === 0],
		]),
	}),
);

/** A cell as a spreadsheet holds it: text, a number, or an instant without a zone. */
function inSpreadsheet(cell: ExportCell, locale: "fr" | "en"): CellValue {
	switch (cell?.kind) {
		case undefined:
			return null;
		case "text":
			return inertText(cell.value) || null;
		case "boolean":
			return booleanWord(cell.value, locale);
		case "number":
			return cell.value;
		case "date":
			return new Date(`${formatSortable(cell.value, zone).replace(" ", "T")}:00Z`);
		case "day":
			return new Date(`${cell.value}T00:00:00Z`);
	}
}

/** A cell as a CSV file writes it. */
function inCsv(cell: ExportCell, locale: "fr" | "en"): string {
	switch (cell?.kind) {
		case undefined:
			return "";
		case "text":
			return csvText(cell.value);
		case "boolean":
			return booleanWord(cell.value, locale);
		case "number":
			return locale === "fr" ? String(cell.value).replace(".", ",") : String(cell.value);
		case "date":
			return formatSortable(cell.value, zone);
		case "day":
			return cell.value;
	}
}

test.each(["fr", "en"] as const)(
	"LibreOffice reads every cell of the workbook as it was exported (%s)",
	async (locale) => {
		const bytes = await bytesOf(attendeeXlsx(rowsOf(...people), { locale, zone, columns }));
		const saved = await readXlsx(await office.convert(`liste-${locale}.xlsx`, bytes, "xlsx"), {
			readStyles: true,
		});
		const [headings, ...rows] = saved.sheets[0]!.rows;
		expect(headings).toEqual(columns.map(({ heading }) => heading[locale]));
		expect(rows).toHaveLength(people.length);
		for (const [index, person] of people.entries()) {
			for (const [at, column] of columns.entries()) {
				const exported = inSpreadsheet(column.value(person, locale), locale);
				expect(rows[index]![at] ?? null, `${column.key}, ${JSON.stringify(texts[index])}`).toEqual(exported);
			}
		}
		const formulas = [...(saved.sheets[0]!.cells ?? [])].filter(([, cell]) => cell.formula);
		expect(formulas).toEqual([]);
	},
);

// Separator, quote, UTF-8, from the first line; then the language, quoted fields as text, and special numbers detected.
const readings = { fr: "CSV:59,34,76,1,,1036,false,true", en: "CSV:44,34,76,1,,1033,false,true" };

test.each(["fr", "en"] as const)(
	"LibreOffice reads every cell of the CSV as it was written (%s)",
	async (locale) => {
		const bytes = await bytesOf(attendeeCsv(rowsOf(...people), { locale, zone, columns }));
		// Every column as text: what the file says, and nothing made of it.
		const asText = columns.map((_, at) => `${at + 1}/2`).join("/");
		const [before, after] = readings[locale].split(",1,,");
		const saved = await office.convert(
			`textes-${locale}.csv`,
			bytes,
			"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,true",
			`${before},1,${asText},${after}`,
		);
		const [headings, ...rows]: string[][] = parse(saved, { bom: true, relax_column_count: true });
		expect(headings).toEqual(columns.map(({ heading }) => heading[locale]));
		for (const [index, person] of people.entries()) {
			for (const [at, column] of columns.entries()) {
				const exported = inCsv(column.value(person, locale), locale);
				expect(rows[index]![at] ?? "", `${column.key}, ${JSON.stringify(texts[index])}`).toBe(exported);
			}
		}
	},
);

test.each(["fr", "en"] as const)(
	"opened with a double-click, nothing in the CSV is computed and telephones stay (%s)",
	async (locale) => {
		const bytes = await bytesOf(attendeeCsv(rowsOf(...people), { locale, zone, columns }));
		const saved = await readXlsx(
			await office.convert(`clic-${locale}.csv`, bytes, "xlsx", readings[locale]),
			{
				readStyles: true,
			},
		);
		const { rows, cells } = saved.sheets[0]!;
		expect([...(cells ?? [])].filter(([, cell]) => cell.formula)).toEqual([]);
		const phones = rows.slice(1).map((row) => row[columns.findIndex(({ key }) => key === "phone")]);
		expect(phones.slice(0, 2)).toEqual(["+1 514 555-0100", "+33 1 42 68 53 00"]);
		for (const [index, text] of texts.entries()) {
			if (/^\s*[=@]|^[+-]\D/.test(text)) expect(phones[index], JSON.stringify(text)).toBe(csvText(text));
		}
		const dates = rows.slice(1).map((row) => row[columns.findIndex(({ key }) => key === "registeredAt")]);
		for (const [index, person] of people.entries())
			expect(dates[index]).toEqual(inSpreadsheet({ kind: "date", value: person.registeredAt }, locale));
	},
);

test("written as it was typed, a formula would be computed", async () => {
	const bytes = new TextEncoder().encode("Nom;Note\r\nZoé;=1+1\r\nGuy;+1-514-555-0100\r\n");
	const saved = await readXlsx(await office.convert("naif.csv", bytes, "xlsx", readings.fr), {
		readStyles: true,
	});
	const { rows, cells } = saved.sheets[0]!;
	expect([rows[1]![1], rows[2]![1]]).not.toEqual(["=1+1", "+1-514-555-0100"]);
	expect([...(cells ?? [])].filter(([, cell]) => cell.formula).length).toBeGreaterThan(0);
});
