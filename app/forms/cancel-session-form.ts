import { z } from "zod";
import type { Dictionary } from "#app/i18n/fr.ts";
import { text } from "./text.ts";

type CancelSessionError = keyof Dictionary["organizer"]["cancelSession"]["errors"];

const key = (name: CancelSessionError) => name;

/** What the organizer says to the people of a cancelled date. English alone would leave most readers without a word. */
export const cancelSessionForm = z
	.object({ fr: text(2000, key("long")), en: text(2000, key("long")) })
	.refine(({ fr, en }) => fr !== "" || en === "", { path: ["fr"], message: key("french") });
