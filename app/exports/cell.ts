import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";

/**
 * What a column holds for one person: `date` is an instant, shown on the session's clock; `day` a date of the calendar,
 * `2026-12-01`. Null is an empty cell.
 */
export type ExportCell =
	| { kind: "text"; value: string }
	| { kind: "date"; value: Date }
	| { kind: "day"; value: string }
	| { kind: "number"; value: number }
	| { kind: "boolean"; value: boolean }
	| null;

/** « Oui » or « Non », in the reader's language. */
export function booleanWord(value: boolean, locale: Locale): string {
	const { yes, no } = dictionary(locale).questions;
	return value ? yes : no;
}

/** Excel drops leading blanks before it looks, and reads full-width signs as plain ones. */
const startsFormula = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * Digits, spaces, dots, hyphens and parentheses, and at the end an extension: no letter, quote, `!`, `|` or `:` from
 * which a formula could name a function, a cell, a sheet or a program. The worst it can become is a sum.
 */
const phone = /^\+(\d[\d ().-]{5,24}\d)(,? (?:poste|ext\.?|x) ?\d{1,6})?$/;

/** A sign and a number, with nothing to compute. A plus and many digits is a telephone: see `csvPhone`. */
const plainNumber = /^(?:-\d{1,15}|\+\d{1,6})(?:[.,]\d{1,15})?$/;

/**
 * Text that a spreadsheet shows and never computes (OWASP, CSV injection): what could start a formula gets an
 * apostrophe in front, but a telephone number and a negative number stay as they were typed.
 */
export function inertText(text: string): string {
	if (!startsFormula.test(text) || phone.test(text) || plainNumber.test(text)) return text;
	return `'${text}`;
}

/** Most of what people type: nothing in it could begin a cell, here or behind a separator. */
const harmless = /^[\p{L}\p{N}][^;,\t\r\n]*$/u;

/** Where a cell would begin if the file were opened with another separator, or the quotes not seen. */
const innerStart = /(?=[=+\-@＝＋－＠])(?<=[;,\t\r\n][\s"]*)/g;

/**
 * The same for a CSV file, where nothing says that a cell is text. An English file (`,`) opened by a French Excel (`;`)
 * is cut inside the quotes, so what follows a separator or a line break is made inert too, when it could call something:
 * that takes `(`, `|` or `!` further on. Leading zeros are kept here, but Excel drops them: the XLSX file is for that.
 */
export function csvText(text: string): string {
	if (harmless.test(text)) return text;
	if (phone.test(text)) return csvPhone(text);
	const lastCall = Math.max(...["(", "|", "!", "（", "｜", "！"].map((sign) => text.lastIndexOf(sign)));
	return inertText(text).replaceAll(innerStart, (_, offset: number) => (offset <= lastCall ? "'" : ""));
}

/**
 * Excel takes `+15145550100` for a number and drops the plus, and computes `+1-514-555-0100` to -1168. It leaves as text
 * what is neither number nor formula: digits, a space, and digits that cannot be thousands. So North American numbers
 * are all written `+1 514 555-0100`, others stay as typed when they are safe, and the rest gets the apostrophe.
 */
function csvPhone(text: string): string {
	const [, number = "", extension = ""] = phone.exec(text) ?? [];
	const northAmerican = /^1(\d{3})(\d{3})(\d{4})$/.exec(number.replaceAll(/\D/g, ""));
	if (northAmerican) return `+1 ${northAmerican[1]} ${northAmerican[2]}-${northAmerican[3]}${extension}`;
	const pairs = /\d \d{1,2}(?!\d)/;
	return pairs.test(number) ? text : `'${text}`;
}

/** What was typed into a cell of one of our own files, without the apostrophes that keep it from running. */
export function typedText(cell: string): string {
	if (!cell.includes("'")) return cell;
	const typed = cell.replaceAll(
		/(^|[;,\t\r\n](?:(?![\t\r\n])[\s"])*)'(?=[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|[\t\r\n])/gu,
		"$1",
	);
	return csvText(typed) === cell || inertText(typed) === cell ? typed : cell;
}
