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
	const message = registrationEmail(facts, {
		kind: "attestation",
		dedupeKey: `attestation:${id}:${now.toISOString()}`,
		subject: words.subject(title),
		heading: words.heading,
		paragraphs: [words.intro],
		notes: [words.hours(formatDuration(minutes))],
		link: manageLink(t.email.thanks.place),
		now,
	});
	return { ...message, attachments: [id] };
}
