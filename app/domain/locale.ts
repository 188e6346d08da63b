/** The languages of the site, French first: it is the default and the source. */
export const locales = ["fr", "en"] as const;
export type Locale = (typeof locales)[number];

/** The language that a page offers beside its own. */
export function otherLocale(locale: Locale): Locale {
	return locale === "fr" ? "en" : "fr";
}

/** A language that was named in an address or a form, or undefined. */
export function localeFrom(text: string | null): Locale | undefined {
	return locales.find((locale) => locale === text);
}
