import { z } from "zod";
import { readAnswer } from "#app/domain/imported-answer.ts";
import {
	bareAddress,
	type ImportColumns,
	type ImportField,
	importFields,
	localeNamed,
	mostLines,
} from "#app/domain/imported-list.ts";
import { type Locale, locales } from "#app/domain/locale.ts";
import { foldText } from "#app/domain/name.ts";
import type { Answer, Question } from "#app/domain/question.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { newAttendee } from "./attendee-form.ts";
import { checkbox } from "./text.ts";

type ImportReason = keyof Dictionary["organizer"]["importList"]["problems"];

type ImportedPerson = z.output<typeof newAttendee> & { answers: Answer[] };

/** What is wrong with a line: in which field, or a question by its id; `row` is the line it repeats. */
export type ImportProblem =
	| { field: string; reason: ImportReason }
	| { field: string; reason: "twice"; row: number };

export type ImportLine = {
	/** The number of its row, as a spreadsheet shows it. */
	row: number;
	/** What its cells say of the name and the address, right or wrong. */
	name: string;
	email: string;
	locale: Locale;
	/** Null when something is wrong. */
	person: ImportedPerson | null;
	problems: ImportProblem[];
};

/** The rows that travel in the form between its steps: an import keeps no file. */
const carriedTable = z
	.string()
	.transform((json, context) => {
		try {
			return JSON.parse(json) as unknown;
		} catch {
			context.addIssue("table");
			return z.NEVER;
		}
	})
	.pipe(z.array(z.array(z.string())).min(1).max(mostLines));

/** How a list is to be read, and what becomes of it. */
export const importForm = z.object({
	table: carriedTable,
	headed: checkbox,
	locale: z.enum(locales).catch("fr"),
	whenFull: z.enum(["wait", "exceed"]).optional(),
	leaveOut: checkbox,
	/** What the organizer saw: see `seenAs`. */
	seen: z.string().default(""),
	key: z.uuid(),
});

/** The columns as they were chosen, each in a field of its own; undefined where the page did not ask yet. */
export function chosenColumns(values: Record<string, string>, questions: readonly Question[]) {
	const known = new Set<string>([...importFields, ...questions.map(({ id }) => id)]);
	const columns: string[] = [];
	for (let at = 0; values[`column${at}`] !== undefined; at++) {
		const field = values[`column${at}`]!;
		columns.push(known.has(field) ? field : "");
	}
	return columns.length > 0 ? columns : undefined;
}

type ColumnsError = { reason: "noName" | "repeated"; field: string };

/** What is wrong with a choice of columns: no name, or one thing in two columns. */
export function columnsError(columns: ImportColumns): ColumnsError | null {
	const named = ["name", "firstName", "lastName"].some((field) => columns.includes(field));
	if (!named) return { reason: "noName", field: "name" };
	const field = columns.find((one, at) => one !== "" && columns.indexOf(one) !== at);
	return field ? { reason: "repeated", field } : null;
}

/**
 * Each row as a person to add or as what keeps it from being one. `known` says who already has a place: addresses in
 * lower case, and folded names of people without one. Empty rows are nobody.
 */
export function readLines(
	table: readonly (readonly string[])[],
	how: { columns: ImportColumns; headed: boolean; locale: Locale },
	questions: readonly Question[],
	known: { emails: ReadonlySet<string>; names: ReadonlySet<string> },
	reader: Locale,
): ImportLine[] {
	const firstRows = new Map<string, number>();
	return table.flatMap((cells, index) => {
		if (cells.every((cell) => cell.trim() === "") || (how.headed && index === 0)) return [];
		const row = index + 1;
		const line = readLine(row, cells, how, questions, reader);
		const { name, email } = line;
		// Without an address, a name is all there is to know somebody by.
		const self = email ? email.toLowerCase() : foldText(name);
		const first = firstRows.get(self);
		const here = email ? known.emails.has(self) : known.names.has(self);
		if (first === undefined) firstRows.set(self, row);
		const field = email ? "email" : "name";
		if (here) line.problems.push({ field, reason: email ? "registered" : "sameName" });
		else if (self && first !== undefined) line.problems.push({ field, reason: "twice", row: first });
		return [line.problems.length > 0 ? { ...line, person: null } : line];
	});
}

function readLine(
	row: number,
	cells: readonly string[],
	how: { columns: ImportColumns; locale: Locale },
	questions: readonly Question[],
	reader: Locale,
): ImportLine {
	const cellOf = (field: string) => {
		const at = how.columns.indexOf(field);
		return at < 0 ? "" : (cells[at] ?? "").trim();
	};
	const typed = (field: ImportField) => cellOf(field);
	const language = typed("locale");
	const locale = language ? localeNamed(language) : how.locale;
	const fields = {
		name: typed("name") || `${typed("firstName")} ${typed("lastName")}`,
		email: bareAddress(typed("email")),
		organization: typed("organization"),
		phone: typed("phone"),
		note: typed("note"),
		locale,
	};
	const parsed = newAttendee.safeParse(fields);
	const problems: ImportProblem[] = [];
	for (const { path, message } of parsed.error?.issues ?? []) {
		const field = String(path[0]);
		if (problems.every((one) => one.field !== field))
			problems.push({ field, reason: message as ImportReason });
	}
	const answers: Answer[] = [];
	for (const question of questions) {
		const answer = readAnswer(question, cellOf(question.id), reader);
		if (!answer.ok) problems.push({ field: question.id, reason: answer.reason });
		else if (answer.value !== null) answers.push({ questionId: question.id, value: answer.value });
	}
	const person = parsed.success ? { ...parsed.data, answers } : null;
	const shown = { name: person?.name ?? fields.name.trim(), email: fields.email };
	return { row, ...shown, locale: locale ?? how.locale, person, problems };
}

/** How the list was read and how many people it then brings: what is imported must be what was seen. */
export function seenAs(
	how: { columns: ImportColumns; headed: boolean; locale: Locale },
	people: number,
): string {
	return [people, how.headed, how.locale, ...how.columns].join("|");
}
