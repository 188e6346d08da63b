import { z } from "zod";
import { locales } from "#app/domain/locale.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { checkbox, emailAddress, line, requiredLine, text } from "./text.ts";

export type AttendeeError = keyof Dictionary["organizer"]["attendee"]["errors"];

const key = (name: AttendeeError) => name;

/** What an organizer writes about somebody on a list. */
const attendeeFields = {
	name: requiredLine(200, key("name"), key("long")),
	organization: line(200, key("long")),
	phone: line(60, key("long")),
	note: text(2000, key("long")),
};

/** Somebody on the list, corrected. An empty `sortName` is made from the name. */
export const editAttendeeForm = z.object({
	...attendeeFields,
	sortName: line(200, key("long")),
	/** The version that the page showed: what somebody else wrote meanwhile is not overwritten. */
	seen: z.string(),
});

/** Somebody without an address is written to through the organizer who adds them. */
export const newAttendee = z.object({
	...attendeeFields,
	email: z
		.string()
		.default("")
		.transform((typed) => typed.trim())
		.pipe(z.union([z.literal(""), emailAddress(key("email"), key("email"))], key("email")))
		.transform((email) => email || null),
	locale: z.enum(locales, key("locale")),
});

/** Where somebody on the list is written to, and in which language. */
export const correctAttendeeForm = newAttendee.pick({ email: true, locale: true }).extend({
	/** As `seen` of the other form. */
	addressSeen: z.string(),
});

/** Somebody added by hand. */
export const addAttendeeForm = newAttendee.extend({
	notify: checkbox,
	overCapacity: checkbox,
	key: z.uuid(),
});
