import { formatDeadline } from "#app/i18n/format.ts";
import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** « Une place vous est offerte », until when it is held, and the link to take it or to pass. */
export function offered(facts: PlaceFacts, expiresAt: Date, now: Date): Message {
	const { t, locale, title, day } = describePlace(facts);
	const words = t.email.offered;
	// Close to the start all offers end at the same moment: whoever declined and came back to the list may have two.
	const { id, tokenVersion, calendarSequence } = facts.registration;
	const deadline = formatDeadline(expiresAt, locale, facts.session.zone);
	return registrationEmail(facts, {
		kind: "offered",
		dedupeKey: `offered:${id}:${expiresAt.toISOString()}:${tokenVersion}:${calendarSequence}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro(deadline), words.otherwise],
		values: { deadline },
		link: manageLink(words.manage),
		linkHint: words.manageHint,
		now,
	});
}

/** Nobody answered in time: the seat went to the next party, and there is a way back to the end of the list. */
export function offerLapsed(facts: PlaceFacts, offerId: string, now: Date): Message {
	const { t, title, day } = describePlace(facts);
	const words = t.email.offerLapsed;
	return registrationEmail(facts, {
		kind: "offer-lapsed",
		dedupeKey: `offer-lapsed:${facts.registration.id}:${offerId}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro],
		link: manageLink(words.manage),
		linkHint: words.manageHint,
		now,
	});
}
