import { sql } from "kysely";
import { foldText } from "#app/domain/name.ts";
import { activeStatuses } from "#app/domain/registration.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Booking, Registration } from "../schema.ts";

/** A registration with what its booking says of it: the reference, and whom to write to when it has no address. */
export type PlaceRow = Registration & Pick<Booking, "reference" | "contactName" | "contactEmail">;

/** The booking's side of a place, as an email wants it. */
export function bookingOf(place: PlaceRow) {
	const { bookingId: id, reference, contactName, contactEmail } = place;
	return { id, reference, contactName, contactEmail };
}

/**
 * The registrations of a session that hold or wait for a seat under one of these addresses, whatever the case. Each
 * address is looked up by itself, in the words of its unique index; the limit keeps Postgres from joining otherwise. Left
 * the choice, it reads the whole session until it has statistics, and in the rush on a new date it has none.
 */
export async function findActiveByEmail(trx: Trx, sessionId: string, emails: string[]): Promise<PlaceRow[]> {
	if (emails.length === 0) return [];
	const addresses = [...new Set(emails.map((email) => email.toLowerCase()))];
	return trx
		.selectFrom(sql<{ address: string }>`unnest(${addresses}::text[])`.as<"wanted">(sql`wanted (address)`))
		.innerJoinLateral(
			(from) =>
				from
					.selectFrom("registration")
					.selectAll()
					.where("sessionId", "=", sessionId)
					.where("status", "not in", ["cancelled", "repeated"])
					.whereRef(sql`lower(registration.email)`, "=", "wanted.address")
					.limit(1)
					.as("registration"),
			(join) => join.onTrue(),
		)
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"])
		.execute();
}

/**
 * Who holds or waits for a seat in a session: the addresses in lower case, and the folded names of the people who have
 * none.
 */
export async function listKnownPeople(
	db: Db | Trx,
	sessionId: string,
): Promise<{ emails: Set<string>; names: Set<string> }> {
	const people = await db
		.selectFrom("registration")
		.select(["name", "email"])
		.where("sessionId", "=", sessionId)
		.where("status", "in", activeStatuses)
		.execute();
	return {
		emails: new Set(people.flatMap(({ email }) => email?.toLowerCase() ?? [])),
		names: new Set(people.flatMap(({ name, email }) => (email ? [] : foldText(name)))),
	};
}

export async function findRegistration(db: Db | Trx, id: string): Promise<PlaceRow | undefined> {
	return places(db).where("registration.id", "=", id).executeTakeFirst();
}

/** The person of this number in the booking that has this reference. */
export async function findNumbered(
	db: Db,
	{ reference, position }: { reference: string; position: number },
): Promise<PlaceRow | undefined> {
	return places(db)
		.where("booking.reference", "=", reference)
		.where("registration.position", "=", position)
		.executeTakeFirst();
}

/** The registrations that an address was named in while it had a place in this session: they hold nothing. */
export async function findRepeated(trx: Trx, sessionId: string, email: string) {
	return trx
		.selectFrom("registration")
		.select(["id", "bookingId"])
		.where(sql<string>`lower(email)`, "=", email.toLowerCase())
		.where("sessionId", "=", sessionId)
		.where("status", "=", "repeated")
		.execute();
}

/** That somebody's `registration`, by its own name in the query, was not erased. */
export const stillNamed = sql<boolean>`registration.name <> ''`;

/** Whoever received a seat later answers to nobody in its booking, unless their mail goes to the contact. */
export const answersToContact = sql<boolean>`(registration.created_at = booking.created_at or registration.email is null)`;

/** Whether this person is the contact of others too, who are still known: their address is that of the whole booking. */
export async function leadsOthers(
	db: Db,
	{ id, bookingId, email, contactEmail }: PlaceRow,
): Promise<boolean> {
	if (email?.toLowerCase() !== contactEmail.toLowerCase()) return false;
	const other = await db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.select("registration.id")
		.where("registration.bookingId", "=", bookingId)
		.where("registration.id", "<>", id)
		.where(stillNamed)
		.where(answersToContact)
		.limit(1)
		.executeTakeFirst();
	return other !== undefined;
}

/** The people who stand in these places in line, in the order in which they were signed up. */
export async function findPeopleInLine(trx: Trx, entryIds: string[]): Promise<PlaceRow[]> {
	if (entryIds.length === 0) return [];
	return places(trx)
		.where("registration.entryId", "in", entryIds)
		.orderBy("registration.bookingId")
		.orderBy("registration.position")
		.execute();
}

/** Every upcoming place that an address holds or waits for, soonest first: ten at most. */
export async function findPlacesOfAddress(db: Db, email: string, now: Date): Promise<PlaceRow[]> {
	return places(db)
		.innerJoin("session", "session.id", "registration.sessionId")
		.where(sql<string>`lower(registration.email)`, "=", email.toLowerCase())
		.where("registration.status", "in", activeStatuses)
		.where("session.endsAt", ">", now)
		.orderBy("session.startsAt")
		.limit(10)
		.execute();
}

const yearMs = 365 * 24 * 3600 * 1000;

/**
 * What a person's calendar holds: the seats under their address, or this one alone where they gave none, and those that
 * are no longer theirs after an entry was sent. Of the past year and to come: a hundred at most.
 */
export async function listCalendarPlaces(
	db: Db,
	person: Pick<Registration, "id" | "email">,
	now: Date,
): Promise<PlaceRow[]> {
	const theirs = person.email
		? sql<boolean>`lower(registration.email) = lower(${person.email})`
		: sql<boolean>`registration.id = ${person.id}::uuid`;
	return places(db)
		.innerJoin("session", "session.id", "registration.sessionId")
		.where(theirs)
		.where("session.endsAt", ">", new Date(now.getTime() - yearMs))
		.where(({ or, and, eb, exists, selectFrom }) =>
			or([
				eb("registration.status", "=", "confirmed"),
				and([
					eb("registration.status", "=", "cancelled"),
					exists(
						selectFrom("email")
							.select("email.id")
							.whereRef("email.registrationId", "=", "registration.id")
							.where("email.calendarMethod", "in", ["PUBLISH", "REQUEST"]),
					),
				]),
			]),
		)
		.orderBy("session.startsAt")
		.orderBy("registration.id")
		.limit(100)
		.execute();
}

function places(db: Db | Trx) {
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"]);
}

/** Everyone who holds or waits for a seat in a session. */
export async function listSessionPeople(db: Db | Trx, sessionId: string): Promise<SessionPerson[]> {
	const people = await places(db)
		.where("registration.sessionId", "=", sessionId)
		.where("registration.status", "in", activeStatuses)
		.where(stillNamed)
		.orderBy("registration.id")
		.execute();
	return people as SessionPerson[];
}

export type SessionPerson = PlaceRow & { status: (typeof activeStatuses)[number] };

/** Who has a seat in a session, by name: what a sheet to sign says of them. */
export async function listSeated(db: Db, sessionId: string) {
	return db
		.selectFrom("registration")
		.select(["id", "name", "organization"])
		.where("sessionId", "=", sessionId)
		.where("status", "=", "confirmed")
		.orderBy("sortName")
		.orderBy("id")
		.execute();
}

/** Until when each of these places in line has a seat offered to it; those that have none are left out. */
export async function findOfferDeadlines(db: Db, entryIds: string[]): Promise<Map<string, Date>> {
	if (entryIds.length === 0) return new Map();
	const offers = await db
		.selectFrom("offer")
		.select(["entryId", "expiresAt"])
		.where("entryId", "in", entryIds)
		.where("state", "=", "open")
		.execute();
	return new Map(offers.map(({ entryId, expiresAt }) => [entryId, expiresAt]));
}
