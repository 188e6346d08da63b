import { sql } from "kysely";
import { decideSignUp } from "#app/domain/registration.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { countWaiting, findBooking, waitlistPosition } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findActiveByEmail, searchTextOf } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession, type SessionDetails } from "#db/queries/sessions.server.ts";
import type { Booking, Registration } from "#db/schema.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { addressCorrected } from "#emails/templates/address-corrected.tsx";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { confirmation } from "#emails/templates/confirmation.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import type { MailOrigin } from "./mail-origin.ts";
import { newRegistration } from "./register.server.ts";

export type CorrectResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" | "full" };

/**
 * Sends a booking's emails to another address, because the first was mistyped. The person's earlier link stops working,
 * the confirmation goes to the new address, and the old one is told that nothing more will come. A booking whose address
 * already had a place is treated as one for the new address: the answer still tells nobody who is registered.
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
		if (now >= session.startsAt || session.cancelledAt) return { ok: false, reason: "too-late" };
		if (booking.contactEmail.toLowerCase() === email.toLowerCase()) return { ok: true };

		const details = await describeSession(trx, session);
		const context = { ...origin, ...details, firm: await findFirm(trx) };
		const own = found.registrations.find(
			(person) => person.status !== "cancelled" && person.email === booking.contactEmail,
		);
		const [registered] = await findActiveByEmail(trx, session.id, [email]);
		const messages: Message[] = [];
		if (registered?.email) {
			const person = { ...registered, email: registered.email };
			messages.push(alreadyRegistered({ ...context, booking: registered, registration: person }, now));
		} else if (own) {
			const moved = await moveRegistration(trx, own, email, now);
			const facts: PlaceFacts = { ...context, booking, registration: { ...moved, email } };
			const position = moved.status === "waitlisted" ? await waitlistPosition(trx, booking) : null;
			messages.push(position ? waitlisted(facts, position, now) : confirmation(facts, now));
			messages.push(
				addressCorrected({ ...facts, registration: { ...own, email: booking.contactEmail } }, now),
			);
		} else if (found.registrations.length === 0) {
			const message = await seatAtLast(trx, origin, context, booking, email, now);
			if (!message) return { ok: false, reason: "full" };
			messages.push(message);
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

/** The new address, a new version that kills the old link, and a calendar entry that replaces the one sent before. */
async function moveRegistration(
	trx: Trx,
	own: Registration,
	email: string,
	now: Date,
): Promise<Registration> {
	// What has not left yet would go to a stranger.
	await trx
		.updateTable("email")
		.set({ status: "cancelled" })
		.where("registrationId", "=", own.id)
		.where("status", "=", "queued")
		.execute();
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

/** A place for a booking that had none, if there still is one. Returns what to write to its address. */
async function seatAtLast(
	trx: Trx,
	origin: MailOrigin,
	context: Omit<PlaceFacts, "booking" | "registration"> & SessionDetails,
	booking: Booking,
	email: string,
	now: Date,
): Promise<Message | null> {
	const { session } = context;
	const decision = decideSignUp(session, { size: 1, acceptsWaitlist: true }, now);
	if (!decision.ok) return null;
	const waits = decision.outcome === "waitlisted";
	const seq = session.waitlistSeq + (waits ? 1 : 0);
	await trx
		.updateTable("session")
		.set({
			seatsTaken: session.seatsTaken + (waits ? 0 : 1),
			seatsWaiting: session.seatsWaiting + (waits ? 1 : 0),
			waitlistSeq: seq,
		})
		.where("id", "=", session.id)
		.execute();
	await trx.updateTable("booking").set({ outcome: decision.outcome }).where("id", "=", booking.id).execute();
	const person = {
		name: booking.contactName,
		email,
		organization: booking.organization,
		locale: booking.contactLocale,
	};
	const registration = newRegistration(
		origin,
		session,
		{ ...booking, outcome: decision.outcome },
		person,
		now,
	);
	await trx.insertInto("registration").values(registration).execute();
	const facts: PlaceFacts = { ...context, booking, registration };
	if (!waits) return confirmation(facts, now);
	const position = (await countWaiting(trx, session.id)) + 1;
	await trx
		.insertInto("waitlistEntry")
		.values({
			id: newId(),
			bookingId: booking.id,
			sessionId: session.id,
			size: 1,
			seq,
			createdAt: now,
			endedAt: null,
		})
		.execute();
	return waitlisted(facts, position, now);
}
