import { isErased } from "#app/domain/registration.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import type { Registration, SessionRow } from "#db/schema.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { confirmation } from "#emails/templates/confirmation.tsx";
import { shrinkEntry } from "./leave-session.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

type SeatResult = { ok: true } | { ok: false; reason: "unknown" | "full" };

/** Whether somebody waits for a seat, or is offered one, at a date that is not over. */
export function maySeat(
	person: Pick<Registration, "status" | "name">,
	{ cancelledAt, endsAt }: Pick<SessionRow, "cancelledAt" | "endsAt">,
	now: Date,
): boolean {
	if (isErased(person) || cancelledAt || now >= endsAt) return false;
	return person.status === "waitlisted" || person.status === "offered";
}

/** Whether every seat is taken, whoever waits for one: an organizer may give a free one to anybody. */
export function isFull({ seatsTaken, capacity }: Pick<SessionRow, "seatsTaken" | "capacity">): boolean {
	return seatsTaken >= capacity;
}

/**
 * An organizer gives a seat to somebody who waits, whatever their rank; one more than the room was meant for where they say
 * so (`over`). Who was offered the seat has it. Who has one already is a success that changes nothing.
 */
export async function seatPerson(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	{ organizerId, over }: { organizerId: string; over: boolean },
	now: Date,
): Promise<SeatResult> {
	return withLockedPlace<SeatResult>(db, registrationId, async (trx, place, session) => {
		if (place.status === "confirmed") return { ok: true };
		if (!maySeat(place, session, now)) return { ok: false, reason: "unknown" };
		const waits = place.status === "waitlisted";
		if (waits && isFull(session) && !over) return { ok: false, reason: "full" };
		const { id, bookingId, entryId } = place;
		const registration = await trx
			.updateTable("registration")
			.set({ status: "confirmed", entryId: null, updatedAt: now })
			.where("id", "=", id)
			.returningAll()
			.executeTakeFirstOrThrow();
		if (waits)
			await saveSeats(trx, {
				...session,
				seatsTaken: session.seatsTaken + 1,
				seatsWaiting: session.seatsWaiting - 1,
			});
		if (entryId) await shrinkEntry(trx, entryId, "confirmed", now);
		await withdrawQueued(trx, [id]);
		const facts = { ...(await dateFacts(trx, origin, session)), booking: bookingOf(place), registration };
		await queueEmails(trx, [confirmation(facts, now)], origin.domain, now);
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId,
					action: "registration.seated",
					sessionId: session.id,
					bookingId,
					registrationId: id,
				},
			],
			now,
		);
		return { ok: true };
	});
}
