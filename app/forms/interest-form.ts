import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { emailAddress } from "./text.ts";

export type InterestError = keyof Dictionary["interest"]["errors"];

/** An address left for the next announcement, with an express consent. */
export const interestForm = z.object({
	email: emailAddress("emailMissing" satisfies InterestError, "emailInvalid" satisfies InterestError),
	consent: z.string("consent" satisfies InterestError),
});
