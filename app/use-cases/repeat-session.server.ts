import { meetingsFrom, momentFrom } from "#app/domain/series.server.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { findSessionDetails, lockPlan, type SessionDetails } from "#db/queries/sessions.server.ts";
import { insertSession, type MeetingInput, type SessionInput } from "./schedule-session.server.ts";

/** One of the dates asked for: the session as it would be made, or why it would not. */
export type PlannedDate = { localDate: string } & (
	| { ok: true; input: SessionInput }
	| { ok: false; reason: "exists" | "past" }
	| { ok: false; reason: "gap" | "ambiguous"; localTime: string }
);

/**
 * What repeating a date would make, on each of these days of its zone's calendar: the same hours on the wall, the same
 * place, seats and deadlines. A day whose hours do not exist, that is past, or that the workshop already has is left out.
 */
export async function planRepetition(
	db: Db | Trx,
	model: SessionDetails,
	dates: string[],
	now: Date,
): Promise<PlannedDate[]> {
	const { session } = model;
	const others = await db
		.selectFrom("session")
		.select("startsAt")
		.where("workshopId", "=", session.workshopId)
		.where("cancelledAt", "is", null)
		.execute();
	const taken = new Set(others.map(({ startsAt }) => startsAt.getTime()));
	return dates.map((localDate): PlannedDate => {
		const repeated = meetingsFrom(localDate, model.meetings, session.zone);
		if (!repeated.ok) return { ...repeated, localDate };
		const [first, ...rest] = repeated.meetings;
		if (!first || first.startsAt <= now) return { localDate, ok: false, reason: "past" };
		if (taken.has(first.startsAt.getTime())) return { localDate, ok: false, reason: "exists" };
		return { localDate, ok: true, input: repeatedInput(model, [first, ...rest]) };
	});
}

/** Makes the dates that the plan allows, all or none. Asked twice, it makes them once. Returns how many it made. */
export async function repeatSession(
	db: Db,
	sessionId: string,
	dates: string[],
	organizerId: string,
	now: Date,
): Promise<number> {
	return db.transaction().execute(async (trx) => {
		await lockPlan(trx, sessionId);
		const model = await findSessionDetails(trx, sessionId);
		if (!model) return 0;
		let made = 0;
		for (const planned of await planRepetition(trx, model, dates, now)) {
			if (!planned.ok) continue;
			await insertSession(trx, model.workshop.id, planned.input, organizerId, now);
			made += 1;
		}
		return made;
	});
}

function repeatedInput(
	{ session, meetings: [first] }: SessionDetails,
	meetings: [MeetingInput, ...MeetingInput[]],
): SessionInput {
	const moved = (moment: Date | null) =>
		moment && momentFrom(moment, first!.localDate, meetings[0].localDate, session.zone);
	const { opensAt } = session;
	const closesAt = moved(session.closesAt);
	return {
		language: session.language,
		online: session.online,
		place: session.place,
		address: session.address,
		joinUrl: session.joinUrl,
		zone: session.zone,
		capacity: session.capacity,
		minimum: session.minimum,
		breakMinutes: session.breakMinutes,
		waitlistMode: session.waitlistMode,
		priceCents: session.priceCents,
		// The season is announced at once: its dates open together.
		opensAt: opensAt && opensAt < meetings[0].startsAt && (!closesAt || opensAt < closesAt) ? opensAt : null,
		closesAt,
		cancelUntil: moved(session.cancelUntil),
		giveUntil: moved(session.giveUntil),
		reminderDays: session.reminderDays,
		reminderWeekdays: session.reminderWeekdays,
		reminderTime: session.reminderTime,
		feedbackUrl: session.feedbackUrl,
		thanks: session.thanks,
		published: session.publishedAt !== null,
		meetings,
	};
}
