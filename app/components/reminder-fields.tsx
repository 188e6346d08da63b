import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Field, Select } from "./field.tsx";

/** When people are reminded of a session: so many days before each meeting, and at what hour. */
export function ReminderFields(props: {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
}) {
	const { locale, values, sentence } = props;
	const t = dictionary(locale);
	const words = t.organizer.session.reminder;
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	return (
		<fieldset className="stack">
			<legend className="legend large">{words.legend}</legend>
			<div className="pair">
				<Field {...field("reminderDays")} label={words.days} hint={words.daysHint} inputMode="numeric" />
				<Select
					name="reminderUnit"
					label={words.unit}
					value={values.reminderUnit}
					options={[
						{ value: "weekdays", label: words.weekdays },
						{ value: "days", label: words.allDays },
					]}
				/>
				<Field {...field("reminderTime")} label={words.time} type="time" />
			</div>
		</fieldset>
	);
}
