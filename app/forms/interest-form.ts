import { z } from "zod";
import { emailAddress } from "./text.ts";

/** An address left for the next announcement, with an express consent. Errors are dictionary keys of `interest.errors`. */
export const interestForm = z.object({
	email: emailAddress("emailMissing", "emailInvalid"),
	consent: z.string("consent"),
});
