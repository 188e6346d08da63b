import type { Attended } from "#app/domain/attendance.ts";
import type { Locale } from "#app/domain/locale.ts";
import { type AnswerValue, chosenWords, labelIn, type Question } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { ExportCell } from "./cell.ts";

/** One person's place, as the exports show it. Dates are instants. */
export type AttendeeRow = {
	/** As stored, without its hyphen; shared by the people of one booking. */
	reference: string;
	/** 1 for the first person of the booking. */
	position: number;
	name: string;
	email: string | null;
	organization: string | null;
	phone: string | null;
	locale: Locale;
	status: "confirmed" | "waitlisted" | "offered" | "cancelled";
	registeredAt: Date;
	cancelledAt: Date | null;
	contactName: string;
	contactEmail: string;
	workshop: string;
	session: string;
	note: string | null;
	/** Null when nobody looked. */
	attended: Attended | null;
	/** By question. */
	answers: ReadonlyMap<string, AnswerValue>;
};

export type AttendeeColumn = {
	key: string;
	heading: Record<Locale, string>;
	/** In characters, for XLSX. */
	width: number;
	/** What the column holds for this person, in the reader's language. */
	value(row: AttendeeRow, locale: Locale): ExportCell;
};

const languageName = {
	fr: { fr: "Français", en: "Anglais" },
	en: { fr: "French", en: "English" },
} satisfies Record<Locale, Record<Locale, string>>;

/** The columns of the attendee list, in the order of the file. */
export const attendeeColumns: readonly AttendeeColumn[] = [
	{ key: "name", heading: { fr: "Nom", en: "Name" }, width: 28, value: (row) => text(row.name) },
	{ key: "email", heading: { fr: "Courriel", en: "Email" }, width: 32, value: (row) => text(row.email) },
	{
		key: "organization",
		heading: { fr: "Organisation", en: "Organization" },
		width: 28,
		value: (row) => text(row.organization),
	},
	{ key: "phone", heading: { fr: "Téléphone", en: "Phone" }, width: 20, value: (row) => text(row.phone) },
	{
		key: "status",
		heading: { fr: "État", en: "Status" },
		width: 18,
		value: (row, locale) => text(dictionary(locale).statusWord[row.status]),
	},
	{
		key: "language",
		heading: { fr: "Langue", en: "Language" },
		width: 12,
		value: (row, locale) => text(languageName[locale][row.locale]),
	},
	{
		key: "registeredAt",
		heading: { fr: "Date d’inscription", en: "Registered on" },
		width: 18,
		value: (row) => date(row.registeredAt),
	},
	{
		key: "cancelledAt",
		heading: { fr: "Date d’annulation", en: "Cancelled on" },
		width: 18,
		value: (row) => date(row.cancelledAt),
	},
	{
		key: "workshop",
		heading: { fr: "Atelier", en: "Workshop" },
		width: 40,
		value: (row) => text(row.workshop),
	},
	{ key: "session", heading: { fr: "Séance", en: "Session" }, width: 40, value: (row) => text(row.session) },
	{
		key: "contactName",
		heading: { fr: "Personne-ressource", en: "Contact" },
		width: 28,
		value: (row) => text(row.contactName),
	},
	{
		key: "contactEmail",
		heading: { fr: "Courriel de la personne-ressource", en: "Contact’s email" },
		width: 32,
		value: (row) => text(row.contactEmail),
	},
	{
		key: "reference",
		heading: { fr: "Référence", en: "Reference" },
		width: 14,
		value: (row) => text(showReference(row.reference)),
	},
	{
		key: "position",
		heading: { fr: "Rang dans l’inscription", en: "Place in the booking" },
		width: 22,
		value: (row) => ({ kind: "number", value: row.position }),
	},
	{ key: "note", heading: { fr: "Note", en: "Note" }, width: 40, value: (row) => text(row.note) },
	{
		key: "attended",
		heading: { fr: "Présence", en: "Attendance" },
		width: 26,
		value: ({ attended }, locale) => text(attended && dictionary(locale).attended(attended)),
	},
];

/** The columns of the list, then one for each question of its workshop. */
export function columnsWith(questions: readonly Question[]): readonly AttendeeColumn[] {
	const asked = questions.map(
		(question): AttendeeColumn => ({
			key: question.id,
			heading: { fr: labelIn(question, "fr").text, en: labelIn(question, "en").text },
			width: question.kind === "long" ? 40 : 24,
			value: (row, locale) => answerCell(question, row.answers.get(question.id), locale),
		}),
	);
	return [...attendeeColumns, ...asked];
}

/** Under this key, somebody chooses the columns of all answers at once: each workshop asks its own questions. */
export const answersKey = "answers";

/** The columns that somebody chose, in the order of the file; all of them when they never chose. */
export function chosenColumns(
	columns: readonly AttendeeColumn[],
	chosen: readonly string[] | null,
): readonly AttendeeColumn[] {
	if (!chosen) return columns;
	const kept = columns.filter(({ key }) => chosen.includes(isQuestion(key) ? answersKey : key));
	return kept.length > 0 ? kept : columns;
}

/** What the list on screen can show beside the name; which session it is, the page says. */
export const listKeys = [
	...attendeeColumns.map(({ key }) => key).filter((key) => !["name", "workshop", "session"].includes(key)),
	answersKey,
];
/** What it shows until somebody chose. */
export const usualListKeys = ["email", "organization", "registeredAt", "reference", "note"];

/** The columns that somebody sees on screen after the name; the usual ones when they never chose. */
export function shownColumns(
	columns: readonly AttendeeColumn[],
	chosen: readonly string[] | null,
): readonly AttendeeColumn[] {
	const keys = chosen ?? usualListKeys;
	return columns.filter(({ key }) => keys.includes(isQuestion(key) ? answersKey : key));
}

function isQuestion(key: string): boolean {
	return attendeeColumns.every((column) => column.key !== key);
}

function answerCell(question: Question, value: AnswerValue | undefined, locale: Locale): ExportCell {
	if (value === undefined) return null;
	if (typeof value === "boolean") return { kind: "boolean", value };
	if (typeof value === "number") return { kind: "number", value };
	if (question.kind === "date" && typeof value === "string") return { kind: "day", value };
	return text(chosenWords(question, value, locale).join("; "));
}

function text(value: string | null): ExportCell {
	return value === null ? null : { kind: "text", value };
}

function date(value: Date | null): ExportCell {
	return value === null ? null : { kind: "date", value };
}
