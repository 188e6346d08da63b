import type { Locale } from "#app/domain/locale.ts";
import { formatSortable } from "#app/i18n/format.ts";
import { type AttendeeColumn, type AttendeeRow, attendeeColumns } from "./attendee-columns.ts";
import { byteStream } from "./byte-stream.server.ts";
import { booleanWord, type ExportCell, inertText } from "./cell.ts";
import { fixedParts, spreadsheet, style, workbook, xml } from "./workbook.ts";
import { type ZipEntry, zip } from "./zip.server.ts";

type XlsxOptions = {
	/** The reader's language: headings and words. */
	locale: Locale;
	/** The IANA zone of the dates. */
	zone: string;
	columns?: readonly AttendeeColumn[];
};

const sheetName = { fr: "Personnes inscrites", en: "Attendees" } satisfies Record<Locale, string>;
const mostRows = 1_048_576;
const longestText = 32_767;
/** Few large chunks compress faster than many small ones. */
const chunkLength = 64 * 1024;

/**
 * The attendee list as an Excel workbook (ECMA-376): dates are dates on the zone's clock, everything typed by people is
 * text, so that telephones and leading zeros stay; the heading row is frozen and filters. Rows are read as the stream is,
 * a batch at a time. The stream fails past the 1,048,575 people that a sheet can hold.
 */
export function attendeeXlsx(
	batches: AsyncIterable<AttendeeRow[]>,
	options: XlsxOptions,
): ReadableStream<Uint8Array> {
	return byteStream(zip(parts(batches, options)));
}

function parts(batches: AsyncIterable<AttendeeRow[]>, options: XlsxOptions): ZipEntry[] {
	const { locale, columns = attendeeColumns } = options;
	const range = { lastColumn: columnName(columns.length - 1), lastRow: 1 };
	return [
		...fixedParts,
		{ path: "xl/worksheets/sheet1.xml", content: sheet(batches, columns, options, range) },
		{ path: "xl/workbook.xml", content: workbookAfter(range, locale) },
	];
}

type Range = { lastColumn: string; lastRow: number };

/** Begun once the rows are written: it names the range of the filter. */
function* workbookAfter(range: Range, locale: Locale): Generator<string> {
	yield workbook(sheetName[locale], `$A$1:$${range.lastColumn}$${range.lastRow}`);
}

/** The sheet, in the order that ECMA-376 §18.3.1.99 wants. Leaves the number of the last row in `range`. */
async function* sheet(
	batches: AsyncIterable<AttendeeRow[]>,
	columns: readonly AttendeeColumn[],
	options: XlsxOptions,
	range: Range,
): AsyncGenerator<string> {
	const { locale, zone } = options;
	const widths = columns.map(
		({ width }, index) => `<col min="${index + 1}" max="${index + 1}" width="${width}" customWidth="1"/>`,
	);
	let text = `${xml}<worksheet xmlns="${spreadsheet}"><sheetViews><sheetView tabSelected="1" workbookViewId="0">`;
	text +=
		'<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>';
	text += `<sheetFormatPr defaultRowHeight="15"/><cols>${widths.join("")}</cols><sheetData>`;
	const headings = columns.map((column, index) =>
		textCell(`${columnName(index)}1`, inertText(column.heading[locale]), style.heading),
	);
	text += `<row r="1">${headings.join("")}</row>`;
	const rowOf = (row: AttendeeRow) => {
		range.lastRow += 1;
		if (range.lastRow > mostRows) throw new RangeError(`An Excel sheet holds ${mostRows} rows.`);
		const cells = columns.map((column, index) =>
			cell(`${columnName(index)}${range.lastRow}`, column.value(row, locale), locale, zone),
		);
		return `<row r="${range.lastRow}">${cells.join("")}</row>`;
	};
	for await (const batch of batches) {
		for (const row of batch) {
			text += rowOf(row);
			if (text.length < chunkLength) continue;
			yield text;
			text = "";
		}
	}
	yield `${text}</sheetData><autoFilter ref="A1:${range.lastColumn}${range.lastRow}"/></worksheet>`;
}

function cell(at: string, content: ExportCell, locale: Locale, zone: string): string {
	switch (content?.kind) {
		case undefined:
			return "";
		case "text":
			return textCell(at, inertText(content.value), style.text);
		case "boolean":
			return textCell(at, booleanWord(content.value, locale), style.text);
		case "number":
			return `<c r="${at}"><v>${content.value}</v></c>`;
		case "date":
			return `<c r="${at}" s="${style.date}"><v>${serialDate(formatSortable(content.value, zone))}</v></c>`;
		case "day":
			return `<c r="${at}" s="${style.day}"><v>${serialDate(`${content.value} 00:00`)}</v></c>`;
	}
}

function textCell(at: string, text: string, styleIndex: number): string {
	return `<c r="${at}" s="${styleIndex}" t="inlineStr"><is><t xml:space="preserve">${escapeText(text)}</t></is></c>`;
}

/** Excel counts days since 30 December 1899, with no zone: what it is given is the wall time. */
function serialDate(wall: string): number {
	return Date.parse(`${wall.replace(" ", "T")}Z`) / 86_400_000 + 25_569;
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/** Cut at Excel's limit, without what XML 1.0 cannot hold; `_x000D_` typed as such would read as an escape. */
function escapeText(text: string): string {
	return text
		.slice(0, longestText)
		.replaceAll(/\r\n?/g, "\n")
		.replaceAll(/[^\P{Cc}\t\n]|[\ufffe\uffff]/gu, "")
		.replaceAll(/_(?=x[\dA-F]{4}_)/gi, "_x005F_")
		.replaceAll(/[&<>]/g, (sign) => entities[sign]!);
}

/** 0 → `A`, 25 → `Z`, 26 → `AA`. */
function columnName(index: number): string {
	const letter = String.fromCharCode(65 + (index % 26));
	return index < 26 ? letter : columnName(Math.floor(index / 26) - 1) + letter;
}
