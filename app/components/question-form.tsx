import { type Locale, locales } from "#app/domain/locale.ts";
import { askedMoments, longestLabel, type Question, questionKinds } from "#app/domain/question.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { optionFields } from "#app/forms/question-form.ts";
import { formatList } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Checkbox, Field, Select } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

type FormProps = {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
	/** The question as it is stored, or null for a new one. */
	question: Pick<Question, "kind" | "options"> | null;
	answered: boolean;
};

/** A question in both languages, side by side; its choices are asked for where its kind has some. */
export function QuestionForm({ locale, values, sentence, question, answered }: FormProps) {
	const t = dictionary(locale);
	const words = t.organizer.questions;
	const { fields } = words;
	const bilingual = { locale, values, sentence };
	return (
		<form className="stack section question-form" method="post" noValidate>
			<Pair {...bilingual} names={{ fr: "labelFr", en: "labelEn" }} label={fields.label} />
			{answered && question && (
				<div>
					<p className="legend">{fields.kind}</p>
					<p>{words.kinds[question.kind]}</p>
					<p className="hint">{fields.kindFrozen}</p>
					<input type="hidden" name="kind" value={question.kind} />
				</div>
			)}
			<div className="columns">
				{!answered && (
					<Select
						name="kind"
						label={fields.kind}
						value={values.kind}
						error={sentence("kind")}
						options={questionKinds.map((kind) => ({ value: kind, label: words.kinds[kind] }))}
					/>
				)}
				<Select
					name="askedAt"
					label={fields.askedAt}
					value={values.askedAt}
					error={sentence("askedAt")}
					options={askedMoments.map((moment) => ({ value: moment, label: words.moments[moment] }))}
				/>
			</div>
			<Checkbox
				name="required"
				label={fields.required}
				hint={fields.requiredHint}
				checked={"required" in values}
			/>
			<Options {...bilingual} question={question} />
			<SubmitButton label={words.save} />
		</form>
	);
}

type BilingualProps = Pick<FormProps, "locale" | "values" | "sentence">;

function Options({ question, ...bilingual }: BilingualProps & Pick<FormProps, "question">) {
	const { locale } = bilingual;
	const { fields } = dictionary(locale).organizer.questions;
	const offered = question?.options.filter(({ retired }) => !retired) ?? [];
	const retired = question?.options.filter((option) => option.retired) ?? [];
	return (
		<fieldset className="stack options">
			<legend className="legend large">{fields.options}</legend>
			{offered.length > 0 && <p className="hint">{fields.optionHint}</p>}
			{offered.map(({ value }, index) => (
				<Pair key={value} {...bilingual} names={optionFields(value)} label={fields.option(index + 1)} />
			))}
			{retired.length > 0 && (
				<p className="hint">
					{fields.retired(
						formatList(
							retired.map(({ fr, en }) => (locale === "en" && en) || fr),
							locale,
						),
					)}
				</p>
			)}
			<Pair
				{...bilingual}
				names={{ fr: "addedFr", en: "addedEn" }}
				label={offered.length > 0 ? fields.added : fields.addedFirst}
				hint={fields.addedHint}
				rows={5}
			/>
		</fieldset>
	);
}

function Pair(
	props: BilingualProps & {
		names: { fr: string; en: string };
		label: string;
		hint?: string;
		rows?: number;
	},
) {
	const { locale, values, sentence, names, label, hint, rows } = props;
	const t = dictionary(locale);
	const { settings, workshops } = t.organizer;
	const lacksEnglish = Boolean(values[names.fr]?.trim()) && !values[names.en]?.trim();
	return (
		<div className="columns">
			{locales.map((lang) => (
				<Field
					key={lang}
					t={t}
					name={names[lang]}
					label={`${label}, ${lang === "fr" ? settings.french : settings.english}`}
					lang={`${lang}-CA`}
					hint={hint}
					mark={lang === "en" && lacksEnglish ? workshops.toTranslate : undefined}
					rows={rows}
					maxLength={rows ? undefined : longestLabel}
					value={values[names[lang]]}
					error={sentence(names[lang])}
				/>
			))}
		</div>
	);
}
