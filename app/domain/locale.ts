/** The languages of the site, French first: it is the default and the source. */
export const locales = ["fr", "en"] as const;
export type Locale = (typeof locales)[number];

/** A language that was named in an address or a form, or undefined. */
export function localeFrom(text: string | null): Locale | undefined {
	return locales.find((locale) => locale === text);
}
