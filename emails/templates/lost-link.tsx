import { type Message, onceAnHour } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** The link to somebody's own page, asked for again; once an hour at most. */
export function lostLink(facts: PlaceFacts, now: Date): Message {
	const { t, title, day } = describePlace(facts);
	const words = t.email.lostLink;
	return registrationEmail(facts, {
		kind: "lost-link",
		dedupeKey: onceAnHour("lost-link", facts.registration.id, now),
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro],
		link: manageLink(t.email.confirmation.manage),
		linkHint: words.notYou,
		now,
	});
}
