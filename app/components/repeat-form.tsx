import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Field } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

const rhythms = ["7", "14", "chosen"] as const;

/** How a date is repeated. Sent by GET: what it shows is a preview, which writes nothing. */
export function RepeatForm(props: {
	locale: Locale;
	values: FormValues;
	chosenDates: string[];
	sentence: (name: string) => string | undefined;
}) {
	const { locale, values, chosenDates, sentence } = props;
	const t = dictionary(locale);
	const words = t.organizer.repeat;
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	return (
		<form className="stack rhythm" noValidate>
			<fieldset>
				<legend className="legend large">{words.rhythm}</legend>
				<div className="choices">
					{rhythms.map((value) => (
						<label key={value} className="choice">
							<input type="radio" name="rhythm" value={value} defaultChecked={values.rhythm === value} />
							<span>{words.rhythms[value]}</span>
						</label>
					))}
				</div>
			</fieldset>
			<div className="pair by-weeks">
				<Field {...field("first")} label={words.first} type="date" />
				<Field {...field("count")} label={words.count} inputMode="numeric" />
			</div>
			<fieldset className="by-choice">
				<legend className="legend">{words.chosen}</legend>
				<div className="pair">
					{chosenDates.map((name, index) => (
						<Field key={name} {...field(name)} label={words.chosenDate(index + 1)} type="date" />
					))}
				</div>
			</fieldset>
			<SubmitButton label={words.preview} plain />
		</form>
	);
}
