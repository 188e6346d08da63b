import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { emailAddress } from "./text.ts";

export type LostLinkError = keyof Dictionary["lostLink"]["errors"];

/** The address of a registration whose link was lost. */
export const lostLinkForm = z.object({
	email: emailAddress("emailMissing" satisfies LostLinkError, "emailInvalid" satisfies LostLinkError),
});
