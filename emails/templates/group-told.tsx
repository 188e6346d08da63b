import { showReference } from "#app/domain/reference.ts";
import { changesFor, type PlanChange } from "#app/domain/session-change.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Booking } from "#db/schema.ts";
import type { Message } from "../message.ts";
import {
	type DateFacts,
	dateRows,
	describeDate,
	Lines,
	manageLink,
	type PlaceWords,
	ticketEmail,
} from "./registration-email.tsx";
import { changeLines } from "./session-changed.tsx";

type GroupFacts = DateFacts & { booking: Booking; names: string[] };

/** Tells whoever booked for others, and is among none of them, what changed about their date. `facts` is the session as it now is. */
export function groupSessionChanged(
	facts: GroupFacts,
	before: Pick<SessionDetails, "session" | "meetings">,
	changes: PlanChange[],
): Message {
	const { booking, session } = facts;
	const after = describeDate(facts, booking.contactLocale);
	const { t, title, day } = after;
	const words = t.email.sessionChanged;
	return groupTold(facts, {
		kind: "session-changed",
		dedupeKey: `session-changed:${booking.id}:${session.id}:${session.revision}`,
		subject: words.subject(title, day),
		heading: changes.includes("when") ? words.groupWhen : words.group,
		paragraphs: [words.groupIntro],
		changes: changeLines(facts, before, changesFor(changes, "waitlisted"), booking.contactLocale),
	});
}

/** Tells them that the date is cancelled, in the organizer's own words if there are some. */
export function groupSessionCancelled(facts: GroupFacts, own: string): Message {
	const { booking, session } = facts;
	const { t, title, day } = describeDate(facts, booking.contactLocale);
	const words = t.email.sessionCancelled;
	return groupTold(facts, {
		kind: "session-cancelled",
		dedupeKey: `session-cancelled:${booking.id}:${session.id}`,
		subject: words.subject(title, day),
		heading: words.heading(day),
		paragraphs: [words.groupIntro],
		notes: own.split(/\n+/).filter(Boolean),
	});
}

function groupTold(facts: GroupFacts, words: Omit<PlaceWords, "link" | "now">): Message {
	const { booking, names } = facts;
	const locale = booking.contactLocale;
	const date = describeDate(facts, locale);
	const { groupBooked, reference } = date.t.email;
	const people = names.join("\n");
	const rows = [
		...dateRows(date),
		{ label: groupBooked.people, value: people, apart: true, node: <Lines text={people} /> },
		{ label: reference, value: showReference(booking.reference) },
	];
	const paragraphs = [...words.paragraphs, ...(words.notes ?? [])];
	const link = manageLink(groupBooked.manage);
	return {
		...ticketEmail(facts, { ...words, paragraphs, link, linkHint: groupBooked.manageHint }, rows, locale),
		owner: { bookingId: booking.id, tokenVersion: booking.tokenVersion },
		to: { name: booking.contactName, address: booking.contactEmail },
	};
}
