import { setImmediate } from "node:timers/promises";
import type { Locale } from "#app/domain/locale.ts";
import { foldText } from "#app/domain/name.ts";
import type { Answer } from "#app/domain/question.ts";
import { seatsLeft } from "#app/domain/session.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { addedByOrganizer, findBookingsByKey, listWaitingEntries } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { keepAnswers } from "#db/queries/questions.server.ts";
import { listKnownPeople } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession, saveSeats } from "#db/queries/sessions.server.ts";
import type { Booking, Organizer, SessionRow } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { confirmation } from "#emails/templates/confirmation.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { newBooking, newEntry, newRegistration } from "./register.server.ts";

export type NewAttendee = {
	name: string;
	email: string | null;
	organization: string;
	phone: string;
	note: string;
	locale: Locale;
	/** To the questions of the workshop. */
	answers?: Answer[];
};

export type AddOptions = {
	/** Sends each person their confirmation; else nobody is told. */
	notify: boolean;
	/**
	 * What becomes of those who do not fit: nobody is added, everyone has a seat over the capacity and past those who
	 * wait, or the last ones wait.
	 */
	whenFull: "refuse" | "exceed" | "wait";
	/** Of a list that was imported: how many of its lines are left out. */
	imported?: { leftOut: number };
};

type AddResult =
	| { ok: true; ids: string[]; seated: number; waiting: number; alreadyDone?: true }
	| { ok: false; reason: "unknown" | "cancelled" | "key-reused" }
	| { ok: false; reason: "full"; left: number }
	| { ok: false; reason: "registered"; emails: string[] };

const atOnce = 500;
const renderedAtOnce = 50;

/**
 * Gives seats, or ranks on the waitlist, to people whom an organizer names, all of them or nobody. Each gets a booking of
 * their own; the contact of somebody without an address is the organizer. `key` makes a second sending the same one;
 * the same key with somebody else, or for another date, adds nobody.
 * In a list, somebody without an address is known by their name.
 */
export async function addAttendees(
	db: Db,
	origin: MailOrigin,
	sessionId: string,
	people: NewAttendee[],
	options: AddOptions,
	by: Organizer,
	now: Date,
	key?: string,
): Promise<AddResult> {
	const drawUp = (executor: Db | Trx, session: SessionRow, seats: Seats) =>
		drawUpPlaces({ executor, origin, session, people, seats, options, by, now, key });
	// Rendering thousands must keep nobody from signing up: it is done before the lock, and again if things changed.
	const seen = await db.selectFrom("session").selectAll().where("id", "=", sessionId).executeTakeFirst();
	const foreseen = seen && (await seatsFor(db, seen, people.length, options.whenFull));
	const drawnUp = seen && foreseen && (await drawUp(db, seen, foreseen));

	return db.transaction().execute(async (trx) => {
		const session = await lockSession(trx, sessionId);
		if (!session) return { ok: false, reason: "unknown" };
		if (session.cancelledAt) return { ok: false, reason: "cancelled" };
		const [spent] = key ? await findBookingsByKey(trx, [key]) : [];
		if (spent) {
			const same = spent.sessionId === sessionId && (await isFor(trx, spent, people[0]));
			return same
				? { ok: true, ids: [], seated: 0, waiting: 0, alreadyDone: true }
				: { ok: false, reason: "key-reused" };
		}
		const registered = await findRegistered(trx, sessionId, people, options);
		if (registered) return { ok: false, reason: "registered", emails: registered };
		const seats = await seatsFor(trx, session, people.length, options.whenFull);
		if (!seats) return { ok: false, reason: "full", left: seatsLeft(session) };
		const { seated, waiting } = seats;
		const isAsForeseen =
			seen?.revision === session.revision && JSON.stringify(seats) === JSON.stringify(foreseen);
		const places = isAsForeseen && drawnUp ? drawnUp : await drawUp(trx, session, seats);

		const after = {
			...session,
			seatsTaken: session.seatsTaken + seated,
			seatsWaiting: session.seatsWaiting + waiting,
			waitlistSeq: session.waitlistSeq + waiting,
		};
		await saveSeats(trx, after);
		for (let from = 0; from < places.length; from += atOnce) {
			await insertPlaces(trx, origin, session, places.slice(from, from + atOnce), options, by, now);
		}
		if (options.imported) {
			const { leftOut } = options.imported;
			const data = { seated, waiting, leftOut, told: options.notify };
			await recordAudit(
				trx,
				[{ actor: "organizer", organizerId: by.id, action: "attendees.imported", sessionId, data }],
				now,
			);
		}
		// Somebody alone may have a seat that is free behind a party too large for it.
		if (waiting > 0) await fillFreedSeats(trx, origin, after, now);
		return { ok: true, ids: places.map(({ registration }) => registration.id), seated, waiting };
	});
}

/** Whether this is whom a booking was made for. */
async function isFor(trx: Trx, booking: Booking, person?: NewAttendee): Promise<boolean> {
	const made = await trx
		.selectFrom("registration")
		.select(["name", "email", "organization", "phone", "note", "locale"])
		.where("bookingId", "=", booking.id)
		.where("position", "=", 1)
		.executeTakeFirst();
	const fields = ["name", "email", "organization", "phone", "note", "locale"] as const;
	return fields.every((field) => made?.[field] === person?.[field]);
}

/** How many have a seat and how many wait, behind how many places in line, from which sequence on. */
type Seats = { seated: number; waiting: number; ahead: number; seq: number };

/** Null when there is no room and nobody may wait. */
async function seatsFor(
	db: Db | Trx,
	session: SessionRow,
	size: number,
	whenFull: AddOptions["whenFull"],
): Promise<Seats | null> {
	const left = seatsLeft(session);
	if (size > left && whenFull === "refuse") return null;
	const seated = whenFull === "wait" ? Math.min(left, size) : size;
	const waiting = size - seated;
	if (waiting === 0) return { seated, waiting, ahead: 0, seq: 0 };
	const ahead = (await listWaitingEntries(db, session.id)).length;
	return { seated, waiting, ahead, seq: session.waitlistSeq };
}

/** The addresses that are registered, or that come twice; null when everybody is new. */
async function findRegistered(
	trx: Trx,
	sessionId: string,
	people: NewAttendee[],
	options: AddOptions,
): Promise<string[] | null> {
	const emails = people.flatMap(({ email }) => (email ? [email.toLowerCase()] : []));
	const known = await listKnownPeople(trx, sessionId);
	const twice = emails.filter((email, index) => emails.indexOf(email) < index);
	const found = [...new Set([...emails.filter((email) => known.emails.has(email)), ...twice])];
	const sameName =
		options.imported && people.some(({ name, email }) => !email && known.names.has(foldText(name)));
	return found.length > 0 || sameName ? found : null;
}

/** The rows of each person, and their message when they are to be told. */
async function drawUpPlaces(draft: {
	executor: Db | Trx;
	origin: MailOrigin;
	session: SessionRow;
	people: NewAttendee[];
	seats: Seats;
	options: AddOptions;
	by: Organizer;
	now: Date;
	key?: string;
}) {
	const { executor, origin, session, people, seats, options, by, now, key = newId() } = draft;
	const context = options.notify && {
		...origin,
		...(await describeSession(executor, session)),
		firm: await findFirm(executor),
	};
	const places = [];
	for (const [index, person] of people.entries()) {
		if (context && index % renderedAtOnce === 0) await setImmediate();
		const booking = bookingFor(session, person, by, index === 0 ? key : newId(), now);
		const nth = index - seats.seated + 1;
		const entry = nth > 0 ? newEntry(booking.id, session.id, 1, seats.seq + nth, now) : null;
		const status = entry ? ("waitlisted" as const) : ("confirmed" as const);
		const seat = { bookingId: booking.id, position: 1, entryId: entry?.id ?? null, status, shownAs: null };
		const { phone, note, answers = [] } = person;
		const registration = { ...newRegistration(origin, session, { ...seat, person }, now), phone, note };
		const facts = context && { ...context, booking, registration };
		const message = facts && (entry ? waitlisted(facts, seats.ahead + nth, now) : confirmation(facts, now));
		places.push({ booking, entry, registration, answers, message });
	}
	return places;
}

async function insertPlaces(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	places: Awaited<ReturnType<typeof drawUpPlaces>>,
	options: AddOptions,
	by: Organizer,
	now: Date,
): Promise<void> {
	await trx
		.insertInto("booking")
		.values(places.map(({ booking }) => booking))
		.execute();
	const entries = places.flatMap(({ entry }) => entry ?? []);
	if (entries.length > 0) await trx.insertInto("waitlistEntry").values(entries).execute();
	await trx
		.insertInto("registration")
		.values(places.map(({ registration }) => registration))
		.execute();
	const answers = places.flatMap(({ registration, answers }) =>
		answers.map((answer) => ({ ...answer, registrationId: registration.id })),
	);
	await keepAnswers(trx, session.workshopId, answers, now);
	const messages = places.flatMap(({ message }) => message || []);
	await queueEmails(trx, messages, origin.domain, now);
	await recordAudit(
		trx,
		places.map(({ booking, registration }) => ({
			actor: "organizer",
			organizerId: by.id,
			action: "registration.added",
			sessionId: session.id,
			bookingId: booking.id,
			registrationId: registration.id,
			data: {
				status: registration.status,
				told: options.notify,
				overCapacity: options.whenFull === "exceed",
			},
		})),
		now,
	);
}

/** Whoever has no address is written to through the organizer who added them. */
function bookingFor(
	session: SessionRow,
	person: NewAttendee,
	by: Organizer,
	key: string,
	now: Date,
): Booking {
	const asked = {
		key,
		sessionId: session.id,
		contact: person.email ? { ...person, email: person.email } : by,
		contactAttends: person.email !== null,
		organization: person.organization,
		poNumber: "",
		billingAddress: "",
	};
	return newBooking(asked, addedByOrganizer, now);
}
