import type { Message } from "../message.ts";
import { describePlace, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/**
 * The last email about a place: what it said of somebody is erased, and with it the place where it was still to be used. It is
 * erased itself once it has left.
 */
export function erased(facts: PlaceFacts, was: "seat" | "waiting" | null, now: Date): Message {
	const { t, title, day, workshopUrl } = describePlace(facts);
	const { erased: words, cancellation } = t.email;
	const place = was && { seat: cancellation.intro, waiting: cancellation.introWaitlist }[was];
	return registrationEmail(facts, {
		kind: "erased",
		dedupeKey: `erased:${facts.registration.id}`,
		subject: words.subject(title, day),
		heading: words.heading,
		paragraphs: [words.intro, ...(place ? [place] : []), words.last],
		link: { label: cancellation.again, url: workshopUrl },
		calendar: was === "seat" ? "CANCEL" : undefined,
		fixed: true,
		last: true,
		now,
	});
}
