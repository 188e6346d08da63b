import { sql } from "kysely";
import { activeStatuses } from "#app/domain/registration.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Booking, Offer, Registration } from "../schema.ts";
import { stillNamed } from "./registrations.server.ts";

/** Stands for the hash of what was sent, in a booking that no form made. */
export const addedByOrganizer = "organizer";

/** The completed bookings among these idempotency keys. */
export async function findBookingsByKey(trx: Trx, keys: string[]): Promise<Booking[]> {
	return trx.selectFrom("booking").selectAll().where("key", "=", sql<string>`any(${keys})`).execute();
}

/** A booking with everyone it was made for, in order. Whoever received one of its seats later answers to nobody here. */
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
		.where("createdAt", "=", (eb) => eb.selectFrom("booking").select("createdAt").where("id", "=", id))
		.orderBy("position")
		.execute();
	return { booking, registrations };
}

/** What a contact asked to read on the invoice of a booking. */
export async function findBilling(db: Db, bookingId: string) {
	return db
		.selectFrom("booking")
		.select(["poNumber", "billingAddress"])
		.where("id", "=", bookingId)
		.executeTakeFirstOrThrow();
}

/** The groups to come that an address booked for others, each with its people: ten at most. */
export async function findGroupsOfAddress(db: Db, email: string, now: Date) {
	const bookings = await db
		.selectFrom("booking")
		.innerJoin("session", "session.id", "booking.sessionId")
		.select("booking.id")
		.where(sql<string>`lower(booking.contact_email)`, "=", email.toLowerCase())
		.where("session.endsAt", ">", now)
		.where((eb) =>
			eb.or([
				eb("booking.contactAttends", "=", false),
				eb.exists(
					eb
						.selectFrom("registration")
						.select("registration.id")
						.whereRef("registration.bookingId", "=", "booking.id")
						.whereRef("registration.createdAt", "=", "booking.createdAt")
						.where("registration.position", ">", 1),
				),
			]),
		)
		.orderBy("session.startsAt")
		.limit(10)
		.execute();
	const groups = await Promise.all(bookings.map(({ id }) => findBooking(db, id)));
	return groups.filter((group) => group !== undefined);
}

export type AbsentContact = Awaited<ReturnType<typeof listAbsentContacts>>[number];

/**
 * The bookings of a session whose contact is none of its people and gets no message of theirs, since each has an address of
 * their own: with the names of those who were told that they hold or wait for a seat there, but for who received one later.
 * An organizer who added somebody knows anyway.
 */
export async function listAbsentContacts(trx: Trx, sessionId: string) {
	return trx
		.selectFrom("booking")
		.innerJoin("registration", "registration.bookingId", "booking.id")
		.selectAll("booking")
		.select(sql<string[]>`array_agg(registration.name order by registration.position)`.as("names"))
		.where("registration.sessionId", "=", sessionId)
		.where((eb) =>
			eb.or([
				eb("registration.status", "in", activeStatuses),
				eb.and([
					eb("registration.status", "=", "repeated"),
					eb("registration.shownAs", "in", activeStatuses),
				]),
			]),
		)
		.where(stillNamed)
		.where("booking.payloadHash", "<>", addedByOrganizer)
		.whereRef("registration.createdAt", "=", "booking.createdAt")
		.where("booking.contactAttends", "=", false)
		.where("booking.contactEmail", "<>", "")
		.groupBy("booking.id")
		.having(sql<boolean>`bool_and(registration.email is not null)`)
		.execute();
}

/**
 * The place in line of a person, from 1: how many parties stand before theirs. Who has no entry of their own gets the
 * place they would have had, so that the answer tells nobody who is registered.
 */
export async function waitlistPosition(
	db: Db | Trx,
	person: Pick<Registration, "entryId" | "sessionId" | "createdAt">,
): Promise<number> {
	let ahead = db
		.selectFrom("waitlistEntry")
		.select((eb) => eb.fn.countAll<string>().as("count"))
		.where("sessionId", "=", person.sessionId)
		.where("state", "=", "waiting");
	const { entryId } = person;
	ahead = entryId
		? ahead.where("seq", "<", (eb) =>
				eb.selectFrom("waitlistEntry as own").select("own.seq").where("own.id", "=", entryId),
			)
		: ahead.where("createdAt", "<", person.createdAt);
	const { count } = await ahead.executeTakeFirstOrThrow();
	return Number(count) + 1;
}

/** Whether the form that held this key has made a booking. */
export async function isKeySpent(db: Db | Trx, key: string): Promise<boolean> {
	const booking = await db.selectFrom("booking").select("id").where("key", "=", key).executeTakeFirst();
	return booking !== undefined;
}

/** The places in line of a session that wait for a seat, first in line first. */
export async function listWaitingEntries(db: Db | Trx, sessionId: string): Promise<string[]> {
	const entries = await db
		.selectFrom("waitlistEntry")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where("state", "=", "waiting")
		.orderBy("seq")
		.execute();
	return entries.map(({ id }) => id);
}

/** The offer that is open for a place in line, whatever the hour. */
export async function findOpenOffer(db: Db | Trx, entryId: string): Promise<Offer | undefined> {
	return db
		.selectFrom("offer")
		.selectAll()
		.where("entryId", "=", entryId)
		.where("state", "=", "open")
		.executeTakeFirst();
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
