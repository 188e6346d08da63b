import type { Locale } from "#app/domain/locale.ts";
import type { Question } from "#app/domain/question.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { QuestionFields } from "./question-fields.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** A form of its own for a workshop's questions; its action knows it by the intent `answers`. */
export function AnswersForm(props: {
	locale: Locale;
	questions: Question[];
	values: FormValues;
	errors?: Record<string, string>;
	allOptional?: boolean;
	save: string;
}) {
	const { save, ...fields } = props;
	return (
		<form className="stack" method="post" noValidate>
			<QuestionFields {...fields} />
			<input type="hidden" name="intent" value="answers" />
			<SubmitButton label={save} plain />
		</form>
	);
}
