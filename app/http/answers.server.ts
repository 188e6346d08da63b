import type { Locale } from "#app/domain/locale.ts";
import { mayStillAnswer, type Question } from "#app/domain/question.ts";
import type { ShownStatus } from "#app/domain/registration.ts";
import { answerErrors, givenAnswers, parseAnswers } from "#app/forms/answers-form.ts";
import { type FormValues, formValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { saveAnswers } from "#app/use-cases/save-answers.server.ts";
import type { SessionRow } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { withinLimitFor } from "./rate-limit.server.ts";

const savesPerHour = 30;

/** An `AnswerError` by field, and what belongs to no field as the summary's first sentence. */
export type RefusedAnswers = {
	status: number;
	values: FormValues;
	errors: Record<string, string>;
	summary: { field?: string; sentence: string }[];
};

type Taken = {
	/** The registration that answers; without one nothing is written, and the answer to the form is the same. */
	registrationId: string | undefined;
	/** What the limit counts by: the page's own booking or registration. */
	subject: string;
	status: ShownStatus;
	session: Pick<SessionRow, "endsAt" | "cancelledAt">;
	questions: Question[];
	/** Whether a question left empty takes back the answer given before; where that one is not shown, it does not. */
	replacesAll: boolean;
	locale: Locale;
	now: Date;
};

/** Checks and keeps the answers that a form gives. Returns null once they are kept, or what to show again. */
export async function takeAnswers(
	context: AppContext,
	form: FormData,
	{ registrationId, subject, status, session, questions, replacesAll, locale, now }: Taken,
): Promise<RefusedAnswers | null> {
	const words = dictionary(locale).questions.errors;
	const values = formValues(form);
	const again = (code: number, sentence: string) => ({
		status: code,
		values,
		errors: {},
		summary: [{ sentence }],
	});
	const { answers, errors } = parseAnswers(questions, values, locale);
	if (Object.keys(errors).length > 0) {
		return { status: 400, values, errors, summary: answerErrors(questions, errors, locale) };
	}
	if (!mayStillAnswer(session, status, now)) return again(409, words.tooLate);
	if (!(await withinLimitFor(context, "answers", subject, savesPerHour, 3600, now))) {
		return again(429, words.tooMany);
	}
	if (registrationId === undefined) return null;
	const kept = replacesAll ? answers : givenAnswers(answers);
	const result = await saveAnswers(context.db, registrationId, kept, now);
	return result.ok ? null : again(409, words.tooLate);
}
