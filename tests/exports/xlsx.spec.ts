import { crc32, inflateRawSync } from "node:zlib";
import { readXlsx } from "hucre";
import { expect, test } from "vitest";
import { type AttendeeRow, attendeeColumns } from "#app/exports/attendee-columns.ts";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { attendee, bytesOf, countedRows, rowsOf, settle } from "./attendee-rows.ts";

const zone = "America/Toronto";

async function french(...rows: AttendeeRow[]): Promise<Buffer> {
	return bytesOf(attendeeXlsx(rowsOf(...rows), { locale: "fr", zone }));
}

async function cellsOf(file: Buffer) {
	const [sheet] = (await readXlsx(file)).sheets;
	const [headings, ...people] = sheet!.rows;
	return people.map((person) =>
		Object.fromEntries(headings!.map((heading, index) => [String(heading), person[index] ?? null])),
	);
}

/** The parts by the ZIP's central directory, without the library that the workbook is read with. */
function partsOf(file: Buffer): Record<string, string> {
	const end = file.lastIndexOf(Buffer.from("PK\u0005\u0006"));
	const parts: Record<string, string> = {};
	let at = file.readUInt32LE(end + 16);
	for (let entry = 0; entry < file.readUInt16LE(end + 10); entry++) {
		const nameLength = file.readUInt16LE(at + 28);
		const local = file.readUInt32LE(at + 42);
		const data = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
		const name = file.toString("utf8", at + 46, at + 46 + nameLength);
		const content = inflateRawSync(file.subarray(data, data + file.readUInt32LE(at + 20)));
		expect([crc32(content), content.length]).toEqual([
			file.readUInt32LE(at + 16),
			file.readUInt32LE(at + 24),
		]);
		parts[name] = content.toString();
		at += 46 + nameLength;
	}
	return parts;
}

test("a person reads back as registered", async () => {
	const [person] = await cellsOf(await french(attendee({ note: "deux\nlignes <b> & 👩🏽‍🏫" })));
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
		Note: "deux\nlignes <b> & 👩🏽‍🏫",
	});
});

test("a date is a number with a date format: the wall time of the session's zone", async () => {
	const parts = partsOf(await french(attendee()));
	const serial = (Date.UTC(2026, 10, 20, 10, 46) - Date.UTC(1899, 11, 30)) / 86_400_000;
	expect(parts["xl/worksheets/sheet1.xml"]).toContain(`<c r="G2" s="3"><v>${serial}</v></c>`);
	expect(parts["xl/styles.xml"]).toContain('numFmtId="164" formatCode="yyyy\\-mm\\-dd hh:mm"');
});

test("the heading row is frozen, in bold, and filters every column to the last row", async () => {
	const parts = partsOf(await french(attendee(), attendee(), attendee()));
	const sheet = parts["xl/worksheets/sheet1.xml"];
	expect(sheet).toContain('<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>');
	expect(sheet).toContain('</sheetData><autoFilter ref="A1:O4"/></worksheet>');
	expect(sheet).toContain('<c r="A1" s="1" t="inlineStr">');
	expect(sheet!.match(/<col /g)).toHaveLength(attendeeColumns.length);
	expect(parts["xl/workbook.xml"]).toContain("'Personnes inscrites'!$A$1:$O$4");
	const [read] = (await readXlsx(await french(attendee()))).sheets;
	expect(read).toMatchObject({ name: "Personnes inscrites", autoFilter: { range: "A1:O2" } });
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
	expect(partsOf(file)["xl/worksheets/sheet1.xml"]).toContain('<c r="D2" s="2" t="inlineStr">');
	expect((await cellsOf(file))[0]!.Téléphone).toBe(typed);
});

test.each(["=cmd|' /C calc'!A0", "@SUM(1)", "\t=1", "\n=1", "＝1+1", "-2+3", "+A1"])(
	"%j cannot run, even once saved as CSV",
	async (typed) => {
		const file = await french(attendee({ note: typed }));
		expect((await cellsOf(file))[0]!.Note).toBe(`'${typed}`);
		expect(partsOf(file)["xl/worksheets/sheet1.xml"]).not.toContain("<f");
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
	const source = countedRows(50_000);
	const reader = attendeeXlsx(source.rows(), { locale: "fr", zone }).getReader();
	await settle(source);
	expect(source.read).toBe(0);
	const readAfter: number[] = [];
	for (let chunk = 0; chunk < 20; chunk++) {
		await reader.read();
		await settle(source);
		readAfter.push(source.read);
	}
	// Waiting reads nothing more: what is ahead of the reader is a few chunks, whatever the length of the list.
	const ahead = readAfter.map((read, index) => read - (readAfter[index - 1] ?? 0));
	expect(Math.max(...ahead)).toBeLessThan(2_500);
	await reader.cancel();
	await settle(source);
	expect(source.closed).toBe(true);
	expect(source.read).toBeLessThan(25_000);
});

test("50,000 people all arrive, in order", async () => {
	const file = await bytesOf(attendeeXlsx(countedRows(50_000).rows(), { locale: "en", zone }));
	const sheet = partsOf(file)["xl/worksheets/sheet1.xml"]!;
	const positions = [...sheet.matchAll(/<c r="N\d+"><v>(\d+)<\/v>/g)].map((match) => Number(match[1]));
	expect(positions).toEqual(Array.from({ length: 50_000 }, (_, index) => index + 1));
});

test("a query that fails breaks the download instead of ending it early", async () => {
	async function* failing() {
		yield attendee();
		throw new Error("connection lost");
	}
	await expect(bytesOf(attendeeXlsx(failing(), { locale: "fr", zone }))).rejects.toThrow();
});
