import { wordsFor } from "#app/domain/email-texts.ts";
import { showReference } from "#app/domain/reference.ts";
import { isErased, isOwed, statusAt } from "#app/domain/registration.ts";
import type { Priced } from "#app/domain/taxes.ts";
import { amountRows } from "#app/i18n/amounts.ts";
import type { Booking } from "#db/schema.ts";
import type { Message } from "../message.ts";
import {
	type DateFacts,
	dateRows,
	dateValues,
	describeDate,
	Lines,
	manageLink,
	ticketEmail,
} from "./registration-email.tsx";

/** Tells the contact of a group who has a seat and who waits, with the link to the group's page. */
export function groupBooked(
	facts: DateFacts & {
		booking: Booking;
		registrations: ({ name: string } & Priced & Parameters<typeof isOwed>[1])[];
	},
	/** Its parts say why it is sent: two with the same key are one. */
	dedupeKey = `group-booked:${facts.booking.id}`,
): Message {
	const { booking } = facts;
	const known = facts.registrations.filter((one) => !isErased(one));
	const owed = known.filter((person) => isOwed(booking.sessionId, person));
	const registrations = known.map((person) => ({
		...person,
		status: statusAt(booking.sessionId, person),
	}));
	const date = describeDate(facts, booking.contactLocale);
	const { t, title, day } = date;
	const words = t.email.groupBooked;
	const counted = (one: string) => registrations.filter(({ status }) => status === one).length;
	const coming = registrations.length - counted("cancelled");
	const [seated, moved] = [counted("confirmed"), counted("elsewhere")];
	const waiting = coming - seated - moved;
	const people = registrations
		.map(({ name, status }) =>
			status === "confirmed" ? name : `${name} (${t.statusWord[status].toLowerCase()})`,
		)
		.join("\n");
	const rows = [
		...dateRows(date),
		{ label: words.people, value: people, apart: true, node: <Lines text={people} /> },
		{ label: t.email.reference, value: showReference(booking.reference) },
		...amountRows(owed, facts.firm, booking.contactLocale),
	];
	const kind = "group-booked" as const;
	const locale = booking.contactLocale;
	const count = words.count(coming);
	const nobody = moved > 0 ? t.booked.movedTitle : t.group.none;
	const outcome = seated + waiting === 0 ? nobody : t.booked.groupTitle(seated, waiting);
	const own = { subject: words.subject(count, title, day), heading: outcome, paragraphs: [words.intro] };
	const values = { ...dateValues(date), name: booking.contactName, people: count, outcome };
	const said = wordsFor(facts.firm.emailTexts, { kind, locale }, own, values);
	const message = {
		kind,
		dedupeKey,
		...said,
		paragraphs: [...said.paragraphs, ...(waiting > 0 ? [t.booked.seatFreed] : [])],
		link: manageLink(words.manage),
		linkHint: words.manageHint,
	};
	return {
		...ticketEmail(facts, message, rows, locale),
		owner: { bookingId: booking.id, tokenVersion: booking.tokenVersion },
		to: { name: booking.contactName, address: booking.contactEmail },
	};
}
