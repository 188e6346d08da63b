import { sql } from "kysely";
import type { AttendanceStatus } from "#app/domain/attendance.ts";
import type { Db } from "#db/client.server.ts";
import { forgetAttendance, saveAttendance } from "#db/queries/attendance.server.ts";
import { recordAudit, wasRecorded } from "#db/queries/audit.server.ts";

/**
 * Records that people came to a session's meetings or did not; null forgets what was recorded. What is asked is a state
 * and not a change: asking twice records once, and an operation that changed something and comes again, its answer lost,
 * undoes nothing that was asked since. One that changed nothing is kept nowhere, and is asked anew when it comes again.
 * `minutes` is how long somebody was at each meeting who was not there all the time.
 * `seenAt` is when they were seen, where that was before now.
 * Returns how many confirmed people are concerned.
 */
export async function recordAttendance(
	db: Db,
	asked: {
		sessionId: string;
		meetingIds: string[];
		people: string[];
		minutes?: number | null;
		operation?: string;
		seenAt?: Date;
	},
	status: AttendanceStatus | null,
	organizerId: string,
	now: Date,
): Promise<number> {
	const { sessionId, meetingIds, people, minutes = null, operation, seenAt = now } = asked;
	return db.transaction().execute(async (trx) => {
		const confirmed = await trx
			.selectFrom("registration")
			.select(["id", "bookingId"])
			.where("sessionId", "=", sessionId)
			.where("status", "=", "confirmed")
			.where(sql<boolean>`id = any(${people}::uuid[])`)
			// Whoever moves to another date or cancels meanwhile, and another phone, does it before or after, never in between.
			.orderBy("id")
			.forNoKeyUpdate()
			.execute();
		const ids = confirmed.map(({ id }) => id);
		if (operation && (await wasRecorded(trx, ids, operation))) return ids.length;
		const meetings = await trx
			.selectFrom("meeting")
			.select("id")
			.where("sessionId", "=", sessionId)
			.where(sql<boolean>`id = any(${meetingIds}::uuid[])`)
			.execute();
		const at = meetings.map(({ id }) => id);
		const seen = { recordedAt: seenAt, recordedBy: organizerId };
		const changed = status
			? await saveAttendance(trx, ids, at, { status, minutes, ...seen })
			: await forgetAttendance(trx, ids, at, seen);
		await recordAudit(
			trx,
			confirmed
				.filter(({ id }) => changed.includes(id))
				.map(({ id, bookingId }) => ({
					actor: "organizer",
					organizerId,
					action: `attendance.${status ?? "forgotten"}`,
					sessionId,
					bookingId,
					registrationId: id,
					data: {
						meetings: at.length,
						...(minutes !== null && { minutes }),
						...(operation && { operation }),
					},
				})),
			now,
		);
		return ids.length;
	});
}
