import type { Locale } from "#app/domain/locale.ts";
import { chosenWords, labelIn, questionLacksEnglish } from "#app/domain/question.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { QuestionRow } from "#db/schema.ts";
import { InLanguage } from "./in-language.tsx";

/** The questions of a workshop in the order they are asked, with what can be done to each. */
export function QuestionRows(props: {
	locale: Locale;
	questions: (QuestionRow & { answers: number | null })[];
	archived?: boolean;
}) {
	const { locale, questions, archived } = props;
	const { questions: words, workshops } = dictionary(locale).organizer;
	return (
		<ol className="questions">
			{questions.map((question, index) => {
				const label = labelIn(question, locale);
				const offered = question.options.filter(({ retired }) => !retired).map(({ value }) => value);
				const facts = [
					words.kinds[question.kind],
					words.moments[question.askedAt],
					question.required ? words.required : words.optional,
					words.answers(question.answers ?? 0),
				];
				return (
					<li key={question.id}>
						<div>
							<a className="row-link" href={paths.organizer.question(question.workshopId, question.id)}>
								<InLanguage {...label} locale={locale} />
							</a>{" "}
							{questionLacksEnglish(question) && <span className="tag warn">{workshops.toTranslate}</span>}
							<p className="small muted">{facts.join(" · ")}</p>
							{offered.length > 0 && (
								<p className="small muted">{chosenWords(question, offered, locale).join(" / ")}</p>
							)}
						</div>
						<form method="post" className="also small">
							<input type="hidden" name="question" value={question.id} />
							{archived ? (
								<Act intent="restore" word={words.restore} full={words.restoreFor(label.text)} />
							) : (
								<>
									{index > 0 && <Act intent="up" word={words.up} full={words.upFor(label.text)} />}
									{index < questions.length - 1 && (
										<Act intent="down" word={words.down} full={words.downFor(label.text)} />
									)}
									<Act intent="archive" word={words.archive} full={words.archiveFor(label.text)} />
								</>
							)}
						</form>
					</li>
				);
			})}
		</ol>
	);
}

function Act({ intent, word, full }: { intent: string; word: string; full: string }) {
	return (
		<button type="submit" className="link-button" name="intent" value={intent} aria-label={full}>
			{word}
		</button>
	);
}
