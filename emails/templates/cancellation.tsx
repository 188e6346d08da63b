import type { Message } from "../message.ts";
import { describePlace, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** Confirms that a place was given up; a seat's calendar entry is withdrawn with it. */
export function cancellation(facts: PlaceFacts, was: "seat" | "waiting", now: Date): Message {
	const { t, title, day, workshopUrl } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "cancellation",
		dedupeKey: `cancellation:${facts.registration.id}`,
		subject: t.email.cancellation.subject(title, day),
		heading: t.email.cancellation.heading,
		paragraphs: [was === "seat" ? t.email.cancellation.intro : t.email.cancellation.introWaitlist],
		link: { label: t.email.cancellation.again, url: workshopUrl },
		calendar: was === "seat" ? "CANCEL" : undefined,
		fixed: was === "waiting",
		now,
	});
}
