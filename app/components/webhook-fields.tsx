import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Field } from "./field.tsx";

/** Whom a webhook talks to, and where. */
export function WebhookFields(props: {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
	/** Whether addresses of the host's own network are taken. */
	inside: boolean;
}) {
	const { locale, values, sentence, inside } = props;
	const t = dictionary(locale);
	const words = t.organizer.webhooks;
	const field = (name: "name" | "url") => ({ t, name, value: values[name], error: sentence(name) });
	return (
		<>
			<Field {...field("name")} label={words.name} hint={words.nameHint} autoComplete="off" />
			<Field
				{...field("url")}
				label={words.url}
				hint={inside ? words.urlHintInside : words.urlHint}
				type="url"
				autoComplete="off"
				spellCheck={false}
			/>
		</>
	);
}
