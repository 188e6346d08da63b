import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import type { Meeting } from "../schema.ts";

/** What makes two reminders the same one, so that nobody gets it twice. */
export function reminderKey(registrationId: string, meeting: Pick<Meeting, "id">, revision: number): string {
	return `reminder:${registrationId}:${meeting.id}:${revision}`;
}

/** The meetings to come until `until` of sessions that have reminders, with what says when those are due. */
export async function listMeetingsWithReminder(db: Db, now: Date, until: Date) {
	return db
		.selectFrom("meeting")
		.innerJoin("session", "session.id", "meeting.sessionId")
		.select([
			"meeting.sessionId",
			"meeting.position",
			"meeting.localDate",
			"meeting.zone",
			"meeting.startsAt",
		])
		.select(["session.reminderDays", "session.reminderWeekdays", "session.reminderTime"])
		.where("meeting.startsAt", ">", now)
		.where("meeting.startsAt", "<", until)
		.where("session.reminderDays", "is not", null)
		.where("session.cancelledAt", "is", null)
		.orderBy("meeting.startsAt")
		.execute();
}

/**
 * Confirmed people who are to be reminded of a meeting and have not been: at most `limit`. Whoever got the date and its
 * calendar entry since the reminder was due, such as with a late confirmation, needs no other message; whoever is erased reads none.
 */
export async function listPeopleToRemind(
	db: Db | Trx,
	meeting: Pick<Meeting, "id" | "sessionId" | "position"> & { scheduleRevision: number; remindAt: Date },
	limit: number,
) {
	const key = sql<string>`'reminder:' || registration.id || ':' || ${meeting.id}::text || ':' || ${meeting.scheduleRevision}::int`;
	// That of releases before 2 December 2026, which could not tell the dates apart that somebody moved between.
	const formerKey = sql<string>`'reminder:' || registration.id || ':' || ${meeting.position}::int || ':' || ${meeting.scheduleRevision}::int`;
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"])
		.where("registration.sessionId", "=", meeting.sessionId)
		.where("registration.status", "=", "confirmed")
		.where("registration.name", "<>", "")
		.where(({ not, exists, selectFrom }) =>
			not(exists(selectFrom("email").select("email.id").where("email.dedupeKey", "=", key))),
		)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom("email")
						.select("email.id")
						.where("email.dedupeKey", "=", formerKey)
						.where("email.createdAt", ">=", meeting.remindAt),
				),
			),
		)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom("email")
						.select("email.id")
						.whereRef("email.registrationId", "=", "registration.id")
						.where("email.calendarMethod", "in", ["PUBLISH", "REQUEST"])
						.where("email.kind", "<>", "reminder")
						.where("email.createdAt", ">=", meeting.remindAt),
				),
			),
		)
		.orderBy("registration.id")
		.limit(limit)
		.execute();
}
