import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

const hour = 3600 * 1000;

/** The link to somebody's own page, asked for again; once an hour at most. */
export function lostLink(facts: PlaceFacts, now: Date): Message {
	const { t, title, day } = describePlace(facts);
	const words = t.email.lostLink;
	return registrationEmail(facts, {
		kind: "lost-link",
		dedupeKey: `lost-link:${facts.registration.id}:${Math.floor(now.getTime() / hour)}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro],
		link: manageLink(t.email.confirmation.manage),
		linkHint: words.notYou,
		now,
	});
}
