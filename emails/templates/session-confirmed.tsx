import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** Enough people have registered: the date that was tentative is held. It is told once. */
export function sessionConfirmed(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	const words = t.email.sessionConfirmed;
	return registrationEmail(facts, {
		kind: "session-confirmed",
		dedupeKey: `session-confirmed:${facts.registration.id}:${facts.session.id}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro(day, time)],
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.confirmation.manageHint,
		calendar: "PUBLISH",
		expiresAt: facts.session.startsAt,
		now,
	});
}
