import type { Locale } from "#app/domain/locale.ts";
import { formatSortable } from "#app/i18n/format.ts";
import { type AttendeeColumn, type AttendeeRow, attendeeColumns } from "./attendee-columns.ts";
import { byteStream } from "./byte-stream.server.ts";
import { booleanWord, csvText, type ExportCell } from "./cell.ts";

type CsvOptions = {
	/** The reader's language: headings and words. */
	locale: Locale;
	/** The IANA zone of the dates. */
	zone: string;
	/** By default what Excel expects in that language: `;` in French, `,` in English. */
	separator?: Separator;
	columns?: readonly AttendeeColumn[];
};

const byteOrderMark = "\ufeff";

/**
 * The attendee list as CSV (RFC 4180) that opens right in Excel with a double-click: UTF-8 with a byte order mark, CRLF,
 * dates as `2026-11-20 10:46`, cells that cannot run. Rows are read as the stream is, a batch at a time.
 */
export function attendeeCsv(
	batches: AsyncIterable<AttendeeRow[]>,
	options: CsvOptions,
): ReadableStream<Uint8Array> {
	return byteStream(csvChunks(batches, options));
}

async function* csvChunks(
	batches: AsyncIterable<AttendeeRow[]>,
	options: CsvOptions,
): AsyncGenerator<Uint8Array> {
	const { locale, zone, separator = separatorOf(locale), columns = attendeeColumns } = options;
	const encoder = new TextEncoder();
	const { field, record } = writerOf(separator);
	const writers = columns.map((column) =>
		cellWriter(column, locale, (cell) => field(written(cell, locale, zone))),
	);

	let chunk = byteOrderMark + record(columns.map((column) => field(csvText(column.heading[locale]))));
	for await (const batch of batches) {
		for (const row of batch) {
			chunk += record(writers.map((write) => write(row)));
		}
		yield encoder.encode(chunk);
		chunk = "";
	}
	if (chunk) yield encoder.encode(chunk);
}

/** A small file of the same kind, whole: each row is its cells. */
export function csvOf(rows: string[][], locale: Locale): string {
	const { field, record } = writerOf(separatorOf(locale));
	const written = rows.map((row) => record(row.map((cell) => field(csvText(cell)))));
	return byteOrderMark + written.join("");
}

type Separator = "," | ";";

/** What Excel expects in that language. */
function separatorOf(locale: Locale): Separator {
	return locale === "fr" ? ";" : ",";
}

function writerOf(separator: Separator) {
	const special = separator === ";" ? /[";\r\n]/ : /[",\r\n]/;
	return {
		field: (text: string) => (special.test(text) ? quoted(text) : text),
		record: (fields: string[]) => `${fields.join(separator)}\r\n`,
	};
}

/** Writes a column's cells; a text that is the same as in the row before, such as the session's, is not worked out again. */
function cellWriter(
	column: AttendeeColumn,
	locale: Locale,
	write: (cell: ExportCell) => string,
): (row: AttendeeRow) => string {
	let lastText: string | undefined;
	let lastField = "";
	return (row) => {
		const cell = column.value(row, locale);
		if (cell?.kind !== "text") return write(cell);
		if (cell.value !== lastText) {
			lastText = cell.value;
			lastField = write(cell);
		}
		return lastField;
	};
}

function quoted(cell: string): string {
	return `"${cell.replaceAll('"', '""')}"`;
}

function written(cell: ExportCell, locale: Locale, zone: string): string {
	switch (cell?.kind) {
		case undefined:
			return "";
		case "text":
			return csvText(cell.value);
		case "date":
			return formatSortable(cell.value, zone);
		case "day":
			return cell.value;
		case "number":
			return locale === "fr" ? String(cell.value).replace(".", ",") : String(cell.value);
		case "boolean":
			return booleanWord(cell.value, locale);
	}
}
