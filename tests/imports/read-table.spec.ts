import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { writeXlsx } from "hucre";
import { expect, test } from "vitest";
import { attendeeColumns, columnsWith } from "#app/exports/attendee-columns.ts";
import { attendeeCsv } from "#app/exports/csv.server.ts";
import { attendeeXlsx } from "#app/exports/xlsx.server.ts";
import { longestFile, readFile, readText } from "#app/imports/read-table.server.ts";
import { attendee, bytesOf, rowsOf } from "#tests/exports/attendee-rows.ts";

const zone = "America/Toronto";

async function tableOf(bytes: Uint8Array) {
	const read = await readFile(bytes);
	if (!read.ok) throw new Error(read.reason);
	return read.table;
}

const utf8 = (text: string) => new TextEncoder().encode(text);
const zoe = [
	["Nom", "Courriel"],
	["Zoé Œdipe ’", "zoe@exemple.ca"],
];

test.each([
	["semicolons", utf8("Nom;Courriel\r\nZoé Œdipe ’;zoe@exemple.ca\r\n")],
	["commas and a byte order mark", utf8("\ufeffNom,Courriel\nZoé Œdipe ’,zoe@exemple.ca")],
	[
		"tabs, as « Texte Unicode » saves them",
		Buffer.from("\ufeffNom\tCourriel\r\nZoé Œdipe ’\tzoe@exemple.ca\r\n", "utf16le"),
	],
	[
		"Windows-1252, as a French Excel saves it",
		Buffer.from("Nom;Courriel\r\nZo\xe9 \x8cdipe \x92;zoe@exemple.ca\r\n", "latin1"),
	],
	["the separator named on the first line", utf8("sep=;\r\nNom;Courriel\r\nZoé Œdipe ’;zoe@exemple.ca\r\n")],
	["quotes around everything", utf8('"Nom";"Courriel"\n"Zoé Œdipe ’";"zoe@exemple.ca"\n')],
	["empty rows and columns at the end", utf8("Nom;Courriel;;\nZoé Œdipe ’;zoe@exemple.ca;;\n;;;\n\n\n")],
])("%s", async (_what, bytes) => {
	expect(await tableOf(bytes)).toEqual(zoe);
});

test("a cell keeps its separators, quotes and lines; an empty line keeps its number", async () => {
	const table = await tableOf(utf8('Nom;Note\n\n"Roy; Zoé";"dit ""Zo""\r\nici"\nLe "Phare" inc.;x'));
	expect(table).toEqual([["Nom", "Note"], [], ["Roy; Zoé", 'dit "Zo"\r\nici'], ['Le "Phare" inc.', "x"]]);
});

test("people are read from a line each, and from the recipients of a message", () => {
	const people = [
		["Zoé Roy", "zoe@exemple.ca"],
		["Guy Roy", "guy@exemple.ca"],
	];
	const lines = "Zoé Roy <zoe@exemple.ca>\nGuy Roy <guy@exemple.ca>";
	expect(readText(lines)).toEqual({ ok: true, table: people });
	expect(readText(lines.replace("\n", "; "))).toEqual({ ok: true, table: people });
});

test("a workbook reads as it shows: formulas by their last value, dates as days, empty rows kept", async () => {
	const file = await writeXlsx({
		sheets: [
			{
				name: "Liste",
				rows: [
					["Nom", "Tél", "Le", "Oui", "x"],
					[null, null, null, null, null],
					["Zoé", 5145550100, new Date("2026-12-01T00:00:00Z"), true, 0.1 + 0.2],
					["Guy", "0012", new Date("2026-12-01T15:30:00Z"), false, 1e21],
				],
			},
			{ name: "Autre", rows: [["rien"]] },
		],
	});
	expect(await tableOf(file)).toEqual([
		["Nom", "Tél", "Le", "Oui", "x"],
		[],
		["Zoé", "5145550100", "2026-12-01", "true", "0.3"],
		["Guy", "0012", "2026-12-01 15:30", "false", "1e+21"],
	]);
});

const hard = [
	"+1 514 555-0100",
	"00123",
	"=cmd|' /C calc'!A0",
	"@SUM(1)",
	"-2+3",
	"Éloïse 👩🏽‍🏫 Ξ",
	"deux\nlignes",
	'a "b"; c,d',
	"x;=HYPERLINK(1)",
	"'tis",
	"_x000D_",
];

test.each(["csv", "xlsx"] as const)("what our own %s holds is read back as it was typed", async (format) => {
	const question = {
		id: "q",
		kind: "long" as const,
		labelFr: "=Pourquoi?",
		labelEn: "Why?",
		options: [],
		required: false,
		askedAt: "registration" as const,
	};
	const columns = columnsWith([question]);
	for (const locale of ["fr", "en"] as const) {
		const rows = hard.map((text) =>
			attendee({ name: text, organization: text, phone: text, note: text, answers: new Map([["q", text]]) }),
		);
		const write = format === "csv" ? attendeeCsv : attendeeXlsx;
		const [headings, ...people] = await tableOf(
			await bytesOf(write(rowsOf(...rows), { locale, zone, columns })),
		);
		expect(headings).toEqual(columns.map(({ heading }) => heading[locale]));
		const at = (key: string) => columns.findIndex((column) => column.key === key);
		for (const [index, text] of hard.entries()) {
			for (const key of ["name", "organization", "phone", "note", "q"])
				expect(people[index]![at(key)], `${key} ${locale}`).toBe(text);
		}
	}
});

test.each(["csv", "xlsx"] as const)("an empty %s template has headings alone", async (format) => {
	const write = format === "csv" ? attendeeCsv : attendeeXlsx;
	const columns = attendeeColumns.slice(0, 3);
	expect(await tableOf(await bytesOf(write(rowsOf(), { locale: "fr", zone, columns })))).toEqual([
		["Nom", "Courriel", "Organisation"],
	]);
});

const refusedAs = async (bytes: Uint8Array) => {
	const read = await readFile(bytes);
	return read.ok ? "read" : read.reason;
};

test("what is no list, or too long a one, is refused for what it is", async () => {
	const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", "base64");
	expect(await refusedAs(new Uint8Array())).toBe("empty");
	expect(await refusedAs(utf8(" \n;;\n"))).toBe("empty");
	expect(await refusedAs(png)).toBe("not-a-table");
	expect(await refusedAs(Buffer.from("d0cf11e0a1b11ae1", "hex"))).toBe("old-excel");
	expect(await refusedAs(utf8('Nom;Note\nZoé;"ouvert\n'))).toBe("open-quote");
	expect(await refusedAs(utf8("PK\u0003\u0004 pas un zip"))).toBe("unreadable");
	expect(await refusedAs(new Uint8Array(longestFile + 1))).toBe("large");
	expect(await refusedAs(utf8(`Nom;x\n${"a;b\n".repeat(2000)}`))).toBe("read");
	expect(await refusedAs(utf8(`Nom;x\n${"a;b\n".repeat(2001)}`))).toBe("rows");
	expect(await refusedAs(utf8(";".repeat(60).replaceAll(";", "x;")))).toBe("read");
	expect(await refusedAs(utf8("x;".repeat(61)))).toBe("columns");
	const rows = Array.from({ length: 2002 }, (_, index) => [`Personne ${index}`, "x"]);
	expect(await refusedAs(await writeXlsx({ sheets: [{ name: "a", rows }] }))).toBe("rows");
	expect(await refusedAs(await writeXlsx({ sheets: [{ name: "a", rows: rows.slice(1) }] }))).toBe("read");
	expect(await refusedAs(await writeXlsx({ sheets: [{ name: "a", rows: [Array(70).fill("x")] }] }))).toBe(
		"columns",
	);
});

/** A ZIP of one deflated file, with the size that its directory claims. */
function archive(name: string, packed: Buffer, claimed: number): Buffer {
	const path = Buffer.from(name);
	const local = Buffer.alloc(30);
	local.writeUInt32LE(0x04034b50, 0);
	local.writeUInt16LE(8, 8);
	local.writeUInt32LE(packed.length, 18);
	local.writeUInt32LE(claimed, 22);
	local.writeUInt16LE(path.length, 26);
	const entry = Buffer.alloc(46);
	entry.writeUInt32LE(0x02014b50, 0);
	entry.writeUInt16LE(8, 10);
	entry.writeUInt32LE(packed.length, 20);
	entry.writeUInt32LE(claimed, 24);
	entry.writeUInt16LE(path.length, 28);
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(1, 10);
	end.writeUInt32LE(46 + path.length, 12);
	end.writeUInt32LE(30 + path.length + packed.length, 16);
	return Buffer.concat([local, path, packed, entry, path, end]);
}

test("an archive that unpacks to far more than a list, or lies about it, costs nothing", async () => {
	const unpacked = 100_000_000;
	const bomb = deflateRawSync(Buffer.alloc(unpacked, " "));
	const started = performance.now();
	const before = process.memoryUsage().rss;
	expect(await refusedAs(archive("xl/workbook.xml", bomb, unpacked))).toBe("large");
	expect(await refusedAs(archive("xl/workbook.xml", bomb, 1000))).toBe("unreadable");
	expect(await refusedAs(archive("xl/workbook.xml", bomb, 0))).toBe("unreadable");
	expect(await refusedAs(archive("xl/workbook.xml", bomb, 0xffffffff))).toBe("unreadable");
	expect(performance.now() - started).toBeLessThan(2000);
	expect(process.memoryUsage().rss - before).toBeLessThan(unpacked / 2);
});

test("rows thousands of columns wide, and cells of line breaks alone, stop nobody else for long", async () => {
	const wide = Array(16_384).fill(null);
	wide[16_383] = "x";
	const workbook = await writeXlsx({ sheets: [{ name: "a", rows: Array(400).fill(wide) }] });
	const started = performance.now();
	expect(await refusedAs(workbook)).toBe("columns");
	expect(await refusedAs(utf8(`Nom;x\n"it's${"\n".repeat(200_000)}";b\n`))).toBe("read");
	expect(performance.now() - started).toBeLessThan(4000);
});

test("whatever bytes come, there is a table or a sentence", async () => {
	const workbook = await writeXlsx({ sheets: [{ name: "a", rows: zoe }] });
	const damaged = fc
		.array(fc.tuple(fc.nat(workbook.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 })
		.map((changes) => {
			const bytes = Uint8Array.from(workbook);
			for (const [at, byte] of changes) bytes[at] = byte;
			return bytes;
		});
	const cut = fc.nat(workbook.length).map((length) => workbook.slice(0, length));
	const text = fc
		.array(fc.constantFrom('"', ";", ",", "\t", "\n", "\r", "é", "a", "\0", "\ufeff", "😀", "=", "'"))
		.map((signs) => utf8(signs.join("")));
	const anything = fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged, cut, text);
	await fc.assert(
		fc.asyncProperty(anything, async (bytes) => {
			const read = await readFile(bytes);
			if (read.ok) expect(read.table.flat().every((cell) => typeof cell === "string")).toBe(true);
			else expect(read.reason).toMatch(/^[a-z-]+$/);
		}),
		{ numRuns: 600 },
	);
}, 60_000);

test("no line of a workbook is lost, however many empty ones stand between: a long list is read whole or refused", async () => {
	const sheet = async (people: number, empty: (n: number) => boolean) => {
		const rows = Array.from({ length: people }, (_, n) => {
			const person = [`Zoé Roy ${n}`, `zoe.${n}@exemple.ca`];
			return empty(n) ? [[], person] : [person];
		});
		return readFile(await writeXlsx({ sheets: [{ name: "a", rows: rows.flat() }] }));
	};
	expect(await sheet(2500, (n) => n === 5)).toEqual({ ok: false, reason: "rows" });
	const spaced = await sheet(1500, () => true);
	const people = spaced.ok ? spaced.table.filter((row) => row.length > 0) : [];
	expect(people).toHaveLength(1500);
});
