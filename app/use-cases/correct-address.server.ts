import { sql } from "kysely";
import { seatsLeft } from "#app/domain/session.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findBooking, waitlistPosition } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findActiveByEmail, searchTextOf } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession } from "#db/queries/sessions.server.ts";
import type { Booking, Registration, RegistrationStatus, SessionRow } from "#db/schema.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { addressCorrected } from "#emails/templates/address-corrected.tsx";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { confirmation } from "#emails/templates/confirmation.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { leaveSession } from "./leave-session.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { newEntry, newRegistration } from "./register.server.ts";

export type CorrectResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" | "full" };

/**
 * Sends a booking's emails to another address, because the first was mistyped. The person's earlier link stops working,
 * the confirmation goes to the new address, and the old one is told that nothing more will come.
 *
 * An address that already has a place is told so, and the place of this booking is released; a booking that never had
 * one, because its first address was registered, gets it now. Nobody learns who is registered from the answer, but for
 * one case: there is no room and no list for that last one, and then the truth comes first.
 */
export async function correctAddress(
	db: Db,
	origin: MailOrigin,
	bookingId: string,
	email: string,
	now: Date,
): Promise<CorrectResult> {
	const known = await findBooking(db, bookingId);
	if (!known) return { ok: false, reason: "unknown" };
	return db.transaction().execute(async (trx) => {
		await sql`set local lock_timeout = '5s'`.execute(trx);
		const session = await lockSession(trx, known.booking.sessionId);
		const found = session && (await findBooking(trx, bookingId));
		if (!found) return { ok: false, reason: "unknown" };
		const { booking } = found;
		const own = found.registrations.find(({ status }) => status !== "cancelled");
		const givenUp = !own && found.registrations.some((person) => person.email === booking.contactEmail);
		if (now >= session.startsAt || session.cancelledAt || givenUp) return { ok: false, reason: "too-late" };
		if (booking.contactEmail.toLowerCase() === email.toLowerCase()) return { ok: true };

		const context = { ...origin, ...(await describeSession(trx, session)), firm: await findFirm(trx) };
		const [registered] = await findActiveByEmail(trx, session.id, [email]);
		const messages: Message[] = [];
		if (own) {
			// What has not left yet would go to a stranger.
			await withdrawQueued(trx, [own.id]);
			const before = { ...own, email: booking.contactEmail };
			messages.push(addressCorrected({ ...context, booking, registration: before }, now));
		}
		if (registered?.email) {
			const person = { ...registered, email: registered.email };
			messages.push(alreadyRegistered({ ...context, booking: registered, registration: person }, now));
			if (own) await releasePlace(trx, origin, session, own, now);
		} else {
			const facts = own
				? { ...context, booking, registration: { ...(await moveRegistration(trx, own, email, now)), email } }
				: await seatAtLast(trx, origin, context, found, email, now);
			if (!facts) return { ok: false, reason: "full" };
			messages.push(await placeMessage(trx, facts, now));
		}
		await trx.updateTable("booking").set({ contactEmail: email }).where("id", "=", booking.id).execute();
		await queueEmails(trx, messages, origin.domain, now);
		await recordAudit(
			trx,
			[
				{
					actor: "attendee",
					action: "booking.address-corrected",
					sessionId: session.id,
					bookingId: booking.id,
					registrationId: own?.id,
				},
			],
			now,
		);
		return { ok: true };
	});
}

type Facts = PlaceFacts & { registration: { status: RegistrationStatus } };

async function placeMessage(trx: Trx, facts: Facts, now: Date): Promise<Message> {
	if (facts.registration.status !== "waitlisted") return confirmation(facts, now);
	const booking = { id: facts.booking.id, sessionId: facts.session.id, createdAt: now };
	return waitlisted(facts, await waitlistPosition(trx, booking), now);
}

/** The new address has a place of its own: this one goes to whoever waits, and its link dies. */
async function releasePlace(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	own: Registration,
	now: Date,
): Promise<void> {
	const left = await leaveSession(trx, session, own, "attendee", now);
	await trx
		.updateTable("registration")
		.set({ tokenVersion: own.tokenVersion + 1 })
		.where("id", "=", own.id)
		.execute();
	await fillFreedSeats(trx, origin, left.session, now);
}

/** The new address, a new version that kills the old link, and a calendar entry that replaces the one sent before. */
async function moveRegistration(
	trx: Trx,
	own: Registration,
	email: string,
	now: Date,
): Promise<Registration> {
	return trx
		.updateTable("registration")
		.set({
			email,
			searchText: searchTextOf({ ...own, email }),
			tokenVersion: own.tokenVersion + 1,
			calendarSequence: own.calendarSequence + 1,
			updatedAt: now,
		})
		.where("id", "=", own.id)
		.returningAll()
		.executeTakeFirstOrThrow();
}

/** A place for a booking that had none: whoever signed up in time may have it as long as there is room, or a list. */
async function seatAtLast(
	trx: Trx,
	origin: MailOrigin,
	context: Omit<PlaceFacts, "booking" | "registration">,
	found: { booking: Booking; registrations: Registration[] },
	email: string,
	now: Date,
): Promise<Facts | null> {
	const { session } = context;
	const { booking } = found;
	const sits = seatsLeft(session) > 0;
	if (!sits && session.waitlistMode === "none") return null;
	const outcome = sits ? "confirmed" : "waitlisted";
	const seq = session.waitlistSeq + (sits ? 0 : 1);
	await trx
		.updateTable("session")
		.set({
			seatsTaken: session.seatsTaken + (sits ? 1 : 0),
			seatsWaiting: session.seatsWaiting + (sits ? 0 : 1),
			waitlistSeq: seq,
		})
		.where("id", "=", session.id)
		.execute();
	await trx.updateTable("booking").set({ outcome }).where("id", "=", booking.id).execute();
	const person = {
		name: booking.contactName,
		email,
		organization: booking.organization,
		locale: booking.contactLocale,
	};
	const registration = {
		...newRegistration(origin, session, { id: booking.id, outcome }, person, now),
		position: found.registrations.length + 1,
	};
	await trx.insertInto("registration").values(registration).execute();
	if (!sits)
		await trx
			.insertInto("waitlistEntry")
			.values(newEntry(booking, seq, now))
			.execute();
	return { ...context, booking, registration };
}
