import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import { sortNameOf } from "#app/domain/name.ts";
import { referenceFromBytes } from "#app/domain/reference.ts";
import { decideSignUp, type Refusal } from "#app/domain/registration.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { type AuditEntry, recordAudit } from "#db/queries/audit.server.ts";
import { countWaiting, findBookingsByKey } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { recordInterest } from "#db/queries/interest.server.ts";
import { findActiveByEmail, searchTextOf } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession, type SessionDetails } from "#db/queries/sessions.server.ts";
import type { Booking, SessionRow } from "#db/schema.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { confirmation } from "#emails/templates/confirmation.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import type { MailOrigin } from "./mail-origin.ts";

/** One sign-up as it was sent. `key` is made with the form: sending the form again is the same sign-up. */
export type SignUp = {
	key: string;
	sessionId: string;
	acceptsWaitlist: boolean;
	name: string;
	email: string;
	organization: string;
	locale: Locale;
	/** The wording of the news box, if it was ticked: the consent is kept with what was agreed to. */
	newsWording: string | null;
};

export type SignUpResult =
	| { ok: true; bookingId: string; reference: string; outcome: "confirmed" | "waitlisted"; replayed: boolean }
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
	return db.transaction().execute(async (trx) => {
		await sql`set local lock_timeout = '5s'`.execute(trx);
		const session = await lockSession(trx, sessionId);
		if (!session) return signUps.map(() => ({ ok: false, reason: "unknown-session" }) as const);

		const known = await findBookingsByKey(
			trx,
			signUps.map((signUp) => signUp.key),
		);
		const details = await describeSession(trx, session);
		const published = details.workshop.publishedAt && !details.workshop.archivedAt;
		const registered = await findActiveByEmail(
			trx,
			sessionId,
			signUps.map((signUp) => signUp.email),
		);
		const batch = decideBatch(
			published ? session : { ...session, publishedAt: null },
			signUps,
			known,
			registered,
			now,
		);
		await writeBatch(trx, origin, details, batch, now);
		return batch.results;
	});
}

type Registered = Awaited<ReturnType<typeof findActiveByEmail>>[number];

/** What one new booking writes. Without a `place` the address already has one, and at most an email follows. */
type NewBooking = {
	booking: Booking;
	signUp: SignUp;
	place: { waitlistSeq: number | null } | null;
	existing: Registered | undefined;
};

type Batch = {
	results: SignUpResult[];
	bookings: NewBooking[];
	taken: number;
	waiting: number;
	waitlistSeq: number;
};

function decideBatch(
	session: SessionRow,
	signUps: SignUp[],
	known: Booking[],
	registered: Registered[],
	now: Date,
): Batch {
	const batch: Batch = {
		results: [],
		bookings: [],
		taken: session.seatsTaken,
		waiting: session.seatsWaiting,
		waitlistSeq: session.waitlistSeq,
	};
	const byKey = new Map(known.map((booking) => [booking.key, booking]));
	const byEmail = new Map(registered.map((person) => [person.email?.toLowerCase(), person]));
	const seatedHere = new Set<string>();

	for (const signUp of signUps) {
		const hash = payloadHash(signUp);
		const earlier = byKey.get(signUp.key);
		if (earlier) {
			const same = earlier.payloadHash === hash;
			batch.results.push(same ? answer(earlier, true) : { ok: false, reason: "key-reused" });
			continue;
		}
		const facts = { ...session, seatsTaken: batch.taken, seatsWaiting: batch.waiting };
		const decision = decideSignUp(facts, { size: 1, acceptsWaitlist: signUp.acceptsWaitlist }, now);
		if (!decision.ok) {
			batch.results.push(decision);
			continue;
		}
		const booking: Booking = {
			id: newId(),
			key: signUp.key,
			payloadHash: hash,
			reference: referenceFromBytes(randomBytes(5)),
			sessionId: session.id,
			contactName: signUp.name,
			contactEmail: signUp.email,
			contactLocale: signUp.locale,
			contactAttends: true,
			organization: signUp.organization,
			poNumber: "",
			billingAddress: "",
			outcome: decision.outcome,
			createdAt: now,
		};
		byKey.set(signUp.key, booking);
		const address = signUp.email.toLowerCase();
		const existing = byEmail.get(address);
		if (existing || seatedHere.has(address)) {
			// The same answer as for anyone, without a seat.
			batch.bookings.push({ booking, signUp, place: null, existing });
		} else {
			seatedHere.add(address);
			const waits = decision.outcome === "waitlisted";
			if (waits) {
				batch.waitlistSeq += 1;
				batch.waiting += 1;
			} else {
				batch.taken += 1;
			}
			const place = { waitlistSeq: waits ? batch.waitlistSeq : null };
			batch.bookings.push({ booking, signUp, place, existing });
		}
		batch.results.push(answer(booking, false));
	}
	return batch;
}

async function writeBatch(
	trx: Trx,
	origin: MailOrigin,
	details: SessionDetails,
	batch: Batch,
	now: Date,
): Promise<void> {
	if (batch.bookings.length === 0) return;
	const { session } = details;
	// The counters first: after the inserts, the foreign keys' share locks on this row would halve the speed.
	await trx
		.updateTable("session")
		.set({ seatsTaken: batch.taken, seatsWaiting: batch.waiting, waitlistSeq: batch.waitlistSeq })
		.where("id", "=", session.id)
		.execute();
	await trx
		.insertInto("booking")
		.values(batch.bookings.map(({ booking }) => booking))
		.execute();

	const places = batch.bookings.filter(({ place }) => place);
	const registrations = places.map(({ booking, signUp }) =>
		newRegistration(origin, session, booking, signUp, now),
	);
	if (registrations.length > 0) await trx.insertInto("registration").values(registrations).execute();

	const entries = places.flatMap(({ booking, place }) =>
		place?.waitlistSeq ? [newEntry(booking, place.waitlistSeq, now)] : [],
	);
	const inLineBefore = entries.length > 0 ? await countWaiting(trx, session.id) : 0;
	if (entries.length > 0) await trx.insertInto("waitlistEntry").values(entries).execute();

	await recordInterest(
		trx,
		batch.bookings.flatMap(({ signUp }) =>
			signUp.newsWording === null
				? []
				: [
						{
							email: signUp.email,
							locale: signUp.locale,
							wording: signUp.newsWording,
							source: "registration",
						},
					],
		),
		now,
	);

	const context = { ...origin, firm: await findFirm(trx), ...details };
	const messages: Message[] = batch.bookings.flatMap((made) => {
		const registration = registrations.find((one) => one.bookingId === made.booking.id);
		if (registration) {
			const facts: PlaceFacts = { ...context, booking: made.booking, registration };
			const inLine = entries.findIndex((entry) => entry.bookingId === made.booking.id);
			return [inLine < 0 ? confirmation(facts, now) : waitlisted(facts, inLineBefore + inLine + 1, now)];
		}
		const { existing } = made;
		if (!existing?.email) return [];
		const registrationFacts = { ...existing, email: existing.email };
		return [alreadyRegistered({ ...context, booking: existing, registration: registrationFacts }, now)];
	});
	await queueEmails(trx, messages, origin.domain, now);

	await recordAudit(
		trx,
		batch.bookings.map(({ booking }): AuditEntry => {
			const registration = registrations.find((one) => one.bookingId === booking.id);
			return {
				actor: "attendee",
				action: registration ? `registration.${booking.outcome}` : "booking.repeated",
				sessionId: session.id,
				bookingId: booking.id,
				registrationId: registration?.id,
			};
		}),
		now,
	);
}

/** The row of the first person of a booking, in the state that the booking was given. */
export function newRegistration(
	origin: MailOrigin,
	session: Pick<SessionRow, "id" | "priceCents">,
	booking: Pick<Booking, "id" | "outcome">,
	person: Pick<SignUp, "name" | "email" | "organization" | "locale">,
	now: Date,
) {
	const id = newId();
	return {
		id,
		bookingId: booking.id,
		sessionId: session.id,
		position: 1,
		name: person.name,
		sortName: sortNameOf(person.name),
		searchText: searchTextOf(person),
		email: person.email,
		locale: person.locale,
		organization: person.organization,
		status: booking.outcome,
		cancelReason: null,
		priceCents: session.priceCents,
		calendarUid: `${id}@${origin.domain}`,
		calendarSequence: 0,
		tokenVersion: 1,
		createdAt: now,
		updatedAt: now,
		cancelledAt: null,
	};
}

/** The place in line of a booking for one person. */
export function newEntry(booking: Pick<Booking, "id" | "sessionId">, seq: number, now: Date) {
	return {
		id: newId(),
		bookingId: booking.id,
		sessionId: booking.sessionId,
		size: 1,
		seq,
		createdAt: now,
		endedAt: null,
	};
}

function answer(booking: Booking, replayed: boolean): SignUpResult {
	const { id: bookingId, reference, outcome } = booking;
	return { ok: true, bookingId, reference, outcome, replayed };
}

function payloadHash(signUp: SignUp): string {
	const facts = [signUp.sessionId, signUp.name, signUp.email.toLowerCase(), signUp.organization];
	return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}
