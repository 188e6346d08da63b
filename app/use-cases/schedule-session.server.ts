import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { describeSession, lockSession } from "#db/queries/sessions.server.ts";
import type { WaitlistMode } from "#db/schema.ts";
import { withdrawReminders } from "#emails/outbox.server.ts";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

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
	waitlistMode: WaitlistMode;
	opensAt: Date | null;
	closesAt: Date | null;
	cancelUntil: Date | null;
	giveUntil: Date | null;
	/** As the schema says; left out, they stay as they are. */
	reminderDays?: number | null;
	reminderWeekdays?: boolean;
	reminderTime?: string;
	published: boolean;
	/** At least one, in order, none overlapping. */
	meetings: [MeetingInput, ...MeetingInput[]];
};

export type ScheduleResult = { ok: true; id: string } | { ok: false; reason: "unknown" | "conflict" };

/** Opens a new date of a workshop. */
export async function scheduleSession(
	db: Db,
	workshopId: string,
	input: SessionInput,
	organizerId: string | null,
	now: Date,
): Promise<string> {
	return db.transaction().execute(async (trx) => {
		const id = newId();
		await trx
			.insertInto("session")
			.values({
				...sessionColumns(input),
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
	});
}

/**
 * Changes a date if nobody else did since that revision. Room added by a larger capacity goes to the people who wait;
 * a smaller one takes no seat away.
 */
export async function changeSession(
	db: Db,
	origin: MailOrigin,
	existing: { id: string; revision: number },
	input: SessionInput,
	organizerId: string,
	now: Date,
): Promise<ScheduleResult> {
	return db.transaction().execute(async (trx) => {
		await sql`set local lock_timeout = '5s'`.execute(trx);
		const before = await lockSession(trx, existing.id);
		if (!before) return { ok: false, reason: "unknown" };
		if (before.revision !== existing.revision) return { ok: false, reason: "conflict" };

		const columns = sessionColumns(input);
		const { meetings } = await describeSession(trx, before);
		const moved = timesOf(meetings) !== timesOf(input.meetings);
		const after = await trx
			.updateTable("session")
			.set({
				...columns,
				publishedAt: input.published ? (before.publishedAt ?? now) : null,
				updatedAt: now,
				revision: before.revision + 1,
				scheduleRevision: before.scheduleRevision + (moved ? 1 : 0),
			})
			.where("id", "=", before.id)
			.returningAll()
			.executeTakeFirstOrThrow();
		if (moved) await withdrawReminders(trx, before.id);
		await trx.deleteFrom("meeting").where("sessionId", "=", before.id).execute();
		await writeMeetings(trx, before.id, input);
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId,
					action: "session.changed",
					workshopId: before.workshopId,
					sessionId: before.id,
					data: { capacity: input.capacity, moved },
				},
			],
			now,
		);
		await fillFreedSeats(trx, origin, after, now);
		return { ok: true, id: before.id };
	});
}

function sessionColumns(input: SessionInput) {
	const { published: _, meetings, ...columns } = input;
	return { ...columns, startsAt: meetings[0].startsAt, endsAt: meetings.at(-1)!.endsAt };
}

function timesOf(meetings: readonly { startsAt: Date; endsAt: Date }[]): string {
	return JSON.stringify(meetings.map(({ startsAt, endsAt }) => [startsAt, endsAt]));
}

async function writeMeetings(trx: Trx, sessionId: string, input: SessionInput): Promise<void> {
	await trx
		.insertInto("meeting")
		.values(
			input.meetings.map((meeting, index) => ({
				...meeting,
				id: newId(),
				sessionId,
				position: index + 1,
				zone: input.zone,
			})),
		)
		.execute();
}
