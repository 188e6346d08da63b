import { type RawBuilder, sql } from "kysely";
import type { AttendanceStatus, Certified } from "#app/domain/attendance.ts";
import { wordsTyped } from "#app/domain/name.ts";
import { parseReference } from "#app/domain/reference.ts";
import type { Db, Trx } from "../client.server.ts";
import { contains } from "./search.server.ts";

/** What was recorded of somebody at the meetings of the session that they are in now, in order. */
export async function listAttendance(db: Db, registrationId: string) {
	return db
		.selectFrom("attendance")
		.innerJoin("meeting", "meeting.id", "attendance.meetingId")
		.innerJoin("registration", "registration.id", "attendance.registrationId")
		.whereRef("meeting.sessionId", "=", "registration.sessionId")
		.where("attendance.registrationId", "=", registrationId)
		.select(["meeting.id as meetingId", "attendance.status", "attendance.minutes"])
		.orderBy("meeting.position")
		.execute();
}

/** Whether anything was recorded at a session's meetings. */
export async function hasAttendance(db: Db, sessionId: string): Promise<boolean> {
	const found = await db
		.selectFrom("attendance")
		.innerJoin("meeting", "meeting.id", "attendance.meetingId")
		.select("meeting.id")
		.where("meeting.sessionId", "=", sessionId)
		.limit(1)
		.executeTakeFirst();
	return found !== undefined;
}

/** What was seen and certified of these people at the session that they are in now, by registration; whom nothing was recorded of is left out. */
export async function findAttended(db: Db, registrationIds: string[]): Promise<Map<string, Certified>> {
	const { rows } = await sql<Certified & { id: string }>`
		select seen.*, case when attestation.id is not null then json_build_object(
			'serial', attestation.serial,
			'minutes', (
				select sum((meeting->>'minutes')::int)
				from jsonb_array_elements(attestation.meetings) meeting
			)
		) end as attestation
		from (
			select registration.id, registration.session_id,
				count(*) filter (where attendance.status <> 'absent')::int as came,
				bool_or(attendance.status = 'partial') as partly,
				(select count(*)::int from meeting where meeting.session_id = registration.session_id) as meetings
			from attendance
			join meeting on meeting.id = attendance.meeting_id
			join registration on registration.id = attendance.registration_id and registration.session_id = meeting.session_id
			where attendance.registration_id = any(${registrationIds}::uuid[])
			group by registration.id
		) seen
		left join attestation on attestation.registration_id = seen.id and attestation.session_id = seen.session_id
			and attestation.ended_at is null
	`.execute(db);
	return new Map(
		rows.map(({ id, came, meetings, partly, attestation }) => [id, { came, meetings, partly, attestation }]),
	);
}

/** That a registration was seen at no meeting of its session, and missed at one. */
export const cameToNothing = sql<boolean>`(
	select bool_and(attendance.status = 'absent')
	from attendance
	join meeting on meeting.id = attendance.meeting_id
	where attendance.registration_id = registration.id and meeting.session_id = registration.session_id
) is true`;

/** The registrations of a session that came to nothing of it. */
export async function listAbsentees(db: Db | Trx, sessionId: string): Promise<Set<string>> {
	const rows = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where(cameToNothing)
		.execute();
	return new Set(rows.map(({ id }) => id));
}

/** How many of a session's confirmed people came to a meeting at least, and how many were seen at none. */
export async function countAttendance(
	db: Db,
	sessionId: string,
): Promise<{ present: number; absent: number }> {
	const { rows } = await sql<{ present: number; absent: number }>`
		select count(*) filter (where came)::int as present, count(*) filter (where not came)::int as absent
		from (
			select bool_or(attendance.status <> 'absent') as came
			from meeting
			join attendance on attendance.meeting_id = meeting.id
			join registration on registration.id = attendance.registration_id
			where meeting.session_id = ${sessionId} and registration.session_id = ${sessionId} and registration.status = 'confirmed'
			group by attendance.registration_id
		) as seen
	`.execute(db);
	return rows[0]!;
}

const mostAtTheDoor = 300;

type Expected = Awaited<ReturnType<typeof listExpected>>["people"][number];
/** What the door's page knows of somebody: `code` is what their own page shows as a QR code. */
export type ExpectedPerson = Omit<Expected, "tokenVersion"> & { code: string };

/**
 * The people who have a seat in a session, by name, with what was recorded of them at one of its meetings: no more of each
 * than the door needs, and `mostAtTheDoor` at most. The words typed may stand anywhere in a name or an organization, in any
 * order; addresses are not searched, or whoever may not see them could guess them letter by letter. `person` asks for one
 * alone.
 */
export async function listExpected(
	db: Db,
	asked: { sessionId: string; meetingId: string; search: string; person?: string },
) {
	const { sessionId, meetingId, search, person } = asked;
	let query = db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.leftJoin("attendance", (join) =>
			join
				.onRef("attendance.registrationId", "=", "registration.id")
				.on("attendance.meetingId", "=", meetingId),
		)
		.select([
			"registration.id",
			"registration.name",
			"registration.organization",
			"registration.position",
			"registration.tokenVersion",
			"booking.reference",
			"attendance.status",
			"attendance.recordedAt",
		])
		.where("registration.sessionId", "=", sessionId)
		.where("registration.status", "=", "confirmed")
		.orderBy("registration.sortName")
		.orderBy("registration.id")
		.limit(mostAtTheDoor + 1);
	const words = wordsTyped(search);
	// As it is printed beside a name, its person's number follows.
	const reference = parseReference(search) ?? parseReference(search.replace(/-\d{1,2}$/, ""));
	query = query.where(({ and, eb, or }) => {
		if (person) return eb("registration.id", "=", person);
		const named = and(words.map((word) => contains(withoutAddress, word)));
		return reference ? or([eb("booking.reference", "=", reference), named]) : named;
	});
	const rows = await query.execute();
	return { people: rows.slice(0, mostAtTheDoor), more: rows.length > mostAtTheDoor };
}

const withoutAddress = sql<string>`replace(registration.search_text, lower(coalesce(registration.email, '')), ' ')`;

/** How many people are expected at a meeting, and how many of them were seen there. */
export async function countExpected(
	db: Db,
	{ sessionId, meetingId }: { sessionId: string; meetingId: string },
): Promise<{ came: number; expected: number }> {
	return db
		.selectFrom("registration")
		.leftJoin("attendance", (join) =>
			join
				.onRef("attendance.registrationId", "=", "registration.id")
				.on("attendance.meetingId", "=", meetingId),
		)
		.select([
			sql<number>`count(*)::int`.as("expected"),
			sql<number>`(count(*) filter (where attendance.status <> 'absent'))::int`.as("came"),
		])
		.where("registration.sessionId", "=", sessionId)
		.where("registration.status", "=", "confirmed")
		.executeTakeFirstOrThrow();
}

/**
 * Writes what was seen of these people at these meetings, over what was there, but for what somebody else saw later; returns
 * whose record changed.
 */
export async function saveAttendance(
	trx: Trx,
	registrationIds: string[],
	meetingIds: string[],
	seen: { status: AttendanceStatus; minutes: number | null; recordedAt: Date; recordedBy: string },
): Promise<string[]> {
	const rows = registrationIds.flatMap((registrationId) =>
		meetingIds.map((meetingId) => ({ registrationId, meetingId, ...seen })),
	);
	if (rows.length === 0) return [];
	// Whoever notes again that somebody was there in part, without a word of how long, takes back nothing.
	const kept = sql<number | null>`coalesce(
		excluded.minutes,
		case when excluded.status = attendance.status then attendance.minutes end
	)`;
	const saved = await trx
		.insertInto("attendance")
		.values(rows)
		.onConflict((conflict) =>
			conflict
				.columns(["registrationId", "meetingId"])
				.doUpdateSet({ ...seen, minutes: kept })
				.where(
					sql<boolean>`(attendance.status, attendance.minutes) is distinct from (excluded.status, ${kept})`,
				)
				.where(notSeenLater(sql`excluded.recorded_by`, sql`excluded.recorded_at`)),
		)
		.returning("registrationId")
		.execute();
	return [...new Set(saved.map(({ registrationId }) => registrationId))];
}

/** A phone that was out of reach may say days later what it saw: what somebody else has noted since then stays. */
function notSeenLater(by: RawBuilder<unknown>, at: RawBuilder<unknown>) {
	return sql<boolean>`(attendance.recorded_by = ${by} or attendance.recorded_at <= ${at})`;
}

/** Forgets what was recorded of these people at these meetings, with the same exception; returns of whom something was. */
export async function forgetAttendance(
	trx: Trx,
	registrationIds: string[],
	meetingIds: string[],
	{ recordedBy, recordedAt }: { recordedBy: string; recordedAt: Date },
): Promise<string[]> {
	const forgotten = await trx
		.deleteFrom("attendance")
		.where(sql<boolean>`registration_id = any(${registrationIds}::uuid[])`)
		.where(sql<boolean>`meeting_id = any(${meetingIds}::uuid[])`)
		.where(notSeenLater(sql`${recordedBy}::uuid`, sql`${recordedAt}::timestamptz`))
		.returning("registrationId")
		.execute();
	return [...new Set(forgotten.map(({ registrationId }) => registrationId))];
}
