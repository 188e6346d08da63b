import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { Email } from "#db/schema.ts";
import {
	manageUrlPlaceholder,
	preferencesUrlPlaceholder,
	unsubscribeUrlPlaceholder,
} from "#emails/message.ts";

const personal = [manageUrlPlaceholder, preferencesUrlPlaceholder, unsubscribeUrlPlaceholder];

type ShownEmail = Pick<Email, "html" | "text" | "calendar"> & { hides: boolean };

/** A stored email as the back office may show it: the person's own link is words, and leads nowhere. */
export function shownEmail(email: Pick<Email, "html" | "text" | "calendar">, locale: Locale): ShownEmail {
	const { hidden } = dictionary(locale).organizer.emails;
	const hide = (text: string) => personal.reduce((shown, url) => shown.replaceAll(url, hidden), text);
	const hideLink = (html: string) =>
		personal.reduce((shown, url) => shown.replaceAll(`href="${url}"`, `title="${hidden}"`), html);
	return {
		html: hide(hideLink(email.html)),
		text: hide(email.text),
		calendar: email.calendar && hide(email.calendar),
		hides: email.html.includes(manageUrlPlaceholder),
	};
}
