import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { emailAddress } from "./text.ts";

type SignInError = keyof Dictionary["organizer"]["signIn"]["errors"];

const key = (name: SignInError) => name;

export const askForCodeForm = z.object({ email: emailAddress(key("email"), key("email")) });

export const enterCodeForm = z.object({
	email: emailAddress(key("email"), key("email")),
	code: z
		.string(key("code"))
		.transform((typed) => typed.replace(/\s/g, ""))
		.pipe(z.string().regex(/^\d{6}$/, key("code"))),
});
