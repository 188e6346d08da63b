import { seatWaiting } from "#app/domain/waitlist.ts";
import type { Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { describeSession } from "#db/queries/sessions.server.ts";
import type { SessionRow } from "#db/schema.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { seatedFromWaitlist } from "#emails/templates/confirmation.tsx";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Gives free seats to the people who wait, in order, in the transaction that freed them. `session` is the locked row as
 * it stands after the change that freed a seat. Returns the row as it stands afterwards.
 */
export async function fillFreedSeats(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	now: Date,
): Promise<SessionRow> {
	const free = session.capacity - session.seatsTaken;
	if (free <= 0 || session.seatsWaiting === 0 || session.cancelledAt || now >= session.startsAt)
		return session;

	const entries = await trx
		.selectFrom("waitlistEntry")
		.select(["id", "size", "bookingId"])
		.where("sessionId", "=", session.id)
		.where("state", "=", "waiting")
		.orderBy("seq")
		.execute();
	const { seated, skipped } = seatWaiting(entries, free);
	if (seated.length === 0) return session;

	const seats = seated.reduce((sum, entry) => sum + entry.size, 0);
	const after = {
		...session,
		seatsTaken: session.seatsTaken + seats,
		seatsWaiting: session.seatsWaiting - seats,
	};
	await trx
		.updateTable("session")
		.set({ seatsTaken: after.seatsTaken, seatsWaiting: after.seatsWaiting })
		.where("id", "=", session.id)
		.execute();
	await trx
		.updateTable("waitlistEntry")
		.set({ state: "confirmed", endedAt: now })
		.where(
			"id",
			"in",
			seated.map((entry) => entry.id),
		)
		.execute();
	if (skipped.length > 0) {
		await trx
			.updateTable("waitlistEntry")
			.set((eb) => ({ skips: eb("skips", "+", 1) }))
			.where(
				"id",
				"in",
				skipped.map((entry) => entry.id),
			)
			.execute();
	}
	const people = await trx
		.updateTable("registration")
		.from("booking")
		.set({ status: "confirmed", updatedAt: now })
		.whereRef("booking.id", "=", "registration.bookingId")
		.where(
			"registration.bookingId",
			"in",
			seated.map((entry) => entry.bookingId),
		)
		.where("registration.status", "=", "waitlisted")
		.returningAll("registration")
		.returning("booking.reference")
		.execute();

	const context = { ...origin, firm: await findFirm(trx), ...(await describeSession(trx, session)) };
	const messages: Message[] = people.flatMap((person) => {
		if (!person.email) return [];
		const facts = { ...context, booking: { id: person.bookingId, reference: person.reference } };
		return [seatedFromWaitlist({ ...facts, registration: { ...person, email: person.email } }, now)];
	});
	await withdrawQueued(
		trx,
		people.map(({ id }) => id),
	);
	await queueEmails(trx, messages, origin.domain, now);
	await recordAudit(
		trx,
		[
			...people.map((person) => ({
				actor: "system" as const,
				action: "registration.seated",
				sessionId: session.id,
				bookingId: person.bookingId,
				registrationId: person.id,
			})),
			...skipped.map((entry) => ({
				actor: "system" as const,
				action: "waitlist.skipped",
				sessionId: session.id,
				bookingId: entry.bookingId,
				data: { reason: "party-too-large", size: entry.size, free },
			})),
		],
		now,
	);
	return after;
}
