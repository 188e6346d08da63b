import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** To the person who handed their seat over: it is no longer theirs, and their calendar entry goes. */
export function gaveSeat(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, workshopUrl } = describePlace(facts);
	const words = t.email.gaveSeat;
	return registrationEmail(facts, {
		kind: "gave-seat",
		dedupeKey: `gave-seat:${facts.registration.id}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro],
		link: { label: t.email.cancellation.again, url: workshopUrl },
		calendar: "CANCEL",
		now,
	});
}

/** To the person who received it: whose seat it was, what and when, and a link of their own. */
export function receivedSeat(facts: PlaceFacts, giver: string, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "received-seat",
		dedupeKey: `received-seat:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.confirmation.subject(title, day),
		heading: t.email.confirmation.heading,
		paragraphs: [t.email.receivedSeat.intro(giver), t.email.confirmation.intro(day, time)],
		values: { giver },
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.confirmation.manageHint,
		calendar: "PUBLISH",
		now,
	});
}
