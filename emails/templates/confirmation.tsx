import { randomBytes, randomUUID } from "node:crypto";
import { renderToStaticMarkup } from "react-dom/server";
import { referenceFromBytes, showReference } from "#app/domain/reference.ts";
import { tentativeUntil } from "#app/domain/session.ts";
import type { Message } from "../message.ts";
import {
	describePlace,
	manageLink,
	ownerAndReader,
	type PlaceFacts,
	registrationEmail,
} from "./registration-email.tsx";

/** « Votre place est réservée »: what, when, where, the calendar entry and the person's own link. */
export function confirmation(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "confirmation",
		dedupeKey: `confirmation:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.confirmation.subject(title, day),
		heading: t.email.confirmation.heading,
		paragraphs: [t.email.confirmation.intro(day, time)],
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.confirmation.manageHint,
		calendar: "PUBLISH",
		now,
	});
}

/** As long as what they stand for, as the lines of a calendar entry are folded by their length (RFC 5545 §3.1). */
const standIn = { id: randomUUID(), name: randomUUID(), reference: referenceFromBytes(randomBytes(5)) };

const pages = new Map<string, Message>();
const mostPages = 100;

/**
 * The same message for people who sign up together: its page is rendered once as long as nothing on it changes, then gets
 * each person's own words. What is returned is to the letter what `confirmation` makes of the same facts at the beginning
 * of the minute.
 */
export function confirmations(now: Date): (facts: PlaceFacts) => Message {
	const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
	const ofThese = new Map<string, Message>();
	return (facts) => {
		// An invitation names its reader, in lines that are folded by their length.
		if (facts.firm.calendarInvitations) return confirmation(facts, minute);
		const { locale, calendarSequence } = facts.registration;
		const frame = `${locale} ${calendarSequence} ${facts.session.id}`;
		const page = ofThese.get(frame) ?? pageOf(facts, minute);
		ofThese.set(frame, page);
		return forPerson(page, facts);
	};
}

function pageOf(facts: PlaceFacts, now: Date): Message {
	const { booking, registration, ...shared } = facts;
	const { seatsTaken, seatsWaiting, waitlistSeq, ...plan } = facts.session;
	const { locale, calendarSequence } = registration;
	const session = [plan, tentativeUntil(facts.session, now)];
	const key = JSON.stringify([{ ...shared, session }, locale, calendarSequence, now]);
	const known = pages.get(key);
	if (known) return known;
	const { id, name, reference } = standIn;
	const calendarUid = registration.calendarUid.replace(registration.id, id);
	const page = confirmation(
		{
			...facts,
			booking: { ...booking, reference },
			registration: { ...registration, id, name, calendarUid },
		},
		now,
	);
	if (pages.size >= mostPages) pages.clear();
	pages.set(key, page);
	return page;
}

function forPerson(page: Message, { registration, booking }: PlaceFacts): Message {
	const fill = (text: string, name: string) =>
		text
			.replaceAll(standIn.id, registration.id)
			.replaceAll(showReference(standIn.reference), showReference(booking.reference))
			.replaceAll(standIn.name, () => name);
	const { name } = registration;
	return {
		...page,
		...ownerAndReader(registration, booking),
		dedupeKey: fill(page.dedupeKey, name),
		subject: fill(page.subject, name),
		html: fill(page.html, renderToStaticMarkup(name)),
		text: fill(page.text, name),
		calendar: page.calendar && { ...page.calendar, content: fill(page.calendar.content, name) },
	};
}

/** A seat was freed and went to this person, who was first in line. */
export function seatedFromWaitlist(facts: PlaceFacts, now: Date): Message {
	const { t, title, day, time } = describePlace(facts);
	return registrationEmail(facts, {
		kind: "seated",
		dedupeKey: `seated:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: t.email.seated.subject(title, day),
		heading: t.email.seated.heading,
		paragraphs: [t.email.confirmation.intro(day, time)],
		joinUrl: facts.session.joinUrl || undefined,
		link: manageLink(t.email.confirmation.manage),
		linkHint: t.email.seated.manageHint,
		calendar: "PUBLISH",
		now,
	});
}
