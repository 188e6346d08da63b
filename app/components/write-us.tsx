import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";

/** Where to write for what cannot be done online; nothing for a firm without an address. */
export function WriteUs({ locale, contactEmail }: { locale: Locale; contactEmail: string }) {
	if (!contactEmail) return null;
	return (
		<>
			{dictionary(locale).manage.writeUs} <a href={`mailto:${contactEmail}`}>{contactEmail}</a>
		</>
	);
}
