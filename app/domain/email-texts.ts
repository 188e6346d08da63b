import { type Locale, locales } from "./locale.ts";
import { fillVariables, unknownVariables } from "./placeholders.ts";

/** What an organizer may write in place of an email's own words; the rest of the email is not theirs to break. */
export type EmailText = { subject: string; heading: string; body: string };

/** By `kind.locale`. */
export type EmailTexts = Record<string, EmailText>;

const shared = ["name", "session", "date", "time", "place"] as const;

/** The emails whose words can be changed, in the order of a registration's life, each with the variables that it alone has. */
const ownVariables = {
	confirmation: [],
	"group-booked": ["people", "outcome"],
	waitlisted: ["rank"],
	offered: ["deadline"],
	"offer-lapsed": [],
	seated: [],
	switched: ["before"],
	"gave-seat": [],
	"received-seat": ["giver"],
	"session-changed": [],
	"session-confirmed": [],
	"session-cancelled": [],
	cancellation: [],
	reminder: [],
	thanks: [],
	attestation: [],
} as const satisfies Record<string, readonly string[]>;

export type EditableKind = keyof typeof ownVariables;
export const editableKinds = Object.keys(ownVariables) as EditableKind[];

/** The email of this name, if its words can be changed. */
export function editableKind(name: string | undefined): EditableKind | undefined {
	return editableKinds.find((kind) => kind === name);
}

/** The variables that an email's words may hold. */
export function emailTextVariables(kind: EditableKind): string[] {
	return [...shared, ...ownVariables[kind]];
}

export function emailTextKey(kind: string, locale: Locale): string {
	return `${kind}.${locale}`;
}

/** The fields of a text that cannot be used as they are: empty, or with a variable that its email does not have. */
export function brokenFields(kind: EditableKind, text: EmailText): (keyof EmailText)[] {
	const fields = ["subject", "heading", "body"] as const;
	return fields.filter((field) => {
		const value: unknown = text[field];
		return (
			typeof value !== "string" ||
			value.trim() === "" ||
			unknownVariables(value, emailTextVariables(kind)).length > 0
		);
	});
}

/** The texts that cannot be used as they are. One of a kind that is no longer edited harms nobody. */
export function brokenTexts(texts: EmailTexts): { kind: EditableKind; locale: Locale }[] {
	return editableKinds.flatMap((kind) =>
		locales.flatMap((locale) => {
			const text = texts[emailTextKey(kind, locale)];
			return text && brokenFields(kind, text).length > 0 ? [{ kind, locale }] : [];
		}),
	);
}

/**
 * The words of an email: the organizer's where they wrote some that can be used, else its own. A broken text never holds
 * an email back.
 */
export function wordsFor(
	texts: EmailTexts,
	{ kind, locale }: { kind: string; locale: Locale },
	own: { subject: string; heading: string; paragraphs: string[] },
	values: Record<string, string>,
): { subject: string; heading: string; paragraphs: string[] } {
	const editable = editableKind(kind);
	const text = editable && texts[emailTextKey(editable, locale)];
	if (!text || brokenFields(editable, text).length > 0) return own;
	const fill = (words: string) => fillVariables(words, values);
	const paragraphs = text.body.split(/\n\s*\n/).map((paragraph) => fill(paragraph).trim());
	return { subject: fill(text.subject), heading: fill(text.heading), paragraphs: paragraphs.filter(Boolean) };
}
