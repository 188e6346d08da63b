import type { EditableKind, EmailText } from "#app/domain/email-texts.ts";
import type { Locale } from "#app/domain/locale.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { dictionary } from "#app/i18n/translate.ts";

const [session, date, time, people] = ["{{session}}", "{{date}}", "{{time}}", "{{people}}"] as const;

type Words = { subject: string; heading: string; paragraphs: string[] };

/** Each email's own words with the variables in their places. */
const words = {
	confirmation: (t) => ({
		subject: t.confirmation.subject(session, date),
		heading: t.confirmation.heading,
		paragraphs: [t.confirmation.intro(date, time)],
	}),
	"group-booked": (t) => ({
		subject: t.groupBooked.subject(people, session, date),
		heading: "{{outcome}}",
		paragraphs: [t.groupBooked.intro],
	}),
	waitlisted: (t) => ({
		subject: t.waitlisted.subject(session, date),
		heading: t.waitlisted.heading,
		paragraphs: [t.waitlisted.intro("{{rank}}")],
	}),
	offered: (t) => ({
		subject: t.offered.subject(session, date),
		heading: t.offered.heading,
		paragraphs: [t.offered.intro("{{deadline}}"), t.offered.otherwise],
	}),
	"offer-lapsed": (t) => ({
		subject: t.offerLapsed.subject(session, date),
		heading: t.offerLapsed.heading,
		paragraphs: [t.offerLapsed.intro],
	}),
	seated: (t) => ({
		subject: t.seated.subject(session, date),
		heading: t.seated.heading,
		paragraphs: [t.confirmation.intro(date, time)],
	}),
	switched: (t) => ({
		subject: t.switched.subject(session, date),
		heading: t.switched.heading,
		paragraphs: [t.confirmation.intro(date, time), t.switched.before("{{before}}")],
	}),
	"gave-seat": (t) => ({
		subject: t.gaveSeat.subject(session, date),
		heading: t.gaveSeat.heading,
		paragraphs: [t.gaveSeat.intro],
	}),
	"received-seat": (t) => ({
		subject: t.confirmation.subject(session, date),
		heading: t.confirmation.heading,
		paragraphs: [t.receivedSeat.intro("{{giver}}"), t.confirmation.intro(date, time)],
	}),
	"session-changed": (t) => ({
		subject: t.sessionChanged.subject(session, date),
		heading: t.sessionChanged.heading,
		paragraphs: [t.sessionChanged.intro.confirmed],
	}),
	"session-confirmed": (t) => ({
		subject: t.sessionConfirmed.subject(session, date),
		heading: t.sessionConfirmed.heading,
		paragraphs: [t.sessionConfirmed.intro(date, time)],
	}),
	"session-cancelled": (t) => ({
		subject: t.sessionCancelled.subject(session, date),
		heading: t.sessionCancelled.heading(date),
		paragraphs: [t.sessionCancelled.intro],
	}),
	cancellation: (t) => ({
		subject: t.cancellation.subject(session, date),
		heading: t.cancellation.heading,
		paragraphs: [t.cancellation.intro],
	}),
	reminder: (t) => ({
		subject: t.reminder.subject(session, date),
		heading: t.reminder.heading(date),
		paragraphs: [t.reminder.intro(time)],
	}),
	thanks: (t) => ({
		subject: t.thanks.subject(session),
		heading: t.thanks.heading,
		paragraphs: [t.thanks.intro],
	}),
	attestation: (t) => ({
		subject: t.attestation.subject(session),
		heading: t.attestation.heading,
		paragraphs: [t.attestation.intro],
	}),
} satisfies Record<EditableKind, (t: Dictionary["email"]) => Words>;

/** An email's own words as an organizer finds them before changing them, with the variables in their places. */
export function ownText(kind: EditableKind, locale: Locale): EmailText {
	const { subject, heading, paragraphs } = words[kind](dictionary(locale).email);
	return { subject, heading, body: paragraphs.join("\n\n") };
}
