import type { Trx } from "#db/client.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import type { CancelReason, Registration, SessionRow } from "#db/schema.ts";
import { withdrawQueued } from "#emails/outbox.server.ts";

/**
 * Takes one person out of a locked session for good: the seat or the rank is free again, the calendar entry is one
 * version further, and what was still queued for them does not leave. Returns both rows as they stand afterwards; the
 * freed seat is for `fillFreedSeats`.
 */
export async function leaveSession<Person extends Registration>(
	trx: Trx,
	session: SessionRow,
	registration: Person,
	reason: CancelReason,
	now: Date,
): Promise<{ session: SessionRow; registration: Person }> {
	// Nothing was held: only what the pages of its booking say changes.
	if (registration.status === "repeated") {
		const left = { shownAs: "cancelled" as const, updatedAt: now };
		await trx.updateTable("registration").set(left).where("id", "=", registration.id).execute();
		return { session, registration: { ...registration, ...left } };
	}
	const left = {
		status: "cancelled" as const,
		entryId: null,
		cancelReason: reason,
		cancelledAt: now,
		updatedAt: now,
		calendarSequence: registration.calendarSequence + 1,
	};
	await trx.updateTable("registration").set(left).where("id", "=", registration.id).execute();
	const after = await vacate(trx, session, registration, now);
	await withdrawQueued(trx, [registration.id]);
	return { session: after, registration: { ...registration, ...left } };
}

/**
 * Frees the seat or the rank that a person of a locked session held; `registration` is the row as it was, which the
 * caller has already changed. A party that loses its last person gives up its place in line, or the offer made to it.
 */
export async function vacate(
	trx: Trx,
	session: SessionRow,
	registration: Registration,
	now: Date,
): Promise<SessionRow> {
	const { status, entryId } = registration;
	const waited = status === "waitlisted";
	const after = {
		...session,
		seatsTaken: session.seatsTaken - (waited ? 0 : 1),
		seatsWaiting: session.seatsWaiting - (waited ? 1 : 0),
	};
	await saveSeats(trx, after);
	if (entryId) await shrinkEntry(trx, entryId, "left", now);
	return after;
}

/**
 * Writes down that somebody no longer stands in a place in line, because they have a seat now or because they left. The
 * last one ends it, and the offer made to it.
 */
export async function shrinkEntry(
	trx: Trx,
	entryId: string,
	end: "confirmed" | "left",
	now: Date,
): Promise<void> {
	const rest = await trx
		.selectFrom("registration")
		.select((eb) => eb.fn.countAll<string>().as("count"))
		.where("entryId", "=", entryId)
		.executeTakeFirstOrThrow();
	const size = Number(rest.count);
	if (size > 0) {
		await trx.updateTable("waitlistEntry").set({ size }).where("id", "=", entryId).execute();
		await trx
			.updateTable("offer")
			.set({ seats: size })
			.where("entryId", "=", entryId)
			.where("state", "=", "open")
			.execute();
		return;
	}
	const seated = end === "confirmed";
	const offered = await closeOffer(trx, entryId, seated ? "accepted" : "declined", now);
	await trx
		.updateTable("waitlistEntry")
		.set({ state: offered && !seated ? "declined" : end, endedAt: now })
		.where("id", "=", entryId)
		.where("state", "in", ["waiting", "offered"])
		.execute();
}

/** Ends the open offer of a place in line, and says whether there was one. */
export async function closeOffer(
	trx: Trx,
	entryId: string,
	state: "accepted" | "declined" | "lapsed",
	now: Date,
): Promise<boolean> {
	const closed = await trx
		.updateTable("offer")
		.set({ state, endedAt: now })
		.where("entryId", "=", entryId)
		.where("state", "=", "open")
		.returning("id")
		.executeTakeFirst();
	return closed !== undefined;
}
