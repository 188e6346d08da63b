import { type Locale, locales } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Field, Select } from "./field.tsx";

/** Name, email and language of one person; `own` lets the browser fill them in. */
export function PersonFields(props: {
	locale: Locale;
	words: { name: string; email: string; emailHint?: string; locale: string };
	values: FormValues;
	sentence(name: string): string | undefined;
	own?: boolean;
	/** Stands before each id, where a page holds several such forms. */
	prefix?: string;
}) {
	const { locale, words, values, sentence, own = false, prefix } = props;
	const t = dictionary(locale);
	return (
		<>
			<Field
				t={t}
				name="name"
				idPrefix={prefix}
				label={words.name}
				autoComplete={own ? "name" : "off"}
				value={values.name}
				error={sentence("name")}
			/>
			<Field
				t={t}
				name="email"
				idPrefix={prefix}
				label={words.email}
				hint={words.emailHint}
				type="email"
				autoComplete={own ? "email" : "off"}
				spellCheck={false}
				value={values.email}
				error={sentence("email")}
			/>
			<Select
				name="locale"
				idPrefix={prefix}
				label={words.locale}
				value={values.locale ?? locale}
				options={locales.map((value) => ({ value, label: t.languageName[value] }))}
			/>
		</>
	);
}
