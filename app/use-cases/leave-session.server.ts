import type { Trx } from "#db/client.server.ts";
import type { CancelReason, Registration, SessionRow } from "#db/schema.ts";
import { withdrawQueued } from "#emails/outbox.server.ts";

/**
 * Takes one person out of a locked session: the seat or the rank is free again, the calendar entry is one version
 * further, and what was still queued for them does not leave. Returns both rows as they stand afterwards; the freed seat
 * is for `fillFreedSeats`.
 */
export async function leaveSession<Person extends Registration>(
	trx: Trx,
	session: SessionRow,
	registration: Person,
	reason: CancelReason,
	now: Date,
): Promise<{ session: SessionRow; registration: Person }> {
	const waited = registration.status === "waitlisted";
	const seats = {
		seatsTaken: session.seatsTaken - (waited ? 0 : 1),
		seatsWaiting: session.seatsWaiting - (waited ? 1 : 0),
	};
	await trx.updateTable("session").set(seats).where("id", "=", session.id).execute();
	const left = {
		status: "cancelled" as const,
		cancelReason: reason,
		cancelledAt: now,
		updatedAt: now,
		calendarSequence: registration.calendarSequence + 1,
	};
	await trx.updateTable("registration").set(left).where("id", "=", registration.id).execute();
	if (waited) {
		await trx
			.updateTable("waitlistEntry")
			.set({ state: "left", endedAt: now })
			.where("bookingId", "=", registration.bookingId)
			.where("state", "=", "waiting")
			.execute();
	}
	await withdrawQueued(trx, [registration.id]);
	return { session: { ...session, ...seats }, registration: { ...registration, ...left } };
}
