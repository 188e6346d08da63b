import type { EditableKind, EmailText } from "#app/domain/email-texts.ts";
import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";

/** An email's own words as an organizer finds them before changing them, with the variables in their places. */
export function ownText(kind: EditableKind, locale: Locale): EmailText {
	const { email } = dictionary(locale);
	const [session, date, time] = ["{{session}}", "{{date}}", "{{time}}"] as const;
	const { subject } = email[kind];
	switch (kind) {
		case "confirmation":
		case "seated":
			return {
				subject: subject(session, date),
				heading: email[kind].heading,
				body: email.confirmation.intro(date, time),
			};
		case "reminder":
			return {
				subject: subject(session, date),
				heading: email.reminder.heading(date),
				body: email.reminder.intro(time),
			};
		case "cancellation":
			return {
				subject: subject(session, date),
				heading: email.cancellation.heading,
				body: email.cancellation.intro,
			};
	}
}
