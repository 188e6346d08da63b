import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** The person has another date now; the same calendar entry moves there (same UID, higher SEQUENCE). */
export function switched(facts: PlaceFacts, before: string, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	const words = t.email.switched;
	return registrationEmail(facts, {
		kind: "switched",
		dedupeKey: `switched:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [t.email.confirmation.intro(day, time), words.before(before)],
		values: { before },
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.confirmation.manageHint,
		calendar: "PUBLISH",
		now,
	});
}
