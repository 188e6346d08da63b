import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { labelIn, longestAnswer, optionsOffered, type Question, wordsIn } from "#app/domain/question.ts";
import { answerErrors, boxField, questionField, typedIn } from "#app/forms/answers-form.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Field } from "./field.tsx";
import { InLanguage } from "./in-language.tsx";

type FieldsProps = {
	locale: Locale;
	questions: Question[];
	values: FormValues;
	/** An `AnswerError` by field. */
	errors?: Record<string, string>;
	/** Where everything is optional, no question says so. */
	allOptional?: boolean;
};

/** A workshop's questions, each with the input that suits it. */
export function QuestionFields({ locale, questions, values, errors = {}, allOptional }: FieldsProps) {
	const sentences = answerErrors(questions, errors, locale);
	return questions.map((question) => (
		<QuestionField
			key={question.id}
			locale={locale}
			question={question}
			typed={typedIn(values, question)}
			error={sentences.find(({ field }) => field === questionField(question.id))?.sentence}
			optional={!question.required && !allOptional}
		/>
	));
}

type FieldProps = {
	locale: Locale;
	question: Question;
	typed: string[];
	error?: string;
	optional: boolean;
};

function QuestionField(props: FieldProps) {
	const { locale, question, typed, error, optional } = props;
	const t = dictionary(locale);
	const label = <InLanguage {...labelIn(question, locale)} locale={locale} />;
	const name = questionField(question.id);
	const [value = ""] = typed;
	const field = { t, name, label, error, optional, value };
	switch (question.kind) {
		case "short":
			return <Field {...field} maxLength={longestAnswer.short} />;
		case "long":
			return <Field {...field} rows={4} maxLength={longestAnswer.long} />;
		case "number":
			return <Field {...field} inputMode="decimal" autoComplete="off" />;
		case "date":
			return <Field {...field} type="date" />;
		case "boolean":
		case "choice": {
			const yesNo = { yes: t.questions.yes, no: t.questions.no };
			const choices: Choice[] =
				question.kind === "boolean"
					? (["yes", "no"] as const).map((each) => ({ name, value: each, words: yesNo[each] }))
					: choicesOf(props).map((choice) => ({ ...choice, name }));
			// A round button cannot be taken back: once there is an answer, so is the way to have none.
			if (!question.required && value) choices.push({ name, value: "", words: t.questions.noAnswer });
			return <Choices {...props} label={label} type="radio" choices={choices} />;
		}
		case "choices": {
			const choices = choicesOf(props).map((choice) => ({
				...choice,
				name: boxField(question.id, choice.value),
			}));
			return (
				<Choices {...props} label={label} hint={t.questions.severalHint} type="checkbox" choices={choices} />
			);
		}
	}
}

type Choice = { name: string; value: string; words: ReactNode };

function choicesOf({ question, typed, locale }: FieldProps) {
	return optionsOffered(question, typed).map((option) => ({
		value: option.value,
		words: <InLanguage {...wordsIn(option, locale)} locale={locale} />,
	}));
}

function Choices(
	props: FieldProps & { label: ReactNode; hint?: string; type: "radio" | "checkbox"; choices: Choice[] },
) {
	const { locale, question, typed, error, optional, label, hint, type, choices } = props;
	const id = questionField(question.id);
	const hintId = hint && `${id}-hint`;
	const errorId = error && `${id}-error`;
	return (
		<fieldset aria-describedby={[errorId, hintId].filter(Boolean).join(" ") || undefined}>
			<legend className="legend">
				{label} {optional && <span className="muted">{dictionary(locale).optional}</span>}
			</legend>
			{hint && (
				<p className="hint" id={hintId}>
					{hint}
				</p>
			)}
			{error && (
				<p className="error" id={errorId}>
					{error}
				</p>
			)}
			<div className="choices brief">
				{choices.map((choice, index) => (
					<label className="choice" key={choice.value}>
						<input
							type={type}
							name={choice.name}
							// The error's link in the summary leads to the first of them.
							id={index === 0 ? id : undefined}
							value={type === "checkbox" ? "yes" : choice.value}
							defaultChecked={choice.value !== "" && typed.includes(choice.value)}
						/>
						<span>{choice.words}</span>
					</label>
				))}
			</div>
		</fieldset>
	);
}
