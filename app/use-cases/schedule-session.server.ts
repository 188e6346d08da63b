import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import { keptMeetings, planChanges } from "#app/domain/session-change.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findSessionDetails, lockPlan } from "#db/queries/sessions.server.ts";
import type { SessionRow, WaitlistMode } from "#db/schema.ts";

export type MeetingInput = {
	/** `2026-12-01`, `09:30`, `16:30`: the wall clock where the session takes place. */
	localDate: string;
	localStart: string;
	localEnd: string;
	startsAt: Date;
	endsAt: Date;
};

export type SessionInput = {
	language: Locale;
	online: boolean;
	place: string;
	address: string;
	joinUrl: string;
	zone: string;
	capacity: number;
	priceCents: number;
	/** People it takes for the date to be held; 0 when it is held in any case. */
	minimum: number;
	/** Taken off each meeting in the hours of an attestation; left out, it stays as it is. */
	breakMinutes?: number;
	waitlistMode: WaitlistMode;
	opensAt: Date | null;
	closesAt: Date | null;
	cancelUntil: Date | null;
	giveUntil: Date | null;
	/** As the schema says; left out, they stay as they are. */
	reminderDays?: number | null;
	reminderWeekdays?: boolean;
	reminderTime?: string;
	feedbackUrl?: string;
	thanks?: boolean;
	published: boolean;
	/** At least one, in order, none overlapping. */
	meetings: [MeetingInput, ...MeetingInput[]];
};

/** Opens a new date of a workshop. */
export async function scheduleSession(
	db: Db,
	workshopId: string,
	input: SessionInput,
	organizerId: string | null,
	now: Date,
): Promise<string> {
	return db.transaction().execute((trx) => insertSession(trx, workshopId, input, organizerId, now));
}

/**
 * The same for a form that brings the id of its date: sent again, it makes it once. Another plan under an id that is
 * taken makes nothing.
 */
export async function scheduleOnce(
	db: Db,
	id: string,
	workshopId: string,
	input: SessionInput,
	organizerId: string,
	now: Date,
): Promise<{ ok: true } | { ok: false; reason: "key-reused" }> {
	return db.transaction().execute(async (trx) => {
		await lockPlan(trx, id);
		const made = await findSessionDetails(trx, id);
		if (!made) {
			await insertSession(trx, workshopId, input, organizerId, now, id);
			return { ok: true };
		}
		const stored = { ...made.session, reminderTime: made.session.reminderTime.slice(0, 5) };
		const columns = Object.entries(sessionColumns(input));
		const same =
			made.workshop.id === workshopId &&
			(made.session.publishedAt !== null) === input.published &&
			columns.every(
				([name, value]) => value === undefined || isDeepStrictEqual(stored[name as keyof SessionRow], value),
			) &&
			planChanges({ ...made.session, meetings: made.meetings }, input).length === 0;
		return same ? { ok: true } : { ok: false, reason: "key-reused" };
	});
}

/** The same inside a transaction that does more. */
export async function insertSession(
	trx: Trx,
	workshopId: string,
	input: SessionInput,
	organizerId: string | null,
	now: Date,
	id = newId(),
): Promise<string> {
	await trx
		.insertInto("session")
		.values({
			...sessionColumns(input),
			tentative: input.minimum > 0,
			id,
			workshopId,
			publishedAt: input.published ? now : null,
			cancelledAt: null,
			createdAt: now,
			updatedAt: now,
		})
		.execute();
	await writeMeetings(trx, id, input);
	await recordAudit(
		trx,
		[
			{
				actor: organizerId ? "organizer" : "system",
				organizerId: organizerId ?? undefined,
				action: "session.created",
				workshopId,
				sessionId: id,
			},
		],
		now,
	);
	return id;
}

/** The columns that a form decides, with the session's first and last instants. */
export function sessionColumns(input: SessionInput) {
	const { published: _, meetings, ...columns } = input;
	return { ...columns, startsAt: meetings[0].startsAt, endsAt: meetings.at(-1)!.endsAt };
}

const outOfTheWay = 1000;

/** Writes a session's meetings over those it had: each that is still held keeps its row and who was seen there, the others go. */
export async function writeMeetings(trx: Trx, sessionId: string, input: SessionInput): Promise<void> {
	const before = await trx
		.selectFrom("meeting")
		.selectAll()
		.where("sessionId", "=", sessionId)
		.orderBy("position")
		.execute();
	const kept = keptMeetings(before, input.meetings);
	const gone = before.filter(({ id }) => !kept.includes(id));
	await trx
		.deleteFrom("meeting")
		.where("sessionId", "=", sessionId)
		.where(sql<boolean>`id = any(${gone.map(({ id }) => id)}::uuid[])`)
		.execute();
	// Two rows never have one position, not even for a moment.
	await trx
		.updateTable("meeting")
		.set((eb) => ({ position: eb("position", "+", outOfTheWay) }))
		.where("sessionId", "=", sessionId)
		.execute();
	await trx
		.insertInto("meeting")
		.values(
			input.meetings.map((meeting, index) => ({
				...meeting,
				id: kept[index] ?? newId(),
				sessionId,
				position: index + 1,
				zone: input.zone,
			})),
		)
		.onConflict((conflict) =>
			conflict.column("id").doUpdateSet((eb) => ({
				position: eb.ref("excluded.position"),
				localDate: eb.ref("excluded.localDate"),
				localStart: eb.ref("excluded.localStart"),
				localEnd: eb.ref("excluded.localEnd"),
				zone: eb.ref("excluded.zone"),
				startsAt: eb.ref("excluded.startsAt"),
				endsAt: eb.ref("excluded.endsAt"),
			})),
		)
		.execute();
}
