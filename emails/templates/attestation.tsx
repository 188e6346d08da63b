import { formatDuration } from "#app/i18n/format.ts";
import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** A proof of participation for so many minutes, attached; asked for again at another instant, it goes out again. */
export function attestationEmail(
	facts: PlaceFacts,
	{ id, minutes }: { id: string; minutes: number },
	now: Date,
): Message {
	const { t, title } = describePlace(facts);
	const words = t.email.attestation;
	const { name, email } = facts.registration;
	// Without an address of their own, it is the contact who reads.
	const own = email
		? { subject: words.subject(title), heading: words.heading, paragraphs: [words.intro] }
		: {
				subject: words.subjectOf(name, title),
				heading: words.headingOf(name),
				paragraphs: [words.introOf(name)],
				fixed: true,
			};
	const message = registrationEmail(facts, {
		kind: "attestation",
		dedupeKey: `attestation:${id}:${now.toISOString()}`,
		...own,
		notes: [words.hours(formatDuration(minutes))],
		link: manageLink(t.email.thanks.place),
		now,
	});
	return { ...message, attachments: [id] };
}
