import type { Locale } from "#app/domain/locale.ts";

/** A rendered email. `{{manage_url}}` in `html` and `text` is filled in at delivery and is never stored. */
export type Message = {
	kind: EmailKind;
	/** Two messages with the same key are one: the second is not queued. */
	dedupeKey: string;
	owner:
		| { registrationId: string; tokenVersion: number }
		| { bookingId: string }
		| { organizerId: string }
		| { interestId: string };
	to: { name: string; address: string };
	locale: Locale;
	subject: string;
	html: string;
	text: string;
	calendar?: { method: "PUBLISH" | "CANCEL"; content: string };
	replyTo?: string;
	/** When it is worth nothing any more: it then does not leave. */
	expiresAt?: Date;
};

export type EmailKind =
	| "confirmation"
	| "waitlisted"
	| "seated"
	| "already-registered"
	| "address-corrected"
	| "cancellation"
	| "reminder"
	| "sign-in"
	| "test";

export const manageUrlPlaceholder = "{{manage_url}}";
