import { z } from "zod";
import { locales } from "#app/domain/locale.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { personName } from "./person-name.ts";
import { emailAddress } from "./text.ts";

type Manage = Dictionary["manage"];
export type GiveError = keyof Manage["give"]["errors"];
export type CorrectPlaceError = keyof Manage["correct"]["errors"];

function nameOf(known?: string) {
	return personName(
		"nameMissing" satisfies GiveError & CorrectPlaceError,
		"nameLong" satisfies GiveError & CorrectPlaceError,
		"nameAddress" satisfies GiveError & CorrectPlaceError,
		known,
	);
}

/** Somebody as they are to be known: name, address and language. The keys are both `give`'s and `correct`'s. */
export const personForm = z.object({
	name: nameOf(),
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

/** The same for somebody who is corrected, and may keep the name that they have. */
export function correctionForm<Shape extends typeof personForm | typeof groupPersonForm>(
	form: Shape,
	known: string,
) {
	return form.extend({ name: nameOf(known) }) as Shape;
}
