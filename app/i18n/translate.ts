import type { Locale } from "#app/domain/locale.ts";
import { en } from "./en.ts";
import { type Dictionary, fr } from "./fr.ts";

const dictionaries: Record<Locale, Dictionary> = { fr, en };

/** Every sentence of the site, in one language. */
export function dictionary(locale: Locale): Dictionary {
	return dictionaries[locale];
}
