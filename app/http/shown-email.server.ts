import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Email } from "#db/schema.ts";
import { manageUrlPlaceholder } from "#emails/message.ts";

type ShownEmail = Pick<Email, "html" | "text" | "calendar"> & { hides: boolean };

/** A stored email as the back office may show it: the person's own link is words, and leads nowhere. */
export function shownEmail(email: Email, locale: Locale): ShownEmail {
	const { hidden } = dictionary(locale).organizer.emails;
	const hide = (text: string) => text.replaceAll(manageUrlPlaceholder, hidden);
	return {
		html: hide(email.html.replaceAll(`href="${manageUrlPlaceholder}"`, `title="${hidden}"`)),
		text: hide(email.text),
		calendar: email.calendar && hide(email.calendar),
		hides: email.html.includes(manageUrlPlaceholder),
	};
}
