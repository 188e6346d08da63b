import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Checkbox, Field } from "./field.tsx";

/** What people receive the morning after a session. */
export function ThanksFields(props: {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
}) {
	const { locale, values, sentence } = props;
	const t = dictionary(locale);
	const words = t.organizer.session.after;
	return (
		<fieldset className="stack">
			<legend className="legend large">{words.legend}</legend>
			<Checkbox name="thanks" label={words.thanks} checked={"thanks" in values} />
			<Field
				t={t}
				name="feedbackUrl"
				label={words.feedbackUrl}
				hint={words.feedbackHint}
				optional
				type="url"
				inputMode="url"
				spellCheck={false}
				value={values.feedbackUrl}
				error={sentence("feedbackUrl")}
			/>
		</fieldset>
	);
}
