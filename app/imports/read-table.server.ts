import { CsvError } from "csv-parse";
import { parse } from "csv-parse/sync";
import { streamXlsxRows } from "hucre/xlsx";
import { mostImported, mostLines } from "#app/domain/imported-list.ts";
import { readPeopleList } from "#app/domain/people-list.ts";
import { typedText } from "#app/exports/cell.ts";
import { unpackedSize } from "./unpacked-size.server.ts";

/** The cells of a list as text, row by row from the first of the file; an empty row has none. */
export type Table = string[][];

export type ReadProblem =
	| "empty"
	| "large"
	| "rows"
	| "columns"
	| "old-excel"
	| "not-a-table"
	| "open-quote"
	| "unreadable";

type ReadTable = { ok: true; table: Table } | { ok: false; reason: ReadProblem };

/** In bytes, for a file as for what it holds once read. */
export const longestFile = 1_000_000;
const mostUnpacked = 10_000_000;
const mostColumns = 60;
/** Read, empty ones included, before the reading stops: half a second. */
const mostCells = 3_000_000;

/**
 * Reads an attendee list out of a file: CSV with any of the three separators, in UTF-8, UTF-16 or the Windows-1252 of a
 * French Excel, or the first sheet of an XLSX workbook, whose formulas are taken at the value they last had. Nothing in
 * the file is ever computed.
 */
export async function readFile(bytes: Uint8Array): Promise<ReadTable> {
	if (bytes.length > longestFile) return refuse("large");
	const starts = (...signature: number[]) => signature.every((byte, index) => bytes[index] === byte);
	if (starts(0x50, 0x4b, 3, 4)) return readWorkbook(bytes);
	if (starts(0xd0, 0xcf, 0x11, 0xe0)) return refuse("old-excel");
	const text = decode(bytes);
	return text === null ? refuse("not-a-table") : readText(text);
}

/** Reads a list that was pasted: cells copied from a spreadsheet, CSV, or `Zoé Roy <zoe@exemple.ca>` on each line. */
export function readText(text: string): ReadTable {
	if (text.length > longestFile) return refuse("large");
	const [, named] = /^sep=([,;\t])\r?\n/.exec(text) ?? [];
	const rest = named ? text.slice(text.indexOf("\n") + 1) : text;
	try {
		const separator = named ?? separatorOf(rest);
		if (!separator) return readLines(rest);
		const rows = parseCsv(rest, separator);
		// The recipients of a message, as mail programs copy them.
		const [first = []] = rows;
		const recipients = rows.length === 1 && first.every((cell) => cell.includes("@"));
		return recipients ? readLines(first.join("\n")) : bounded(rows);
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		return refuse(error.code === "CSV_QUOTE_NOT_CLOSED" ? "open-quote" : "unreadable");
	}
}

/** One column: each line is a name, an address, or both. */
function readLines(text: string): ReadTable {
	return bounded(readPeopleList(text).map(({ name, email }) => [name, email]));
}

function parseCsv(text: string, delimiter: string, to?: number): Table {
	const rows: Table = parse(text, {
		delimiter,
		to,
		relax_column_count: true,
		relax_quotes: true,
		skip_empty_lines: false,
	});
	return rows;
}

/** The separator that cuts the first line with something in it into the most cells; none when no separator cuts it. */
function separatorOf(text: string): string | undefined {
	const cells = (separator: string) => {
		try {
			return parseCsv(text.trimStart(), separator, 1)[0]?.length ?? 0;
		} catch {
			return 0;
		}
	};
	const [best] = ["\t", ";", ","]
		.map((separator) => ({ separator, count: cells(separator) }))
		.filter(({ count }) => count > 1)
		.sort((a, b) => b.count - a.count);
	return best?.separator;
}

async function readWorkbook(bytes: Uint8Array): Promise<ReadTable> {
	const size = unpackedSize(bytes);
	if (size === null) return refuse("unreadable");
	if (size > mostUnpacked) return refuse("large");
	const table: Table = [];
	let rows = 0;
	let cells = 0;
	try {
		for await (const { index, values } of streamXlsxRows(bytes, { sheet: 0 })) {
			rows += 1;
			cells += values.length;
			// Few bytes can say that a row is thousands of empty cells wide, or say the same row again and again.
			if (rows > mostLines) return refuse("rows");
			if (cells > mostCells) return refuse("columns");
			const row = values.slice(0, mostColumns + 1).map(cellText);
			if (row.every((cell) => cell.trim() === "")) continue;
			// A row numbered a million would be a million rows, each with its line number to be told of.
			if (index >= mostLines) return refuse("rows");
			while (table.length < index) table.push([]);
			table.push(row);
		}
	} catch {
		// What a damaged file makes of its reader is not foreseeable; the organizer hears that it cannot be read.
		return refuse("unreadable");
	}
	return bounded(table);
}

/** As the cell shows it, or close: a date as `2026-12-01`, and the digits that a number was typed with. */
function cellText(value: unknown): string {
	if (value === null || value === undefined) return "";
	if (value instanceof Date) {
		if (Number.isNaN(value.getTime())) return "";
		return value.toISOString().slice(0, 16).replace("T", " ").replace(" 00:00", "");
	}
	if (typeof value === "number") return String(Number(value.toPrecision(15)));
	return String(value);
}

/** Without the empty rows and columns that spreadsheets leave at the end. */
function bounded(rows: Table): ReadTable {
	const table = rows.map((row) => row.slice(0, row.findLastIndex((cell) => cell.trim() !== "") + 1));
	table.length = table.findLastIndex((row) => row.length > 0) + 1;
	if (table.length === 0) return refuse("empty");
	if (table.length > mostLines) return refuse("rows");
	if (table.filter((row) => row.length > 0).length > mostImported + 1) return refuse("rows");
	if (table.some((row) => row.length > mostColumns)) return refuse("columns");
	const length = table.reduce((sum, row) => sum + row.reduce((inRow, cell) => inRow + cell.length, 0), 0);
	if (length > longestFile) return refuse("large");
	return { ok: true, table: table.map((row) => row.map(typedText)) };
}

function refuse(reason: ReadProblem): ReadTable {
	return { ok: false, reason };
}

/** Null for what is no text. */
function decode(bytes: Uint8Array): string | null {
	const text = decoded(bytes);
	// A list has lines and tabs; other control characters are those of a picture or a program.
	return /[^\P{Cc}\t\n\v\f\r]/u.test(text) ? null : text;
}

function decoded(bytes: Uint8Array): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
		return text.replaceAll(/[\x80-\x9f]/g, (sign) => windows1252[sign.charCodeAt(0) - 0x80]!);
	}
}

/** What Windows-1252 has where Latin-1 has control characters. Some versions of Node decode it as Latin-1. */
const windows1252 = [..."€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"];
