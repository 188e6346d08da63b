import { createHash, randomBytes } from "node:crypto";
import type { Locale } from "#app/domain/locale.ts";
import { sortNameOf } from "#app/domain/name.ts";
import type { Answer } from "#app/domain/question.ts";
import { referenceFromBytes } from "#app/domain/reference.ts";
import {
	decideSignUp,
	type Refusal,
	type RegistrationStatus,
	type WhenFull,
} from "#app/domain/registration.ts";
import { taxRates } from "#app/domain/taxes.ts";
import { type Db, inFewTurns, type Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { insertRows } from "#db/insert-rows.server.ts";
import { type AuditEntry, recordAudit } from "#db/queries/audit.server.ts";
import { countWaiting, findBookingsByKey } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { type Consent, recordInterest } from "#db/queries/interest.server.ts";
import { keepAnswers } from "#db/queries/questions.server.ts";
import { bookingOf, findActiveByEmail, type PlaceRow } from "#db/queries/registrations.server.ts";
import { searchTextOf } from "#db/queries/search.server.ts";
import { lockSessionDetails, saveSeats } from "#db/queries/sessions.server.ts";
import type { Booking, SessionRow } from "#db/schema.ts";
import type { Message, PagedMessage } from "#emails/message.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { confirmations } from "#emails/templates/confirmation.tsx";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import type { DateFacts, PlaceFacts } from "#emails/templates/registration-email.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/** Somebody who wants a seat. Without an address of their own, their mail goes to the contact. */
export type Person = {
	name: string;
	email: string | null;
	organization: string;
	locale: Locale;
};

/** One sign-up as it was sent. `key` is made with the form: sending the form again is the same sign-up. */
export type SignUp = {
	key: string;
	sessionId: string;
	whenFull: WhenFull;
	contact: { name: string; email: string; locale: Locale };
	/** Whether the first of `people` is the contact. */
	contactAttends: boolean;
	organization: string;
	/** What is to stand on the invoice; empty where nothing was asked for. */
	poNumber: string;
	billingAddress: string;
	/** From one person to `mostPeople`; seats go to the first ones when not all fit. */
	people: [Person, ...Person[]];
	/** The wording of the news box, if it was ticked: the consent is kept with what was agreed to. */
	newsWording: string | null;
	/** What the first person answered to the workshop's questions. */
	answers: Answer[];
};

export type SignUpResult =
	| { ok: true; bookingId: string; reference: string; tokenVersion: number; replayed: boolean }
	| { ok: false; reason: Refusal | "unknown-session" | "key-reused" };

/**
 * Decides sign-ups for one session that arrived together, in one transaction and in order of arrival. Capacity holds on
 * any number of instances because the session's row is locked, in a statement of its own, before anything is counted.
 * Bookings, registrations, emails and audit commit together or not at all. Throws only when the database does.
 */
export async function registerTogether(
	db: Db,
	origin: MailOrigin,
	signUps: SignUp[],
	now: Date,
): Promise<SignUpResult[]> {
	const sessionId = signUps[0]?.sessionId;
	if (!sessionId) return [];
	return inFewTurns(db, async (trx, commit) => {
		const keys = signUps.map((signUp) => signUp.key);
		const addresses = signUps.flatMap(({ people }) => people.flatMap(({ email }) => email ?? []));
		const [details, firm, known, registered] = await Promise.all([
			lockSessionDetails(trx, sessionId),
			findFirm(trx),
			findBookingsByKey(trx, keys),
			findActiveByEmail(trx, sessionId, addresses),
		]);
		if (!details) return signUps.map(() => ({ ok: false, reason: "unknown-session" }) as const);
		const { session } = details;
		const published = details.workshop.publishedAt && !details.workshop.archivedAt;
		const batch = decideBatch(
			published ? session : { ...session, publishedAt: null },
			origin,
			signUps,
			known,
			registered,
			now,
		);
		// With the seats that these sign-ups take: one of them may be the one that makes the date certain.
		const context = { ...origin, firm, ...details, session: batch.session };
		if (batch.bookings.length > 0) await writeBatch(trx, context, batch.bookings, commit, now);
		return batch.results;
	});
}

/** What one new booking writes. */
type NewBooking = {
	booking: Booking;
	signUp: SignUp;
	registrations: NewRegistration[];
	/** Whoever already had a place, and is told so by email alone. */
	repeated: PlaceRow[];
	entry: ReturnType<typeof newEntry> | null;
};

type Batch = { results: SignUpResult[]; bookings: NewBooking[]; session: SessionRow };

function decideBatch(
	session: SessionRow,
	origin: MailOrigin,
	signUps: SignUp[],
	known: Booking[],
	registered: PlaceRow[],
	now: Date,
): Batch {
	const batch: Batch = { results: [], bookings: [], session: { ...session } };
	const after = batch.session;
	const byKey = new Map(known.map((booking) => [booking.key, booking]));
	const byEmail = new Map(registered.map((person) => [person.email?.toLowerCase(), person]));
	const placedHere = new Set<string>();

	for (const signUp of signUps) {
		const hash = payloadHash(signUp);
		const earlier = byKey.get(signUp.key);
		if (earlier) {
			const same = earlier.payloadHash === hash;
			batch.results.push(same ? answer(earlier, true) : { ok: false, reason: "key-reused" });
			continue;
		}
		const { people, whenFull } = signUp;
		const decision = decideSignUp(after, { size: people.length, whenFull }, now);
		if (!decision.ok) {
			batch.results.push(decision);
			continue;
		}
		const booking = newBooking(signUp, hash, now);
		byKey.set(signUp.key, booking);
		const repeated: PlaceRow[] = [];
		const placed = people.map((person, index): Placed => {
			const status = index < decision.seated ? "confirmed" : "waitlisted";
			const address = person.email?.toLowerCase();
			const existing = address && byEmail.get(address);
			if (existing) repeated.push(existing);
			// The same answer as for anyone, without a seat.
			if (existing || (address && placedHere.has(address)))
				return { person, status: "repeated", shownAs: status };
			if (address) placedHere.add(address);
			return { person, status, shownAs: null };
		});
		const count = (status: RegistrationStatus) => placed.filter((one) => one.status === status).length;
		const waiting = count("waitlisted");
		after.seatsTaken += count("confirmed");
		after.seatsWaiting += waiting;
		if (waiting > 0) after.waitlistSeq += 1;
		const entry = waiting > 0 ? newEntry(booking.id, session.id, waiting, after.waitlistSeq, now) : null;
		const registrations = placed.map((place, index) => {
			const entryId = place.status === "waitlisted" && entry ? entry.id : null;
			return newRegistration(
				origin,
				after,
				{ ...place, bookingId: booking.id, position: index + 1, entryId },
				now,
			);
		});
		batch.bookings.push({ booking, signUp, registrations, repeated, entry });
		batch.results.push(answer(booking, false));
	}
	return batch;
}

async function writeBatch(
	trx: Trx,
	context: MailOrigin & DateFacts,
	bookings: NewBooking[],
	commit: () => Promise<unknown>,
	now: Date,
): Promise<void> {
	const { session, workshop } = context;
	const entries = bookings.flatMap(({ entry }) => entry ?? []);
	const inLineBefore = entries.length > 0 ? await countWaiting(trx, session.id) : 0;
	const registrations = bookings.flatMap((made) => made.registrations);
	const confirm = confirmations(now);
	const messages = bookings.flatMap((made) => {
		const rank = made.entry ? inLineBefore + entries.indexOf(made.entry) + 1 : null;
		return messagesAbout(context, made, rank, confirm, now);
	});
	// Each after what it points to.
	await Promise.all([
		// The counters first: after the inserts, the foreign keys' share locks on this row would halve the speed.
		saveSeats(trx, session),
		insertRows(
			trx,
			"booking",
			bookings.map(({ booking }) => booking),
		),
		entries.length > 0 && trx.insertInto("waitlistEntry").values(entries).execute(),
		insertRows(trx, "registration", registrations),
		keepAnswers(trx, workshop.id, bookings.flatMap(answersOf), now),
		recordInterest(trx, bookings.flatMap(consentOf), now),
		queueEmails(trx, messages, context.domain, now),
		recordAudit(trx, registrations.map(entryOf), now),
		entries.length === 0 && commit(),
	]);
	// A party that is too large for what is free leaves seats that a smaller one behind it may have.
	if (entries.length > 0) await fillFreedSeats(trx, context, session, now);
}

/** Nothing is kept for a first person who already had a place. */
function answersOf({ signUp, registrations: [first] }: NewBooking) {
	if (!first || first.status === "repeated") return [];
	return signUp.answers.map((answer) => ({ ...answer, registrationId: first.id }));
}

/** What the contact agreed to receive. */
function consentOf({ signUp: { contact, newsWording } }: NewBooking): Consent[] {
	if (newsWording === null) return [];
	return [{ email: contact.email, locale: contact.locale, wording: newsWording, source: "registration" }];
}

function entryOf({ id, bookingId, sessionId, status }: NewRegistration): AuditEntry {
	return {
		actor: "attendee",
		action: `registration.${status}`,
		sessionId,
		bookingId,
		registrationId: id,
	};
}

/** Each person's own message, read by the contact where they have no address; the contact of a group also has a summary. */
function messagesAbout(
	context: Omit<PlaceFacts, "booking" | "registration">,
	{ booking, registrations, repeated, signUp }: NewBooking,
	rank: number | null,
	confirm: (facts: PlaceFacts) => Message | PagedMessage,
	now: Date,
): (Message | PagedMessage)[] {
	const messages = registrations.flatMap((registration) => {
		if (registration.status === "repeated") return [];
		const facts = { ...context, booking, registration };
		return [registration.status === "confirmed" ? confirm(facts) : waitlisted(facts, rank ?? 1, now)];
	});
	const told = repeated.map((place) =>
		alreadyRegistered({ ...context, booking: bookingOf(place), registration: place }, now),
	);
	const alone = signUp.contactAttends && registrations.length === 1;
	const summary = alone ? [] : [groupBooked({ ...context, booking, registrations })];
	return [...messages, ...told, ...summary];
}

type BookingAsked = Pick<
	SignUp,
	"key" | "sessionId" | "contact" | "contactAttends" | "organization" | "poNumber" | "billingAddress"
>;

/**
 * The row of a booking. `hash` tells what a form asked for, so that its key cannot come back with something else; one that no
 * form made has `addedByOrganizer`.
 */
export function newBooking(asked: BookingAsked, hash: string, now: Date): Booking {
	return {
		id: newId(),
		key: asked.key,
		payloadHash: hash,
		reference: referenceFromBytes(randomBytes(5)),
		sessionId: asked.sessionId,
		contactName: asked.contact.name,
		contactEmail: asked.contact.email,
		contactLocale: asked.contact.locale,
		contactAttends: asked.contactAttends,
		organization: asked.organization,
		poNumber: asked.poNumber,
		billingAddress: asked.billingAddress,
		tokenVersion: 1,
		createdAt: now,
	};
}

/** A person, and what they got; `shownAs` is what a repeated one is told. */
type Placed = { person: Person } & (
	| { status: "confirmed" | "waitlisted"; shownAs: null }
	| { status: "repeated"; shownAs: "confirmed" | "waitlisted" }
);

type NewRegistration = ReturnType<typeof newRegistration>;

/** The row of one person of a booking. `position` counts from 1 within it. */
export function newRegistration(
	origin: MailOrigin,
	session: Pick<SessionRow, "id" | "priceCents">,
	place: Placed & { bookingId: string; position: number; entryId: string | null },
	now: Date,
) {
	const id = newId();
	const { person, ...columns } = place;
	return {
		...columns,
		id,
		sessionId: session.id,
		name: person.name,
		sortName: sortNameOf(person.name),
		searchText: searchTextOf(person),
		email: person.email,
		locale: person.locale,
		organization: person.organization,
		cancelReason: null,
		priceCents: session.priceCents,
		...taxRates,
		calendarUid: `${id}@${origin.domain}`,
		calendarSequence: 0,
		tokenVersion: 1,
		createdAt: now,
		updatedAt: now,
		cancelledAt: null,
	};
}

/** A place in line for `size` people of a booking. */
export function newEntry(bookingId: string, sessionId: string, size: number, seq: number, now: Date) {
	return { id: newId(), bookingId, sessionId, size, seq, createdAt: now, endedAt: null };
}

function answer(booking: Booking, replayed: boolean): SignUpResult {
	const { id: bookingId, reference, tokenVersion } = booking;
	return { ok: true, bookingId, reference, tokenVersion, replayed };
}

function payloadHash(signUp: SignUp): string {
	const { sessionId, contact, contactAttends, organization, people, answers } = signUp;
	const { poNumber, billingAddress } = signUp;
	const everyone = people.map(({ name, email }) => [name, email?.toLowerCase()]);
	const facts = [
		sessionId,
		contact.name,
		contact.email.toLowerCase(),
		organization,
		contactAttends,
		everyone,
		answers,
		// Left out where there is none, a form has the hash that the release before gave it.
		...(poNumber || billingAddress ? [poNumber, billingAddress] : []),
	];
	return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}
