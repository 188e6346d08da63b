import { z } from "zod";
import { frenchThatIsMissing, slugOf } from "#app/domain/workshop.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { checkbox, isWebAddress, line, requiredLine, text } from "./text.ts";

type WorkshopError = keyof Dictionary["organizer"]["workshops"]["errors"];

const key = (name: WorkshopError) => name;
const long = text(10_000, key("long"));
const slug = line(80, key("slug")).pipe(z.string().regex(/^([a-z0-9]+(-[a-z0-9]+)*)?$/, key("slug")));

/** Both languages of a workshop. French is required; an empty slug is made from the title. */
export const workshopForm = z
	.object({
		titleFr: requiredLine(160, key("title"), key("titleLong")),
		titleEn: line(160, key("titleLong")),
		slugFr: slug,
		slugEn: slug,
		summaryFr: line(300, key("long")),
		summaryEn: line(300, key("long")),
		descriptionFr: long,
		descriptionEn: long,
		outcomesFr: long,
		outcomesEn: long,
		audienceFr: long,
		audienceEn: long,
		bringFr: long,
		bringEn: long,
		accessibilityFr: long,
		accessibilityEn: long,
		trainer: line(200, key("long")),
		feedbackUrl: line(500, key("long")).refine(isWebAddress, key("feedbackUrl")),
		published: checkbox,
		revision: z.coerce.number().int().optional(),
	})
	.superRefine((form, context) => {
		if (!form.published) return;
		for (const text of frenchThatIsMissing(form)) {
			context.addIssue({ code: "custom", path: [`${text}Fr`], message: key("frenchFirst") });
		}
	})
	.transform((form) => {
		const slugFr = form.slugFr || slugOf(form.titleFr) || "atelier";
		return { ...form, slugFr, slugEn: form.slugEn || slugOf(form.titleEn) || slugFr };
	});
