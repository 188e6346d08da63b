import { z } from "zod";
import { brokenFields, type EditableKind } from "#app/domain/email-texts.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { requiredLine, text } from "./text.ts";

const key = (name: keyof Dictionary["organizer"]["emailTexts"]["errors"]) => name;

/** An organizer's words for one email; only the variables that it has. */
export function emailTextForm(kind: EditableKind) {
	return z
		.object({
			subject: requiredLine(150, key("subject"), key("long")),
			heading: requiredLine(150, key("heading"), key("long")),
			body: text(5000, key("long")).pipe(z.string().min(1, key("body"))),
		})
		.superRefine((form, context) => {
			for (const field of brokenFields(kind, form))
				context.addIssue({ code: "custom", path: [field], message: key("variables") });
		});
}
