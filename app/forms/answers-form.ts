import type { Locale } from "#app/domain/locale.ts";
import {
	type Answer,
	type AnswerError,
	type AnswerValue,
	parseAnswer,
	type Question,
	typedAnswer,
} from "#app/domain/question.ts";
import { answerSentence } from "#app/i18n/answer.ts";
import type { FormValues } from "./parse-form.ts";

const prefix = "q-";

/** The name of a question's field, and the id of its first control. */
export function questionField(questionId: string): string {
	return prefix + questionId;
}

/** Each box of several choices has a name of its own, so that the form's values hold them all. */
export function boxField(questionId: string, option: string): string {
	return `${questionField(questionId)}.${option}`;
}

/** What was typed or ticked for one question. */
export function typedIn(values: FormValues, question: Pick<Question, "id" | "kind">): string[] {
	if (question.kind !== "choices") return [values[questionField(question.id)] ?? ""];
	const boxes = boxField(question.id, "");
	return Object.keys(values).flatMap((name) => (name.startsWith(boxes) ? [name.slice(boxes.length)] : []));
}

/** The answers of a form to these questions, null where one was left empty, and the errors by field. */
export function parseAnswers(questions: Question[], values: FormValues, locale: Locale) {
	const answers: Answer<AnswerValue | null>[] = [];
	const errors: Record<string, AnswerError> = {};
	for (const question of questions) {
		const parsed = parseAnswer(question, typedIn(values, question), locale);
		if (parsed.ok) answers.push({ questionId: question.id, value: parsed.value });
		else errors[questionField(question.id)] = parsed.reason;
	}
	return { answers, errors };
}

/** The questions that were answered. */
export function givenAnswers(answers: Answer<AnswerValue | null>[]): Answer[] {
	return answers.flatMap(({ questionId, value }) => (value === null ? [] : [{ questionId, value }]));
}

/** Answers given before, as the form shows them again. */
export function answerValues(
	questions: (Pick<Question, "id" | "kind"> & { value: AnswerValue | null })[],
	locale: Locale,
): FormValues {
	const values: FormValues = {};
	for (const { id, kind, value } of questions) {
		if (value === null) continue;
		for (const typed of typedAnswer(value, locale)) {
			if (kind === "choices") values[boxField(id, typed)] = "yes";
			else values[questionField(id)] = typed;
		}
	}
	return values;
}

/** The sentences for the summary, in the order of the questions. */
export function answerErrors(questions: Question[], errors: Record<string, string>, locale: Locale) {
	return questions.flatMap((question) => {
		const field = questionField(question.id);
		const error = errors[field];
		return error ? [{ field, sentence: answerSentence(question, error as AnswerError, locale) }] : [];
	});
}
