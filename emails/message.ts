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
	replyTo?: string;
	/** When it is worth nothing any more: it then does not leave. */
	expiresAt?: Date;
};

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
	| "session-changed"
	| "session-cancelled"
	| "invitation"
	| "reminder"
	| "session-confirmed"
	| "thanks"
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
