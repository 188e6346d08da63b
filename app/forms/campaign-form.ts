import { z } from "zod";
import { audiences, variablesFor } from "#app/domain/campaign.ts";
import { unknownVariables } from "#app/domain/placeholders.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { line, requiredLine, text } from "./text.ts";

const key = (name: keyof Dictionary["organizer"]["message"]["errors"]) => name;
const texts = ["subjectFr", "bodyFr", "subjectEn", "bodyEn"] as const;

/** A message to many. French is required; English is whole or left out. A variable must be one that every reader has. */
export const campaignForm = z
	.object({
		audience: z.enum(audiences, key("audience")),
		subjectFr: requiredLine(150, key("subject"), key("long")),
		bodyFr: text(10_000, key("long")).pipe(z.string().min(1, key("body"))),
		subjectEn: line(150, key("long")),
		bodyEn: text(10_000, key("long")),
	})
	.superRefine((form, context) => {
		const problem = (path: string, message: string) =>
			context.addIssue({ code: "custom", path: [path], message });
		if (form.bodyEn && !form.subjectEn) problem("subjectEn", key("english"));
		if (form.subjectEn && !form.bodyEn) problem("bodyEn", key("english"));
		const allowed = variablesFor(form.audience);
		for (const name of texts) {
			if (unknownVariables(form[name], allowed).length > 0) problem(name, key("variables"));
		}
	});
