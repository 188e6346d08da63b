import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Field } from "./field.tsx";

/** What an employer may want to read on the invoice, folded away from whoever pays alone. */
export function BillingFields(props: {
	locale: Locale;
	values: FormValues;
	/** The sentence of a field in error. */
	sentence(name: string): string | undefined;
}) {
	const { locale, values, sentence } = props;
	const t = dictionary(locale);
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name), optional: true });
	return (
		<details className="colleagues" open={Boolean(values.poNumber || values.billingAddress)}>
			<summary>{t.register.billing}</summary>
			<div className="stack">
				<Field {...field("poNumber")} label={t.billing.poNumber} autoComplete="off" />
				<Field
					{...field("billingAddress")}
					label={t.billing.address}
					rows={3}
					autoComplete="billing street-address"
				/>
			</div>
		</details>
	);
}
