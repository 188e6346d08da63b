import type { Db, Trx } from "../client.server.ts";
import type { Booking, Registration } from "../schema.ts";

/** The completed bookings among these idempotency keys. */
export async function findBookingsByKey(trx: Trx, keys: string[]): Promise<Booking[]> {
	return trx.selectFrom("booking").selectAll().where("key", "in", keys).execute();
}

/** A booking with its registrations in order; none when the address was already registered. */
export async function findBooking(
	db: Db | Trx,
	id: string,
): Promise<{ booking: Booking; registrations: Registration[] } | undefined> {
	const booking = await db.selectFrom("booking").selectAll().where("id", "=", id).executeTakeFirst();
	if (!booking) return undefined;
	const registrations = await db
		.selectFrom("registration")
		.selectAll()
		.where("bookingId", "=", id)
		.orderBy("position")
		.execute();
	return { booking, registrations };
}

/**
 * The place in line of a booking, from 1. A booking without an entry of its own gets the place it would have had,
 * so that the answer tells nobody who is registered.
 */
export async function waitlistPosition(
	db: Db | Trx,
	booking: Pick<Booking, "id" | "sessionId" | "createdAt">,
): Promise<number> {
	const own = await db
		.selectFrom("waitlistEntry")
		.select("seq")
		.where("bookingId", "=", booking.id)
		.executeTakeFirst();
	let ahead = db
		.selectFrom("waitlistEntry")
		.select((eb) => eb.fn.countAll<string>().as("count"))
		.where("sessionId", "=", booking.sessionId)
		.where("state", "=", "waiting");
	ahead = own ? ahead.where("seq", "<", own.seq) : ahead.where("createdAt", "<", booking.createdAt);
	const { count } = await ahead.executeTakeFirstOrThrow();
	return Number(count) + 1;
}

/** The bookings that wait for a seat in a session, first in line first. */
export async function listWaitingBookings(db: Db | Trx, sessionId: string): Promise<string[]> {
	const entries = await db
		.selectFrom("waitlistEntry")
		.select("bookingId")
		.where("sessionId", "=", sessionId)
		.where("state", "=", "waiting")
		.orderBy("seq")
		.execute();
	return entries.map(({ bookingId }) => bookingId);
}

/** How many parties wait for a seat in a session. */
export async function countWaiting(db: Db | Trx, sessionId: string): Promise<number> {
	const { count } = await db
		.selectFrom("waitlistEntry")
		.select((eb) => eb.fn.countAll<string>().as("count"))
		.where("sessionId", "=", sessionId)
		.where("state", "=", "waiting")
		.executeTakeFirstOrThrow();
	return Number(count);
}
