import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { emailAddress, line, requiredLine } from "./text.ts";

export type SettingsError = keyof Dictionary["organizer"]["settings"]["errors"];

const key = (name: SettingsError) => name;
const optionalEmail = z
	.string()
	.default("")
	.pipe(z.union([z.literal(""), emailAddress(key("email"), key("email"))], key("email")));

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
});
