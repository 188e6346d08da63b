import type { Locale } from "#app/domain/locale.ts";

/**
 * A rendered email. The personal addresses in `html` and `text` are filled in at delivery and are never stored: the page of
 * the registration that owns the message, or of the booking's whole group, and what its reader wants to receive.
 */
export type Message = {
	kind: EmailKind;
	/** Two messages with the same key are one: the second is not queued. */
	dedupeKey: string;
	owner:
		| { registrationId: string; tokenVersion: number }
		| { bookingId: string; tokenVersion: number }
		| { organizerId: string }
		| { interestId: string };
	to: { name: string; address: string };
	/** The message to many that this is one copy of. */
	campaignId?: string;
	locale: Locale;
	subject: string;
	html: string;
	text: string;
	calendar?: { method: "PUBLISH" | "REQUEST" | "CANCEL"; content: string };
	/** The attestations that it brings as files. */
	attachments?: string[];
	replyTo?: string;
	/** When it is worth nothing any more: it then does not leave. */
	expiresAt?: Date;
};

/** The key of a message that is sent about this registration or booking once an hour at most. */
export function onceAnHour(kind: EmailKind, id: string, now: Date): string {
	return `${kind}:${id}:${Math.floor(now.getTime() / (3600 * 1000))}`;
}

/** What many messages have in common, with blanks in the place of each one's own words. No blank is a part of another. */
export type SharedPage = Pick<Message, "html" | "text" | "calendar"> & { id: string; blanks: string[] };

/** A message that is such a page with `words` in its blanks, in the same order: they are escaped where they need to be. */
export type PagedMessage = Omit<Message, "html" | "text" | "calendar"> & {
	page: SharedPage;
	words: string[];
};

/** What `fill_blanks` of the database makes of it. */
export function filled({ page, words, ...message }: PagedMessage): Message {
	const fill = (body: string) =>
		page.blanks.reduce((text, blank, n) => text.replaceAll(blank, () => words[n]!), body);
	return {
		...message,
		html: fill(page.html),
		text: fill(page.text),
		calendar: page.calendar && { ...page.calendar, content: fill(page.calendar.content) },
	};
}

export type EmailKind =
	| "confirmation"
	| "group-booked"
	| "waitlisted"
	| "seated"
	| "offered"
	| "offer-lapsed"
	| "switched"
	| "gave-seat"
	| "received-seat"
	| "lost-link"
	| "already-registered"
	| "address-corrected"
	| "cancellation"
	| "erased"
	| "session-changed"
	| "session-cancelled"
	| "invitation"
	| "reminder"
	| "session-confirmed"
	| "thanks"
	| "attestation"
	| "digest"
	| "alert"
	| "sign-in"
	| "test"
	| "campaign"
	| "announcement";

/** The page of a registration. */
export const manageUrlPlaceholder = "{{manage_url}}";
/** Where the reader says what they want to receive, and where a promotional message is stopped at once. */
export const preferencesUrlPlaceholder = "{{preferences_url}}";
export const unsubscribeUrlPlaceholder = "{{unsubscribe_url}}";
