import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import type { Meeting } from "../schema.ts";
import { stillNamed } from "./registrations.server.ts";

/**
 * What makes two reminders the same one, so that nobody gets it twice. The position is enough for whoever stays at the
 * date they booked. Whoever moved needs the meeting's id: two dates of one person have the position in common.
 */
function reminderKey({
	id,
	position,
	scheduleRevision,
}: {
	id: string;
	position: number;
	scheduleRevision: number;
}) {
	const meeting = sql`case when registration.session_id = booking.session_id then ${position}::text else ${id}::text end`;
	return sql<string>`concat_ws(':', 'reminder', registration.id, ${meeting}, ${scheduleRevision}::text)`;
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
	const key = reminderKey(meeting);
	return db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.selectAll("registration")
		.select(["booking.reference", "booking.contactName", "booking.contactEmail"])
		.select(key.as("reminderKey"))
		.where("registration.sessionId", "=", meeting.sessionId)
		.where("registration.status", "=", "confirmed")
		.where(stillNamed)
		.where(({ not, exists, selectFrom }) =>
			not(exists(selectFrom("email").select("email.id").where("email.dedupeKey", "=", key))),
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
