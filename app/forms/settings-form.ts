import { z } from "zod";
import { zones } from "#app/domain/session.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { checkbox, emailAddress, line, requiredLine } from "./text.ts";

type SettingsError = keyof Dictionary["organizer"]["settings"]["errors"];

const key = (name: SettingsError) => name;
const optionalEmail = z
	.string()
	.default("")
	.pipe(z.union([z.literal(""), emailAddress(key("email"), key("email"))], key("email")));

/** A registration number for a tax, as the agency writes it; spaces are forgotten. */
function taxNumber(pattern: RegExp, name: SettingsError) {
	return z
		.string()
		.default("")
		.transform((typed) => typed.replaceAll(/\s/g, "").toUpperCase())
		.pipe(z.string().regex(pattern, key(name)));
}

/** A wall time, or none. */
const hour = z
	.string()
	.default("")
	.pipe(z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d)?$/, key("hour")));

export const settingsForm = z.object({
	name: requiredLine(120, key("name"), key("long")),
	postalAddress: line(300, key("long")),
	email: optionalEmail,
	taglineFr: line(300, key("long")),
	taglineEn: line(300, key("long")),
	privacyOfficerFr: line(200, key("long")),
	privacyOfficerEn: line(200, key("long")),
	privacyEmail: optionalEmail,
	retentionMonths: z.coerce
		.number(key("months"))
		.int(key("months"))
		.min(1, key("months"))
		.max(120, key("months")),
	gstNumber: taxNumber(/^(\d{9}(RT\d{4})?)?$/, "gst"),
	qstNumber: taxNumber(/^(\d{10}(TQ\d{4})?)?$/, "qst"),
	accreditationNumber: line(60, key("long")),
	calendarInvitations: checkbox,
	defaultPlace: line(120, key("long")),
	defaultAddress: line(300, key("long")),
	defaultCapacity: z
		.string()
		.default("")
		.transform((typed) => (typed.trim() === "" ? null : Number(typed)))
		.pipe(z.int(key("capacity")).min(1, key("capacity")).max(100_000, key("capacity")).nullable()),
	defaultStart: hour,
	defaultEnd: hour,
	defaultZone: z.enum(zones, key("zone")),
	/** The version that the page showed. */
	seen: z.string().default(""),
});
