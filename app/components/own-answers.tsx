import type { Locale } from "#app/domain/locale.ts";
import { type AnswerValue, labelIn, type Question } from "#app/domain/question.ts";
import { answerValues } from "#app/forms/answers-form.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { answerText } from "#app/i18n/answer.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { AnswersForm } from "./answers-form.tsx";
import { InLanguage } from "./in-language.tsx";
import { DoneNotice } from "./organizer-page.tsx";

type OwnQuestion = Question & { value: AnswerValue | null; archivedAt: Date | null };

/** What one person answered, and the form to change it; nothing for a workshop that asks nothing. */
export function OwnAnswers(props: {
	locale: Locale;
	questions: OwnQuestion[];
	mayAnswer: boolean;
	saved: boolean;
	refused?: { values: FormValues; errors: Record<string, string> };
}) {
	const { locale, questions, mayAnswer, saved, refused } = props;
	const words = dictionary(locale).questions.own;
	const answered = questions.flatMap((question) =>
		question.value === null ? [] : [{ question, value: question.value }],
	);
	const asked = mayAnswer ? questions.filter(({ archivedAt }) => !archivedAt) : [];
	if (answered.length === 0 && asked.length === 0) return null;
	const owed = asked.some(({ required, value }) => required && value === null);
	return (
		<section className="section" id="answers">
			<h2>{words.title}</h2>
			{saved && !refused && <DoneNotice>{words.saved}</DoneNotice>}
			{answered.length > 0 && (
				<dl className="answers">
					{answered.map(({ question, value }) => (
						<div key={question.id}>
							<dt>
								<InLanguage {...labelIn(question, locale)} locale={locale} />
							</dt>
							<dd>{answerText(question, value, locale)}</dd>
						</div>
					))}
				</dl>
			)}
			{asked.length > 0 && (
				<details open={owed || Boolean(refused)}>
					<summary>{answered.length > 0 ? words.edit : words.answer}</summary>
					<AnswersForm
						locale={locale}
						questions={asked}
						values={refused?.values ?? answerValues(questions, locale)}
						errors={refused?.errors}
						save={words.save}
					/>
				</details>
			)}
		</section>
	);
}
