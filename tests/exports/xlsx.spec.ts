import { readXlsx } from "hucre";
import { expect, test } from "vitest";
import { type AttendeeRow, attendeeColumns } from "#app/exports/attendee-columns.ts";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { anInvoice, attendee, bytesOf, countedRows, rowsOf, settle } from "./attendee-rows.ts";

const zone = "America/Toronto";

async function french(...rows: AttendeeRow[]): Promise<Buffer> {
	return bytesOf(attendeeXlsx(rowsOf(...rows), { locale: "fr", zone }));
}

/** The one sheet as a spreadsheet program sees it; the reader also checks every checksum. */
async function sheetOf(file: Buffer) {
	const { sheets } = await readXlsx(file, { readStyles: true });
	expect(sheets).toHaveLength(1);
	return sheets[0]!;
}

async function cellsOf(file: Buffer) {
	const [headings, ...people] = (await sheetOf(file)).rows;
	return people.map((person) =>
		Object.fromEntries(headings!.map((heading, index) => [String(heading), person[index] ?? null])),
	);
}

/** The first person's cell in this column, with its type and its format. */
async function cellIn(file: Buffer, heading: string) {
	const { rows, cells } = await sheetOf(file);
	return cells?.get(`1,${rows[0]!.indexOf(heading)}`);
}

test("a person reads back as registered", async () => {
	const [person] = await cellsOf(
		await french(attendee({ note: "deux\nlignes <b> & 👩🏽‍🏫", invoice: anInvoice })),
	);
	expect(person).toEqual({
		Nom: "Zoé Roy",
		Courriel: "zoe@exemple.ca",
		Organisation: "Boulangerie Œuf & Fils",
		Téléphone: "+1 514 555-0100",
		État: "Place confirmée",
		Langue: "Français",
		"Date d’inscription": new Date("2026-11-20T10:46:00Z"),
		"Date d’annulation": null,
		Atelier: "Les médias sociaux en entreprise",
		Séance: "mardi 1er décembre 2026",
		"Personne-ressource": "Anaïs Bélanger",
		"Courriel de la personne-ressource": "anais@exemple.ca",
		Référence: "7KQ2-M4TD",
		"Rang dans l’inscription": 1,
		"Prix avant taxes": 195,
		"TPS à facturer": 29.25,
		"TVQ à facturer": 58.35,
		"Total à facturer": 672.6,
		"Bon de commande": "-417",
		"Adresse de facturation": "12, rue Neuve\nLaval",
		Note: "deux\nlignes <b> & 👩🏽‍🏫",
		Présence: null,
		"Heures attestées": null,
		"Numéro d’attestation": null,
	});
});

test("a date is a date, at the wall time of the session's zone", async () => {
	expect(await cellIn(await french(attendee()), "Date d’inscription")).toMatchObject({
		type: "date",
		value: new Date("2026-11-20T10:46:00Z"),
		style: { numFmt: "yyyy\\-mm\\-dd hh:mm" },
	});
});

test("the heading row is frozen, in bold, and filters every column to the last row", async () => {
	const file = await french(attendee(), attendee(), attendee());
	const sheet = await sheetOf(file);
	expect(sheet).toMatchObject({
		name: "Personnes inscrites",
		freezePane: { rows: 1 },
		autoFilter: { range: "A1:X4" },
	});
	expect(sheet.columns?.map(({ width }) => width)).toEqual(attendeeColumns.map(({ width }) => width));
	for (const [index] of attendeeColumns.entries()) {
		expect(sheet.cells?.get(`0,${index}`)?.style?.font?.bold).toBe(true);
		expect(sheet.cells?.get(`1,${index}`)?.style?.font?.bold).toBeFalsy();
	}
	// The hidden name by which Excel knows the filter.
	expect((await readXlsx(file)).namedRanges).toMatchObject([
		{ name: "_xlnm._FilterDatabase", range: "'Personnes inscrites'!$A$1:$X$4" },
	]);
});

test.each([
	"+1 514 555-0100",
	"+15145550100",
	"+33142685300",
	"00123",
	"-5",
	"1E5",
	"2026-12-01",
	"_x000D_",
	" a ",
])("%j stays the text that was typed", async (typed) => {
	const file = await french(attendee({ phone: typed }));
	expect(await cellIn(file, "Téléphone")).toMatchObject({
		type: "string",
		value: typed,
		style: { numFmt: "@" },
	});
});

test.each(["=cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\n=1", "＝1+1", "-2+3", "+A1"])(
	"%j cannot run, even once saved as CSV",
	async (typed) => {
		const cell = await cellIn(await french(attendee({ note: typed })), "Note");
		expect(cell).toMatchObject({ type: "string", value: `'${typed}` });
		expect(cell?.formula).toBeUndefined();
	},
);

test("characters that XML cannot hold do not spoil the file", async () => {
	const [person] = await cellsOf(await french(attendee({ note: "a\u0000b\u0007c\ud800d\uffffe\r\nf" })));
	expect(person!.Note).toBe("abc\ufffdde\nf");
});

test("a text longer than a cell is cut where Excel would refuse the file", async () => {
	const [person] = await cellsOf(await french(attendee({ note: "é".repeat(40_000) })));
	expect(person!.Note).toHaveLength(32_767);
});

test("a list with nobody is a workbook with its headings", async () => {
	const file = await bytesOf(attendeeXlsx(rowsOf(), { locale: "en", zone }));
	const [sheet] = (await readXlsx(file)).sheets;
	expect(sheet!.name).toBe("Attendees");
	expect(sheet!.rows).toEqual([attendeeColumns.map((column) => column.heading.en)]);
});

test("nothing is read before it is asked for, and a slow reader holds a small part of the list", async () => {
	const source = countedRows(200_000);
	const reader = attendeeXlsx(source.rows(), { locale: "fr", zone }).getReader();
	await settle(source);
	expect(source.read).toBe(0);
	const readAfter: number[] = [];
	for (let chunk = 0; chunk < 20; chunk++) {
		await reader.read();
		await settle(source);
		readAfter.push(source.read);
	}
	// Waiting reads nothing more: what is ahead of the reader is a few chunks, whatever the length of the list. Streams
	// hold more of them since Node 22.
	const ahead = readAfter.map((read, index) => read - (readAfter[index - 1] ?? 0));
	expect(Math.max(...ahead)).toBeLessThan(10_000);
	await reader.cancel();
	await settle(source);
	expect(source.closed).toBe(true);
	expect(source.read).toBeLessThan(100_000);
});

test("10,000 people all arrive, in order", async () => {
	const file = await bytesOf(attendeeXlsx(countedRows(10_000).rows(), { locale: "en", zone }));
	const { rows } = (await readXlsx(file)).sheets[0]!;
	const positions = rows.slice(1).map((row) => row[13]);
	expect(positions).toEqual(Array.from({ length: 10_000 }, (_, index) => index + 1));
});

test("a query that fails breaks the download instead of ending it early", async () => {
	async function* failing() {
		yield [attendee()];
		throw new Error("connection lost");
	}
	await expect(bytesOf(attendeeXlsx(failing(), { locale: "fr", zone }))).rejects.toThrow();
});
