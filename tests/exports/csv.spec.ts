import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type AttendeeRow, attendeeColumns, chosenColumns } from "#app/exports/attendee-columns.ts";
import { booleanWord, csvText, typedText } from "#app/exports/cell.ts";
import { attendeeCsv } from "#app/exports/csv.server.ts";
import { anInvoice, attendee, bytesOf, countedRows, rowsOf, settle } from "./attendee-rows.ts";

const zone = "America/Toronto";

async function french(...rows: AttendeeRow[]): Promise<Record<string, string>[]> {
	const file = await bytesOf(attendeeCsv(rowsOf(...rows), { locale: "fr", zone }));
	return parse(file, { bom: true, delimiter: ";", columns: true });
}

async function noteOf(note: string): Promise<string> {
	const [row] = await french(attendee({ note }));
	return row!.Note!;
}

test.each([
	[{ came: 1, meetings: 1, partly: false }, "Présente"],
	[{ came: 1, meetings: 1, partly: true }, "Présente en partie"],
	[{ came: 0, meetings: 1, partly: false }, "Absente"],
	[{ came: 1, meetings: 3, partly: true }, "Présente, 1 rencontre sur 3"],
	[{ came: 2, meetings: 3, partly: false }, "Présente, 2 rencontres sur 3"],
	[null, ""],
])("who came says so in the file: %j", async (seen, expected) => {
	const attended = seen && { ...seen, attestation: null };
	const [row] = await french(attendee({ attended }));
	expect(row!.Présence).toBe(expected);
});

test("the file starts with a byte order mark and ends each record with CRLF", async () => {
	const file = await bytesOf(attendeeCsv(rowsOf(attendee()), { locale: "fr", zone }));
	expect([...file.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
	const records = file.toString().split("\r\n");
	expect(records).toHaveLength(3);
	expect(records[2]).toBe("");
	expect(records[0]).toContain("Nom;Courriel;Organisation;Téléphone");
});

test("a person reads back as registered, with dates on the session's clock", async () => {
	const cancelledAt = new Date("2026-07-01T03:05:00Z");
	const [row] = await french(
		attendee({ status: "cancelled", cancelledAt, locale: "en", invoice: anInvoice }),
	);
	expect(row).toEqual({
		Nom: "Zoé Roy",
		Courriel: "zoe@exemple.ca",
		Organisation: "Boulangerie Œuf & Fils",
		Téléphone: "+1 514 555-0100",
		État: "Annulée",
		Langue: "Anglais",
		"Date d’inscription": "2026-11-20 10:46",
		"Date d’annulation": "2026-06-30 23:05",
		Atelier: "Les médias sociaux en entreprise",
		Séance: "mardi 1er décembre 2026",
		"Personne-ressource": "Anaïs Bélanger",
		"Courriel de la personne-ressource": "anais@exemple.ca",
		Référence: "7KQ2-M4TD",
		"Rang dans l’inscription": "1",
		"Prix avant taxes": "195",
		"TPS à facturer": "29,25",
		"TVQ à facturer": "58,35",
		"Total à facturer": "672,6",
		"Bon de commande": "-417",
		"Adresse de facturation": "12, rue Neuve\nLaval",
		Note: "",
		Présence: "",
		"Heures attestées": "",
		"Numéro d’attestation": "",
	});
});

test("an English reader gets commas and English words, unless a separator is chosen", async () => {
	const english = await bytesOf(attendeeCsv(rowsOf(attendee()), { locale: "en", zone }));
	const [row] = parse<Record<string, string>>(english, { bom: true, columns: true });
	expect(row).toMatchObject({ Status: "Seat confirmed", Language: "French" });
	const chosen = await bytesOf(attendeeCsv(rowsOf(attendee()), { locale: "en", zone, separator: ";" }));
	expect(chosen.toString()).toContain("Name;Email;");
	expect([booleanWord(true, "fr"), booleanWord(false, "fr"), booleanWord(true, "en")]).toEqual([
		"Oui",
		"Non",
		"Yes",
	]);
});

test("a list with nobody still has its headings", async () => {
	const file = await bytesOf(attendeeCsv(rowsOf(), { locale: "fr", zone }));
	expect(file.toString().split("\r\n")).toHaveLength(2);
});

test.each([
	"Éloïse L’Écuyer, « à côté »",
	'Elle a dit : "oui"; puis, non',
	"deux\nlignes",
	"deux\r\nlignes",
	"👩🏽‍🏫 日本",
	"00123",
	"-5",
	"-5,25",
	"+3",
	"+1 514 555-0100",
	"+1 514 555-0100 poste 204",
	"+33 1 42 68 53 00",
	"514 555-0100",
	"(514) 555-0100",
	"a = b",
	"'déjà'",
	"Bonjour; -5 degrés",
	"Allergies :\n- noix\n- lait",
	" espaces ",
])("%j reads back as typed", async (typed) => {
	expect(await noteOf(typed)).toBe(typed);
});

test.each([
	"=cmd|' /C calc'!A0",
	"+cmd|' /C calc'!A0",
	"-2+3+cmd|' /C calc'!A0",
	"@SUM(1+1)*cmd|' /C calc'!A0",
	"=1+1",
	"  =1+1",
	"\u00a0=1+1",
	"\u200b=1+1",
	"\ufeff=1+1",
	"\tonglet",
	"\n=1+1",
	"\nligne",
	"＝1+1",
	"＠SUM(A1)",
	"+1-514",
	"-5-3",
	"--5",
	"-5E3",
	"+1 514 555-0100+A1",
	"+1 514 555-0100 poste A1",
	"-A1",
	"=",
	"-",
])("%j cannot run", async (typed) => {
	expect(await noteOf(typed)).toBe(`'${typed}`);
});

test("a carriage return in front is made inert too", async () => {
	expect(await noteOf("\r=1+1")).toBe("'\r=1+1");
});

test.each([
	["+15145550100", "+1 514 555-0100"],
	["+1-514-555-0100", "+1 514 555-0100"],
	["+1.514.555.0100 x204", "+1 514 555-0100 x204"],
	["+1 (514) 555-0100", "+1 514 555-0100"],
	["+33142685300", "'+33142685300"],
	["+33 142 685 300", "'+33 142 685 300"],
])("the telephone %s, which Excel would compute, is written %s", async (typed, written) => {
	const [row] = await french(attendee({ phone: typed }));
	expect(row!.Téléphone).toBe(written);
});

test("no cell begins a formula when the file is opened with the other separator", async () => {
	const attack = "Boulangerie;=cmd|' /C calc'!A0;\n\"@SUM(A1),  +HYPERLINK(A1)";
	for (const locale of ["fr", "en"] as const) {
		const file = await bytesOf(attendeeCsv(rowsOf(attendee({ organization: attack })), { locale, zone }));
		const pieces = file.toString().split(/[;,\t\r\n]/);
		const dangerous = pieces.filter((piece) => /^[\s"]*[=@+-]/.test(piece) && !piece.startsWith("+1 514"));
		expect(dangerous).toEqual([]);
	}
});

test("whatever a cell holds, it reads back, computes nothing under either separator, and is stable when imported again", async () => {
	const pieces = [
		"=",
		"+",
		"-",
		"@",
		"＝",
		"＋",
		"(",
		")",
		"!",
		"|",
		";",
		",",
		"\t",
		"\r",
		"\n",
		'"',
		"'",
		" ",
	];
	const others = ["\u00a0", "\u200b", "\ufeff", "\0", "1", "514 555-0100", "A1", "cmd", "SUM", "é", "😀"];
	const anything = fc
		.array(fc.constantFrom(...pieces, ...others), { maxLength: 12 })
		.map((all) => all.join(""));
	const begins = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u;
	const harmless = /^(\+\d[\d ().-]*|[+-]\d{1,15}([.,]\d{1,15})?)$/;
	await fc.assert(
		fc.asyncProperty(anything, fc.constantFrom("fr", "en"), async (typed, locale) => {
			const file = await bytesOf(attendeeCsv(rowsOf(attendee({ note: typed })), { locale, zone }));
			const delimiter = locale === "fr" ? ";" : ",";
			const [row] = parse(file, { columns: true, bom: true, delimiter }) as Record<string, string>[];
			const cell = row!.Note!;
			expect(cell).toBe(csvText(typed));
			if (!harmless.test(cell)) expect(cell).not.toMatch(begins);
			for (const { index, 0: start } of cell.matchAll(/[;,\t\r\n][\s"]*(?=[=+\-@＝＋－＠])/g))
				expect(cell.slice(index + start.length)).not.toMatch(/[(|!]/);
			expect(csvText(typedText(cell))).toBe(cell);
		}),
		{ numRuns: 3000 },
	);
});

test("a very long hostile text is written in linear time", () => {
	const hostile = `${";=\n".repeat(50_000)}${"\n".repeat(50_000)}${"+1".repeat(50_000)}(`;
	expect(csvText(hostile)).toContain(";'=\n;'=");
});

test("nothing is read before it is asked for, and a slow reader holds a few hundred rows at most", async () => {
	const source = countedRows(50_000);
	const reader = attendeeCsv(source.rows(), { locale: "fr", zone }).getReader();
	await settle(source);
	expect(source.read).toBe(0);
	let given = 0;
	for (let chunk = 0; chunk < 20; chunk++) {
		const { value } = await reader.read();
		given += Buffer.from(value!).toString().split("\r\n").length - 1;
		await settle(source);
		expect(source.read - given).toBeLessThanOrEqual(1);
	}
	await reader.cancel();
	expect(source.closed).toBe(true);
	expect(source.read).toBeLessThan(5_000);
});

test("a long list lets other requests take their turn", async () => {
	const source = countedRows(10_000);
	let readWhenOthersRan = Number.POSITIVE_INFINITY;
	setImmediate(() => {
		readWhenOthersRan = source.read;
	});
	await bytesOf(attendeeCsv(source.rows(), { locale: "fr", zone }));
	expect(readWhenOthersRan).toBeLessThan(1_000);
	expect(source.read).toBe(10_000);
});

test("20,000 people all arrive, in order", async () => {
	const file = await bytesOf(attendeeCsv(countedRows(20_000).rows(), { locale: "en", zone }));
	const positions = parse(file, { bom: true, from: 2 }).map((record) => Number(record[13]));
	expect(positions).toEqual(Array.from({ length: 20_000 }, (_, index) => index + 1));
});

test("a query that fails breaks the download instead of ending it early", async () => {
	async function* failing() {
		yield [attendee()];
		throw new Error("connection lost");
	}
	await expect(bytesOf(attendeeCsv(failing(), { locale: "fr", zone }))).rejects.toThrow();
});

test("a file has the columns that were chosen, in its own order, and all of them when none was", async () => {
	const question = { ...attendeeColumns[0]!, key: "01a20c4e-c370-711d-9369-2be1b1057a8f" };
	const columns = [...attendeeColumns, question];
	const keys = (chosen: string[] | null) => chosenColumns(columns, chosen).map(({ key }) => key);
	expect(keys(["email", "name"])).toEqual(["name", "email"]);
	expect(keys(["note", "answers"])).toEqual(["note", question.key]);
	expect(keys(null)).toEqual(columns.map(({ key }) => key));
	expect(keys(["a column of another version"])).toEqual(columns.map(({ key }) => key));
	const chosen = chosenColumns(attendeeColumns, ["name", "note"]);
	const file = await bytesOf(attendeeCsv(rowsOf(attendee()), { locale: "fr", zone, columns: chosen }));
	expect(file.toString().split("\r\n")[0]).toBe("\ufeffNom;Note");
});

test("the hours of an attestation are a number, and its own number is as it is printed", async () => {
	const attestation = { serial: "7KQ2M4TD9XW3B5NA", minutes: 210 };
	const [row] = await french(attendee({ attended: { came: 1, meetings: 1, partly: false, attestation } }));
	expect(row).toMatchObject({
		"Heures attestées": "3,5",
		"Numéro d’attestation": "7KQ2-M4TD-9XW3-B5NA",
	});
});
