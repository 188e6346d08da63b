import type { Locale } from "#app/domain/locale.ts";
import { formatSortable } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { csvOf } from "./csv.server.ts";

/** What is kept of somebody: parts that have names, lists of them, and what they hold. */
type Part = string | number | Date | null | Part[] | { [name: string]: Part };

/** What is kept of somebody as a CSV file, one thing a line: what it is, in the reader's language, and what it says. */
export function ownDataCsv(data: Part, { locale, zone }: { locale: Locale; zone: string }): string {
	const { parts, headings } = dictionary(locale).ownData;
	const labels: Record<string, string> = parts;

	function linesOf(part: Part, path: string[]): string[][] {
		if (part === null) return [];
		if (part instanceof Date) return [[path.join(", "), formatSortable(part, zone)]];
		if (typeof part !== "object") return [[path.join(", "), String(part)]];
		if (Array.isArray(part)) {
			const before = path.slice(0, -1);
			return part.flatMap((one, n) => linesOf(one, [...before, `${path.at(-1)} ${n + 1}`]));
		}
		return Object.entries(part).flatMap(([name, inner]) => linesOf(inner, [...path, labels[name] ?? name]));
	}

	return csvOf([headings, ...linesOf(data, [])], locale);
}
