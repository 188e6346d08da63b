import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** « Votre place est réservée »: what, when, where, the calendar entry and the person's own link. */
export function confirmation(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "confirmation",
		dedupeKey: `confirmation:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.confirmation.subject(title, day),
		heading: t.email.confirmation.heading,
		paragraphs: [t.email.confirmation.intro(day, time)],
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.confirmation.manageHint,
		calendar: "PUBLISH",
		now,
	});
}

/** A seat was freed and went to this person, who was first in line. */
export function seatedFromWaitlist(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "seated",
		dedupeKey: `seated:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.seated.subject(title, day),
		heading: t.email.seated.heading,
		paragraphs: [t.email.confirmation.intro(day, time)],
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.seated.manageHint,
		calendar: "PUBLISH",
		now,
	});
}
