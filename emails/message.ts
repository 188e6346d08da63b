import type { Locale } from "#app/domain/locale.ts";

/**
 * A rendered email. `{{manage_url}}` in `html` and `text` is filled in at delivery and is never stored: the page of the
 * registration that owns the message, or of the booking's whole group.
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
	locale: Locale;
	subject: string;
	html: string;
	text: string;
	calendar?: { method: "PUBLISH" | "CANCEL"; content: string };
	replyTo?: string;
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
	| "sign-in";

export const manageUrlPlaceholder = "{{manage_url}}";
