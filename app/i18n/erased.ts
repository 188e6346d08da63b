import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "./translate.ts";

/** A name or a subject as organizers read it: « Effacé » where the time to keep it is over. */
export function orErased(text: string, locale: Locale): string {
	return text || dictionary(locale).organizer.erased;
}
