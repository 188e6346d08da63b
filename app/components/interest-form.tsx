import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { useSite } from "./document.tsx";
import { Checkbox, Field } from "./field.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** Leaves an address for the next announcement: with a box that is not ticked beforehand (LCAP/CASL, s. 6). */
export function InterestForm(props: {
	locale: Locale;
	values: Record<string, string>;
	sentence(name: string): string | undefined;
}) {
	const { locale, values, sentence } = props;
	const t = dictionary(locale);
	return (
		<form className="stack section" method="post" action={paths.interest(locale)} noValidate>
			<Field
				t={t}
				name="email"
				label={t.interest.email}
				type="email"
				autoComplete="email"
				value={values.email}
				error={sentence("email")}
			/>
			<Checkbox
				name="consent"
				label={t.interest.consent(useSite().name)}
				checked={"consent" in values}
				error={sentence("consent")}
			/>
			<SubmitButton label={t.interest.submit} />
		</form>
	);
}
