import { type Locale, locales } from "./locale.ts";
import { foldText } from "./name.ts";
import type { Question } from "./question.ts";

/** The most people that one list can bring. */
export const mostImported = 2000;
/** Lines of a list, empty ones included: each keeps its number, as errors name it. */
export const mostLines = 4 * mostImported;

/** What a column of a list can hold of a person; a question of the workshop goes by its id. */
export const importFields = [
	"name",
	"firstName",
	"lastName",
	"email",
	"locale",
	"organization",
	"phone",
	"note",
] as const;
export type ImportField = (typeof importFields)[number];

/** What each column holds, by its place: a field, the id of a question, or nothing that is wanted. */
export type ImportColumns = readonly string[];

const headings: Record<ImportField, string[]> = {
	name: ["nom complet", "nom et prenom", "prenom et nom", "full name", "name", "nom", "participant"],
	firstName: ["prenom", "first name", "firstname", "given name"],
	lastName: ["nom de famille", "last name", "lastname", "surname", "family name"],
	email: [
		"courriel",
		"adresse courriel",
		"adresse electronique",
		"courrier electronique",
		"email",
		"e mail",
		"mail",
		"adresse email",
		"email address",
	],
	locale: ["langue", "langue de correspondance", "language"],
	organization: [
		"organisation",
		"organisme",
		"entreprise",
		"employeur",
		"societe",
		"compagnie",
		"organization",
		"company",
		"employer",
	],
	phone: [
		"telephone",
		"numero de telephone",
		"tel",
		"cellulaire",
		"mobile",
		"phone",
		"phone number",
		"cell phone",
	],
	note: ["note", "notes", "remarque", "remarques", "commentaire", "commentaires", "comment", "comments"],
};

/** Letters and digits alone: « N° de tél. : » and « tel » are told apart by no more than that. */
function plain(text: string): string {
	return foldText(text)
		.replaceAll(/[^\p{L}\p{N}]+/gu, " ")
		.trim();
}

function fieldOf(heading: string, questions: readonly Question[]): string {
	const words = plain(heading);
	if (!words) return "";
	const asked = questions.find(({ labelFr, labelEn }) => [labelFr, labelEn].map(plain).includes(words));
	return asked?.id ?? importFields.find((field) => headings[field].includes(words)) ?? "";
}

/** Whether the first row names the columns rather than a person. */
export function hasHeadings(row: readonly string[], questions: readonly Question[]): boolean {
	return !row.some((cell) => cell.includes("@")) && row.some((cell) => fieldOf(cell, questions) !== "");
}

/**
 * What each column seems to hold, by its heading in either language or, without headings, by what is in it. No field is
 * guessed twice. « Nom » beside « Prénom » is the last name.
 */
export function guessColumns(
	rows: readonly (readonly string[])[],
	headed: boolean,
	questions: readonly Question[],
): string[] {
	const width = Math.max(0, ...rows.map((row) => row.length));
	const [first = []] = rows;
	const guessed = headed
		? Array.from({ length: width }, (_, at) => fieldOf(first[at] ?? "", questions))
		: guessByContent(rows, width);
	const columns = guessed.map((field, at) => (guessed.indexOf(field) === at ? field : ""));
	if (!columns.includes("firstName")) return columns;
	return columns.map((field) => (field === "name" && !columns.includes("lastName") ? "lastName" : field));
}

function guessByContent(rows: readonly (readonly string[])[], width: number): string[] {
	const columns = Array.from({ length: width }, (_, at) => rows.map((row) => row[at] ?? ""));
	const email = columns.findIndex((cells) => cells.some((cell) => cell.includes("@")));
	const name = columns.findIndex((cells, at) => at !== email && cells.some((cell) => /\p{L}/u.test(cell)));
	return columns.map((_, at) => (at === email ? "email" : at === name ? "name" : ""));
}

const languages: Record<Locale, string[]> = {
	fr: ["fr", "f", "francais", "francaise", "french"],
	en: ["en", "a", "e", "anglais", "anglaise", "english"],
};

/** The language that a cell names, in either language or by its code; undefined for none that is known. */
export function localeNamed(text: string): Locale | undefined {
	const [word = ""] = plain(text).split(" ");
	return locales.find((locale) => languages[locale].includes(word));
}

/** The bare address of « Zoé Roy <zoe@exemple.ca> » or « mailto:zoe@exemple.ca ». */
export function bareAddress(text: string): string {
	const inBrackets = /<([^<>]*)>\s*$/.exec(text)?.[1] ?? text;
	return inBrackets.trim().replace(/^mailto:/i, "");
}
