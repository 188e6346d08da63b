import { type Message, onceAnHour } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/**
 * Somebody typed an address that already has a place. The page said nothing of it; this email does, to that address
 * alone, and at most once an hour.
 */
export function alreadyRegistered(facts: PlaceFacts, now: Date): Message {
	const { t, title, day } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "already-registered",
		dedupeKey: onceAnHour("already-registered", facts.registration.id, now),
		subject: t.email.alreadyRegistered.subject(title, day),
		heading: t.email.alreadyRegistered.heading,
		paragraphs: [t.email.alreadyRegistered.intro, t.email.alreadyRegistered.notYou],
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.waitlisted.manageHint,
		now,
	});
}
