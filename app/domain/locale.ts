/** The languages of the site, French first: it is the default and the source. */
export const locales = ["fr", "en"] as const;
export type Locale = (typeof locales)[number];
