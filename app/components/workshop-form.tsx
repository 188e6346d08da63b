import { type Locale, locales } from "#app/domain/locale.ts";
import type { WorkshopText } from "#app/domain/workshop.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Checkbox, Field } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

const rows: {
	text: WorkshopText | "slug";
	rows?: number;
	hint?: "slugHint" | "descriptionHint" | "outcomesHint";
}[] = [
	{ text: "title" },
	{ text: "slug", hint: "slugHint" },
	{ text: "summary", rows: 2 },
	{ text: "description", rows: 9, hint: "descriptionHint" },
	{ text: "outcomes", rows: 5, hint: "outcomesHint" },
	{ text: "audience", rows: 3 },
	{ text: "bring", rows: 3 },
	{ text: "accessibility", rows: 3 },
];

/** The fields in the order of the page, each with a label that stands alone. */
export function workshopFields(locale: Locale): { name: string; label: string }[] {
	const { fields } = dictionary(locale).organizer.workshops;
	return [
		...rows.flatMap(({ text }) => locales.map((lang) => fieldOf(text, lang, locale))),
		{ name: "trainer", label: fields.trainer },
		{ name: "feedbackUrl", label: fields.feedbackUrl },
		{ name: "published", label: fields.published },
	];
}

function fieldOf(text: WorkshopText | "slug", lang: Locale, locale: Locale) {
	const { workshops, settings } = dictionary(locale).organizer;
	const language = lang === "fr" ? settings.french : settings.english;
	return { name: text + (lang === "fr" ? "Fr" : "En"), label: `${workshops.fields[text]}, ${language}` };
}

/** A workshop in both languages, side by side, with a mark where the English is missing. */
export function WorkshopForm(props: {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
}) {
	const { locale, values, sentence } = props;
	const t = dictionary(locale);
	const words = t.organizer.workshops;
	const isMissing = (text: string, lang: Locale) => {
		const [own, other] = lang === "fr" ? ["Fr", "En"] : ["En", "Fr"];
		return text !== "slug" && !values[text + own]?.trim() && Boolean(values[text + other]?.trim());
	};
	return (
		<form className="stack section" method="post" noValidate>
			{values.revision && <input type="hidden" name="revision" value={values.revision} />}
			{rows.map(({ text, rows: lines, hint }) => (
				<div key={text} className="columns">
					{locales.map((lang) => {
						const field = fieldOf(text, lang, locale);
						return (
							<Field
								key={lang}
								t={t}
								{...field}
								lang={text === "slug" ? undefined : `${lang}-CA`}
								hint={hint && words.fields[hint]}
								mark={isMissing(text, lang) ? words.toTranslate : undefined}
								rows={lines}
								spellCheck={text !== "slug"}
								value={values[field.name]}
								error={sentence(field.name)}
							/>
						);
					})}
				</div>
			))}
			<div className="columns">
				<Field
					t={t}
					name="trainer"
					label={words.fields.trainer}
					value={values.trainer}
					error={sentence("trainer")}
				/>
				<Field
					t={t}
					name="feedbackUrl"
					label={words.fields.feedbackUrl}
					hint={words.fields.feedbackHint}
					optional
					type="url"
					inputMode="url"
					spellCheck={false}
					value={values.feedbackUrl}
					error={sentence("feedbackUrl")}
				/>
			</div>
			<Checkbox name="published" label={words.fields.published} checked={"published" in values} />
			<div className="actions">
				<SubmitButton label={words.save} />
				<SubmitButton label={words.preview} name="intent" value="preview" plain />
			</div>
		</form>
	);
}
