import type { Locale } from "#app/domain/locale.ts";
import {
	type AnswerError,
	type AnswerValue,
	chosenWords,
	labelIn,
	longestAnswer,
	type Question,
} from "#app/domain/question.ts";
import { formatDay, formatList, formatNumber } from "./format.ts";
import { dictionary } from "./translate.ts";

/** An answer as people read it: « Oui », « Végétarien et Sans noix », « mardi 1er décembre 2026 », « 1 234,5 ». */
export function answerText(
	question: Pick<Question, "kind" | "options">,
	value: AnswerValue,
	locale: Locale,
): string {
	const { yes, no } = dictionary(locale).questions;
	if (typeof value === "boolean") return value ? yes : no;
	if (typeof value === "number") return formatNumber(value, locale);
	if (question.kind === "date" && typeof value === "string") {
		return formatDay(new Date(`${value}T12:00:00Z`), locale, "UTC");
	}
	return formatList(chosenWords(question, value, locale), locale);
}

/** What is wrong with an answer, with the question it was given to. */
export function answerSentence(question: Question, error: AnswerError, locale: Locale): string {
	const { errors } = dictionary(locale).questions;
	const label = labelIn(question, locale).text;
	if (error !== "tooLong") return errors[error](label);
	return errors.tooLong(
		label,
		formatNumber(longestAnswer[question.kind === "long" ? "long" : "short"], locale),
	);
}
