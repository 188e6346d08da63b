import { z } from "zod";
import { askedMoments, longestLabel, questionKinds } from "#app/domain/question.ts";
import { cleanLine } from "#app/domain/text.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import type { FormValues } from "./parse-form.ts";
import { checkbox, line, requiredLine } from "./text.ts";

export type QuestionError = keyof Dictionary["organizer"]["questions"]["errors"];

const key = (name: QuestionError) => name;
// As typed: an empty line keeps its place beside the other language's.
const lines = z.string().max(20_000, key("long")).default("");

/** The two names of an option's words, which carry the value it keeps. */
export function optionFields(value: string): { fr: string; en: string } {
	return { fr: `fr.${value}`, en: `en.${value}` };
}

/** One question in both languages. Nobody has to come back after the registration, so only then can an answer be required. */
export const questionForm = z
	.looseObject({
		labelFr: requiredLine(longestLabel, key("label"), key("long")),
		labelEn: line(longestLabel, key("long")),
		kind: z.enum(questionKinds, key("kind")),
		askedAt: z.enum(askedMoments, key("askedAt")),
		required: checkbox,
		addedFr: lines,
		addedEn: lines,
	})
	.transform(({ labelFr, labelEn, kind, askedAt, required, ...form }) => ({
		labelFr,
		labelEn,
		kind,
		askedAt,
		required: required && askedAt === "registration",
		options: { existing: wordsOfOptions(form as FormValues), addedFr: form.addedFr, addedEn: form.addedEn },
	}));

function wordsOfOptions(form: FormValues): Map<string, { fr: string; en: string }> {
	const words = new Map<string, { fr: string; en: string }>();
	for (const [name, french] of Object.entries(form)) {
		if (!name.startsWith("fr.")) continue;
		const value = name.slice(3);
		words.set(value, { fr: cleanLine(french), en: cleanLine(form[optionFields(value).en] ?? "") });
	}
	return words;
}
