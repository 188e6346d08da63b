import { randomBytes, randomUUID } from "node:crypto";
import { renderToStaticMarkup } from "react-dom/server";
import { referenceFromBytes, showReference } from "#app/domain/reference.ts";
import { tentativeUntil } from "#app/domain/session.ts";
import { newId } from "#db/id.ts";
import type { Message, PagedMessage, SharedPage } from "../message.ts";
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
const standIn = {
	id: randomUUID(),
	name: randomUUID(),
	nameInHtml: randomUUID(),
	reference: referenceFromBytes(randomBytes(5)),
};

const blanks = [standIn.id, showReference(standIn.reference), standIn.name, standIn.nameInHtml];

type ConfirmationPage = { message: Message; page: SharedPage };

const pages = new Map<string, ConfirmationPage>();
const mostPages = 100;

/**
 * The same message for people who sign up together: its page is rendered once as long as nothing on it changes, and each
 * person has their own words for its blanks. Filled in, it is to the letter what `confirmation` makes of the same facts at the
 * beginning of the minute.
 */
export function confirmations(now: Date): (facts: PlaceFacts) => Message | PagedMessage {
	const minute = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
	const ofThese = new Map<string, ConfirmationPage>();
	return (facts) => {
		// An invitation names its reader, in lines that are folded by their length.
		if (facts.firm.calendarInvitations) return confirmation(facts, minute);
		const frame = `${frameOf(facts.registration)} ${facts.session.id}`;
		const page = ofThese.get(frame) ?? pageOf(facts, minute);
		ofThese.set(frame, page);
		return forPerson(page, facts);
	};
}

/** What a page says of its reader beside the words of its blanks: in which language, of which entry, at what price. */
function frameOf({ locale, calendarSequence, priceCents, gstRate, qstRate }: PlaceFacts["registration"]) {
	return [locale, calendarSequence, priceCents, gstRate, qstRate].join(" ");
}

function pageOf(facts: PlaceFacts, now: Date): ConfirmationPage {
	const { booking, registration, ...shared } = facts;
	const { seatsTaken, seatsWaiting, waitlistSeq, ...plan } = facts.session;
	const session = [plan, tentativeUntil(facts.session, now)];
	const key = JSON.stringify([{ ...shared, session }, frameOf(registration), now]);
	const known = pages.get(key);
	if (known) return known;
	const { id, name, reference } = standIn;
	const calendarUid = registration.calendarUid.replace(registration.id, id);
	const message = confirmation(
		{
			...facts,
			booking: { ...booking, reference },
			registration: { ...registration, id, name, calendarUid },
		},
		now,
	);
	const { text, calendar } = message;
	const html = message.html.replaceAll(name, standIn.nameInHtml);
	const made = { message, page: { id: newId(), html, text, calendar, blanks } };
	if (pages.size >= mostPages) pages.clear();
	pages.set(key, made);
	return made;
}

function forPerson({ message, page }: ConfirmationPage, { registration, booking }: PlaceFacts): PagedMessage {
	const { id, name } = registration;
	const { html, text, calendar, ...envelope } = message;
	const nameInHtml = /[&<>"']/.test(name) ? renderToStaticMarkup(name) : name;
	return {
		...envelope,
		...ownerAndReader(registration, booking),
		dedupeKey: envelope.dedupeKey.replaceAll(standIn.id, id),
		subject: envelope.subject.replaceAll(standIn.name, () => name),
		page,
		words: [id, showReference(booking.reference), name, nameInHtml],
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
