import type { Locale } from "./locale.ts";
import { fillVariables, unknownVariables } from "./placeholders.ts";

/** What an organizer may write in place of an email's own words; the rest of the email is not theirs to break. */
export type EmailText = { subject: string; heading: string; body: string };

/** By `kind.locale`. */
export type EmailTexts = Record<string, EmailText>;

/** The emails whose words can be changed. */
export const editableKinds = ["confirmation", "seated", "reminder", "cancellation"] as const;
export type EditableKind = (typeof editableKinds)[number];

export const emailTextVariables = ["name", "session", "date", "time", "place"] as const;
export type EmailTextValues = Record<(typeof emailTextVariables)[number], string>;

export function emailTextKey(kind: string, locale: Locale): string {
	return `${kind}.${locale}`;
}

/** The fields of a text that cannot be used as they are: empty, or with a variable that does not exist. */
export function brokenFields(text: EmailText): (keyof EmailText)[] {
	const fields = ["subject", "heading", "body"] as const;
	return fields.filter((field) => {
		const value: unknown = text[field];
		return (
			typeof value !== "string" ||
			value.trim() === "" ||
			unknownVariables(value, emailTextVariables).length > 0
		);
	});
}

/**
 * The words of an email: the organizer's where they wrote some that can be used, else its own. A broken text never holds
 * an email back.
 */
export function wordsFor(
	texts: EmailTexts,
	key: string,
	own: { subject: string; heading: string; paragraphs: string[] },
	values: EmailTextValues,
): { subject: string; heading: string; paragraphs: string[] } {
	const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
	if (!text || brokenFields(text).length > 0) return own;
	const fill = (words: string) => fillVariables(words, values);
	const paragraphs = text.body.split(/\n\s*\n/).map((paragraph) => fill(paragraph).trim());
	return { subject: fill(text.subject), heading: fill(text.heading), paragraphs: paragraphs.filter(Boolean) };
}
