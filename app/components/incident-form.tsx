import { incidentRisks } from "#app/domain/incident.ts";
import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Choices } from "./choices.tsx";
import { Field } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** What the register says of an incident, each question with what somebody who is no lawyer must know to answer. */
export function IncidentForm(props: {
	locale: Locale;
	/** Made with the form of a new incident, so that it is written once. */
	id: string;
	values: FormValues;
	sentence: (name: string) => string | undefined;
}) {
	const { locale, id, values, sentence } = props;
	const t = dictionary(locale);
	const words = t.organizer.incidents;
	const field = (name: keyof typeof words.hints) => ({
		t,
		name,
		label: words.fields[name],
		hint: words.hints[name],
		value: values[name],
		error: sentence(name),
	});
	return (
		<form className="stack section medium" method="post" noValidate>
			<input type="hidden" name="id" value={id} />
			<input type="hidden" name="revision" value={values.revision ?? "0"} />
			<fieldset className="stack">
				<legend className="legend large">{words.groups.what}</legend>
				<Field {...field("circumstances")} rows={4} />
				<Field {...field("occurred")} />
				<Field {...field("learnedOn")} type="date" />
			</fieldset>
			<fieldset className="stack">
				<legend className="legend large">{words.groups.whom}</legend>
				<Field {...field("information")} rows={3} />
				<Field {...field("people")} />
			</fieldset>
			<fieldset className="stack">
				<legend className="legend large">{words.groups.risk}</legend>
				<Field {...field("measures")} rows={4} />
				<Choices
					name="risk"
					legend={words.fields.risk}
					error={sentence("risk")}
					checked={values.risk ?? "unknown"}
					options={incidentRisks.map((risk) => ({ value: risk, label: words.risks[risk] }))}
				/>
				<Field {...field("riskReasons")} rows={4} />
			</fieldset>
			<fieldset className="stack">
				<legend className="legend large">{words.groups.notices}</legend>
				<p className="hint">{words.noticesHint}</p>
				<Field {...field("commissionToldOn")} type="date" />
				<Field {...field("peopleTold")} />
				<Field {...field("publicNotice")} rows={2} />
			</fieldset>
			<SubmitButton label={words.save} />
		</form>
	);
}
