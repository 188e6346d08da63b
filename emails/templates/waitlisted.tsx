import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** « Vous êtes sur la liste d’attente », with the position at that moment. */
export function waitlisted(facts: PlaceFacts, position: number, now: Date): Message {
	const { t, title, day } = describePlace(facts);
	const rank = t.email.waitlisted.rank(position);
	return registrationEmail(facts, {
		kind: "waitlisted",
		dedupeKey: `waitlisted:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.waitlisted.subject(title, day),
		heading: t.email.waitlisted.heading,
		paragraphs: [t.email.waitlisted.intro(rank)],
		values: { rank },
		link: manageLink(t.email.waitlisted.manage),
		linkHint: t.email.waitlisted.manageHint,
		now,
	});
}
