import { z } from "zod";
import { locales } from "#app/domain/locale.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { personName } from "./person-name.ts";
import { emailAddress } from "./text.ts";

type Manage = Dictionary["manage"];
export type GiveError = keyof Manage["give"]["errors"];
export type CorrectPlaceError = keyof Manage["correct"]["errors"];

/** Somebody as they are to be known: name, address and language. The keys are both `give`'s and `correct`'s. */
export const personForm = z.object({
	name: personName(
		"nameMissing" satisfies GiveError & CorrectPlaceError,
		"nameLong" satisfies GiveError & CorrectPlaceError,
		"nameAddress" satisfies GiveError & CorrectPlaceError,
	),
	email: emailAddress(
		"emailMissing" satisfies GiveError & CorrectPlaceError,
		"emailInvalid" satisfies GiveError & CorrectPlaceError,
	),
	locale: z.enum(locales).catch("fr"),
});

/** The same for somebody of a group, who may have no address of their own. */
export const groupPersonForm = personForm.extend({
	email: z
		.string()
		.transform((typed) => typed.trim() || null)
		.pipe(z.union([z.null(), personForm.shape.email], "emailInvalid" satisfies CorrectPlaceError)),
});
