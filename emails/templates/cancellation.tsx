import type { Message } from "../message.ts";
import { describePlace, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** Confirms that a place was given up, and with it all that was known of somebody; a seat's calendar entry is withdrawn. */
export function cancellation(facts: PlaceFacts, was: "seat" | "waiting", now: Date, erased = false): Message {
	const { t, title, day, workshopUrl } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "cancellation",
		dedupeKey: `cancellation:${facts.registration.id}`,
		subject: t.email.cancellation.subject(title, day),
		heading: t.email.cancellation.heading,
		paragraphs: [was === "seat" ? t.email.cancellation.intro : t.email.cancellation.introWaitlist],
		notes: erased ? [t.email.cancellation.erased] : [],
		link: { label: t.email.cancellation.again, url: workshopUrl },
		calendar: was === "seat" ? "CANCEL" : undefined,
		fixed: was === "waiting",
		now,
	});
}
