import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { checkbox, emailAddress, line, requiredLine } from "./text.ts";

export type RegisterError = keyof Dictionary["register"]["errors"];

const key = (name: RegisterError) => name;

/** `date` is a session's id, or `waitlist:` and its id when the page showed it as full. */
const chosenDate = z
	.string(key("session"))
	.regex(/^(waitlist:)?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, key("session"))
	.transform((value) => {
		const acceptsWaitlist = value.startsWith("waitlist:");
		return { sessionId: value.replace("waitlist:", ""), acceptsWaitlist };
	});

export const registerForm = z.object({
	date: chosenDate,
	name: requiredLine(200, key("nameMissing"), key("nameLong")),
	email: emailAddress(key("emailMissing"), key("emailInvalid")),
	organization: line(200, key("organizationLong")),
	news: checkbox,
	/** Signed when the form was shown: see http/form-key.server.ts. */
	key: z.string(key("expired")),
	website: z
		.string()
		.default("")
		.refine((value) => value === "", key("robot")),
});
