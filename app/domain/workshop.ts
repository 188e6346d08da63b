import type { Locale } from "./locale.ts";

/** The fields of a workshop that exist once per language, without their `Fr` or `En` ending. */
const workshopTexts = [
	"title",
	"summary",
	"description",
	"outcomes",
	"audience",
	"bring",
	"accessibility",
] as const;
export type WorkshopText = (typeof workshopTexts)[number];

type BilingualWorkshop = { [Key in `${WorkshopText}${"Fr" | "En"}`]: string };

/** A text in the reader's language; the French one, named as such, where the English is missing. */
export function textIn<Key extends WorkshopText>(
	workshop: Pick<BilingualWorkshop, `${Key}Fr` | `${Key}En`>,
	key: Key,
	locale: Locale,
): { text: string; lang: Locale } {
	const french = workshop[`${key}Fr`];
	const english = workshop[`${key}En`];
	if (locale === "fr" || english.trim() === "") return { text: french, lang: "fr" };
	return { text: english, lang: "en" };
}

/** The part of a workshop's address that names it in this language. */
export function slugIn(workshop: { slugFr: string; slugEn: string }, locale: Locale): string {
	return locale === "fr" ? workshop.slugFr : workshop.slugEn;
}

/** Lines of a list field, one item a line, without empty ones. */
export function linesOf(text: string): string[] {
	return text
		.split("\n")
		.map((line) => line.replace(/^[-*•]\s*/, "").trim())
		.filter(Boolean);
}

/** « L’été à Québec » → `l-ete-a-quebec`, at most 80 characters. */
export function slugOf(title: string): string {
	return title
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replaceAll("œ", "oe")
		.replaceAll("æ", "ae")
		.replace(/[^a-z0-9]+/g, "-")
		.replace(/^-+|-+$/g, "")
		.slice(0, 80)
		.replace(/-+$/, "");
}

/** The texts that have English but no French: French comes first, and is whole before anything is published. */
export function frenchThatIsMissing(workshop: BilingualWorkshop): WorkshopText[] {
	return workshopTexts.filter(
		(key) => workshop[`${key}Fr`].trim() === "" && workshop[`${key}En`].trim() !== "",
	);
}

/** Where the whole French side is there but part of the English is not. */
export function englishIsMissing(workshop: BilingualWorkshop): boolean {
	return workshopTexts.some(
		(key) => workshop[`${key}Fr`].trim() !== "" && workshop[`${key}En`].trim() === "",
	);
}
