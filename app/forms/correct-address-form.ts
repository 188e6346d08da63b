import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { emailAddress } from "./text.ts";

export type CorrectAddressError = keyof Dictionary["booked"]["correct"]["errors"];

const key = (name: CorrectAddressError) => name;

/** The address that a booking's emails should have gone to. */
export const correctAddressForm = z.object({ email: emailAddress(key("emailMissing"), key("emailInvalid")) });
