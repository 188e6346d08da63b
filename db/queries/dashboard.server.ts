import { sql } from "kysely";
import { seatedStatuses } from "#app/domain/registration.ts";
import type { Db } from "../client.server.ts";

const mostListed = 6;
const hour = 3600 * 1000;
const day = 24 * hour;

/** The meetings that begin between two instants, the first one first, with how many people are expected: at most 20. */
export async function listMeetingsBetween(db: Db, from: Date, until: Date) {
	return meetingsBetween(db, from, until).limit(20).execute();
}

/** The meetings that began in the last day or begin in the next two weeks, the first one first: at most 60. */
export async function listMeetingsAround(db: Db, now: Date) {
	const [from, until] = [new Date(now.getTime() - day), new Date(now.getTime() + 14 * day)];
	return meetingsBetween(db, from, until).limit(60).execute();
}

export type ToDo = Awaited<ReturnType<typeof listToDo>>;

/** What waits for an organizer's hand, in the coming days or since the last ones, a few of each kind, the most pressing first. */
export async function listToDo(db: Db, now: Date) {
	const until = (ms: number) => new Date(now.getTime() + ms);
	const [offers, underMinimum, withoutLink, drafts, uncertified] = await Promise.all([
		sessions(db)
			.innerJoin("offer", "offer.sessionId", "session.id")
			.select(sql<number>`count(*)::int`.as("offers"))
			.select((eb) => eb.fn.min("offer.expiresAt").as("expiresAt"))
			.where("offer.state", "=", "open")
			.where("offer.expiresAt", ">", now)
			.where("offer.expiresAt", "<", until(6 * hour))
			.groupBy(["session.id", "workshop.id"])
			.orderBy("expiresAt")
			.limit(mostListed)
			.execute(),
		held(db)
			.where("session.startsAt", ">", now)
			.where("session.startsAt", "<", until(21 * day))
			.where("session.tentative", "=", true)
			.whereRef("session.seatsTaken", "<", "session.minimum")
			.orderBy("session.startsAt")
			.limit(mostListed)
			.execute(),
		held(db)
			.where("session.startsAt", ">", now)
			.where("session.startsAt", "<", until(21 * day))
			.where("session.online", "=", true)
			.where("session.joinUrl", "=", "")
			.orderBy("session.startsAt")
			.limit(mostListed)
			.execute(),
		sessions(db)
			.where("session.publishedAt", "is", null)
			.where("session.cancelledAt", "is", null)
			.where("session.startsAt", ">", now)
			.where("session.startsAt", "<", until(7 * day))
			.orderBy("session.startsAt")
			.limit(mostListed)
			.execute(),
		held(db)
			.where("session.endsAt", "<", now)
			.where("session.endsAt", ">", until(-14 * day))
			.where(({ and, exists, not, selectFrom }) =>
				and([
					// A firm that never issued an attestation is not asked for them.
					exists(selectFrom("attestation").select("attestation.id")),
					not(
						exists(
							selectFrom("attestation")
								.select("attestation.id")
								.whereRef("attestation.sessionId", "=", "session.id")
								.where("attestation.endedAt", "is", null),
						),
					),
					exists(
						selectFrom("attendance")
							.innerJoin("meeting", "meeting.id", "attendance.meetingId")
							.select("meeting.id")
							.whereRef("meeting.sessionId", "=", "session.id")
							.where("attendance.status", "<>", "absent"),
					),
				]),
			)
			.orderBy("session.endsAt")
			.limit(mostListed)
			.execute(),
	]);
	return { offers, underMinimum, withoutLink, drafts, uncertified };
}

/**
 * How the next 200 sessions fill: their seats in all, and for each hour how many of today's seat holders signed up in it.
 */
export async function countSignUpsByHour(db: Db, now: Date) {
	const next = held(db)
		.clearSelect()
		.select(["session.id", "session.capacity"])
		.where("session.endsAt", ">", now)
		// In the order of the index, so that a thousand others are not read.
		.orderBy("session.endsAt")
		.limit(200);
	const [{ capacity }, hours] = await Promise.all([
		db
			.selectFrom(next.as("next"))
			.select(sql<number>`coalesce(sum(capacity), 0)::int`.as("capacity"))
			.executeTakeFirstOrThrow(),
		db
			.selectFrom(next.as("next"))
			// Counted within each session: as one join, everyone who ever registered would be read.
			.innerJoinLateral(
				(eb) =>
					eb
						.selectFrom("registration")
						// Rounded as an instant: numbers that `extract` makes took twice the time of all the rest.
						.select(sql<Date>`date_bin('1 hour', registration.created_at, 'epoch'::timestamptz)`.as("hour"))
						.select(sql<number>`count(*)::int`.as("count"))
						.whereRef("registration.sessionId", "=", "next.id")
						.where("registration.status", "in", seatedStatuses)
						.groupBy("hour")
						.as("signUps"),
				(join) => join.onTrue(),
			)
			.select("signUps.hour")
			.select(sql<number>`sum(sign_ups.count)::int`.as("count"))
			.groupBy("signUps.hour")
			.orderBy("signUps.hour")
			.execute(),
	]);
	return { capacity, hours };
}

/** Sessions that people come to, unless something unforeseen happens. */
function held(db: Db) {
	return sessions(db).where("session.publishedAt", "is not", null).where("session.cancelledAt", "is", null);
}

function meetingsBetween(db: Db, from: Date, until: Date) {
	return held(db)
		.innerJoin("meeting", "meeting.sessionId", "session.id")
		.select(["meeting.id as meetingId", "meeting.startsAt", "meeting.endsAt"])
		.where("meeting.startsAt", ">=", from)
		.where("meeting.startsAt", "<", until)
		.orderBy("meeting.startsAt")
		.orderBy("meeting.id");
}

function sessions(db: Db) {
	return db
		.selectFrom("session")
		.innerJoin("workshop", "workshop.id", "session.workshopId")
		.select([
			"session.id",
			"session.startsAt",
			"session.zone",
			"session.online",
			"session.place",
			"session.seatsTaken",
			"session.capacity",
			"session.minimum",
			"workshop.titleFr",
			"workshop.titleEn",
		])
		.where("workshop.archivedAt", "is", null);
}
