import type { Message } from "../message.ts";
import { describePlace, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** Tells the address that was corrected that nothing more will come to it. It does not say where it goes instead. */
export function addressCorrected(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, workshopUrl } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "address-corrected",
		dedupeKey: `address-corrected:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.addressCorrected.subject(title, day),
		heading: t.email.addressCorrected.heading,
		paragraphs: [t.email.addressCorrected.intro, t.email.addressCorrected.notYou],
		link: { label: t.email.addressCorrected.see, url: workshopUrl },
		now,
	});
}
