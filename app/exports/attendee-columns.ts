import type { Certified } from "#app/domain/attendance.ts";
import { showSerial } from "#app/domain/attestation.ts";
import type { Locale } from "#app/domain/locale.ts";
import { type AnswerValue, chosenWords, labelIn, type Question } from "#app/domain/question.ts";
import { showReference } from "#app/domain/reference.ts";
import type { Amounts } from "#app/domain/taxes.ts";
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
	attended: Certified | null;
	/** Null where nothing has a price. In cents; what is due for the whole booking stands in one of its rows. */
	invoice: {
		priceCents: number;
		poNumber: string;
		billingAddress: string;
		due: Amounts | null;
	} | null;
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
		value: (row, locale) => text(dictionary(locale).languageName[row.locale]),
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
	{
		key: "price",
		heading: { fr: "Prix avant taxes", en: "Price before taxes" },
		width: 16,
		value: ({ invoice }) => money(invoice?.priceCents),
	},
	{
		key: "gst",
		heading: { fr: "TPS à facturer", en: "GST to invoice" },
		width: 16,
		value: ({ invoice }) => money(invoice?.due?.gst),
	},
	{
		key: "qst",
		heading: { fr: "TVQ à facturer", en: "QST to invoice" },
		width: 16,
		value: ({ invoice }) => money(invoice?.due?.qst),
	},
	{
		key: "total",
		heading: { fr: "Total à facturer", en: "Total to invoice" },
		width: 16,
		value: ({ invoice }) => money(invoice?.due?.total),
	},
	{
		key: "poNumber",
		heading: { fr: "Bon de commande", en: "Purchase order" },
		width: 20,
		value: ({ invoice }) => text(invoice?.poNumber || null),
	},
	{
		key: "billingAddress",
		heading: { fr: "Adresse de facturation", en: "Billing address" },
		width: 40,
		value: ({ invoice }) => text(invoice?.billingAddress || null),
	},
	{ key: "note", heading: { fr: "Note", en: "Note" }, width: 40, value: (row) => text(row.note) },
	{
		key: "attended",
		heading: { fr: "Présence", en: "Attendance" },
		width: 26,
		value: ({ attended }, locale) => text(attended && dictionary(locale).attended(attended)),
	},
	{
		key: "hours",
		heading: { fr: "Heures attestées", en: "Hours certified" },
		width: 16,
		value: ({ attended }) => hours(attended?.attestation?.minutes),
	},
	{
		key: "attestation",
		heading: { fr: "Numéro d’attestation", en: "Certificate number" },
		width: 24,
		value: ({ attended }) => text(attended?.attestation ? showSerial(attended.attestation.serial) : null),
	},
];

/** The columns that say who came, and what was certified of it. */
export const attendanceKeys = ["attended", "hours", "attestation"];

/** The columns that are empty where nothing has a price. */
export const invoiceKeys = ["price", "gst", "qst", "total", "poNumber", "billingAddress"];

/** The columns of the list, then one for each question of its workshop; without those of the invoice where it has none. */
export function columnsWith(questions: readonly Question[], priced = true): readonly AttendeeColumn[] {
	const asked = questions.map(
		(question): AttendeeColumn => ({
			key: question.id,
			heading: { fr: labelIn(question, "fr").text, en: labelIn(question, "en").text },
			width: question.kind === "long" ? 40 : 24,
			value: (row, locale) => answerCell(question, row.answers.get(question.id), locale),
		}),
	);
	const listed = attendeeColumns.filter(({ key }) => priced || !invoiceKeys.includes(key));
	return [...listed, ...asked];
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

function hours(minutes: number | undefined): ExportCell {
	return minutes ? { kind: "number", value: Math.round((minutes / 60) * 100) / 100 } : null;
}

/** Cents as dollars; nothing where nothing is owed. */
function money(cents: number | null | undefined): ExportCell {
	return cents ? { kind: "number", value: cents / 100 } : null;
}

function date(value: Date | null): ExportCell {
	return value === null ? null : { kind: "date", value };
}
