import { mayStillCancel } from "#app/domain/session.ts";
import { offerExpiry, seatWaiting } from "#app/domain/waitlist.ts";
import type { Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf, findPeopleInLine } from "#db/queries/registrations.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import type { SessionRow } from "#db/schema.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { seatedFromWaitlist } from "#emails/templates/confirmation.tsx";
import { offered } from "#emails/templates/offered.tsx";
import { dateFacts } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Gives free seats to the people who wait, in order, in the transaction that freed them: as an offer that is held until a
 * stated time, or as a confirmation where the session says so and the person may still give it up.
 * `session` is the locked row as it stands after the change that freed a seat. Returns the row as it stands afterwards.
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
	const offers = session.waitlistMode === "offer" || !mayStillCancel(session, now);
	const expiresAt = offers ? offerExpiry(session.startsAt, now) : null;
	if (offers && !expiresAt) return session;

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
	await saveSeats(trx, after);
	const ids = seated.map((entry) => entry.id);
	const people = await findPeopleInLine(trx, ids);
	await trx
		.updateTable("waitlistEntry")
		.set(expiresAt ? { state: "offered" } : { state: "confirmed", endedAt: now })
		.where("id", "in", ids)
		.execute();
	await trx
		.updateTable("registration")
		.set(
			expiresAt
				? { status: "offered", updatedAt: now }
				: { status: "confirmed", entryId: null, updatedAt: now },
		)
		.where("entryId", "in", ids)
		.execute();
	if (expiresAt) {
		await trx
			.insertInto("offer")
			.values(
				seated.map((entry) => ({
					id: newId(),
					entryId: entry.id,
					sessionId: session.id,
					seats: entry.size,
					createdAt: now,
					expiresAt,
					endedAt: null,
				})),
			)
			.execute();
	}
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
	// Somebody who repeats a registration in the same party is shown what the party got.
	await trx
		.updateTable("registration")
		.set({ shownAs: expiresAt ? "offered" : "confirmed" })
		.where(
			"bookingId",
			"in",
			seated.map((entry) => entry.bookingId),
		)
		.where("shownAs", "=", "waitlisted")
		.execute();

	const context = await dateFacts(trx, origin, session);
	await withdrawQueued(
		trx,
		people.map(({ id }) => id),
	);
	await queueEmails(
		trx,
		people.map((person) => {
			const facts = { ...context, booking: bookingOf(person), registration: person };
			return expiresAt ? offered(facts, expiresAt, now) : seatedFromWaitlist(facts, now);
		}),
		origin.domain,
		now,
	);
	await recordAudit(
		trx,
		[
			...people.map((person) => ({
				actor: "system" as const,
				action: expiresAt ? ("registration.offered" as const) : ("registration.seated" as const),
				sessionId: session.id,
				bookingId: person.bookingId,
				registrationId: person.id,
			})),
			...skipped.map((entry) => ({
				actor: "system" as const,
				action: "waitlist.skipped" as const,
				sessionId: session.id,
				bookingId: entry.bookingId,
				data: { reason: "party-too-large", size: entry.size, free },
			})),
		],
		now,
	);
	return after;
}
