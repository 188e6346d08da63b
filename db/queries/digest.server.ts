import { sql } from "kysely";
import { tentativeUntil } from "#app/domain/session.ts";
import type { Db } from "../client.server.ts";
import { listSessionsForOrganizer } from "./sessions.server.ts";

const mostDates = 8;
const weekMs = 7 * 24 * 3600 * 1000;

export type Digest = Awaited<ReturnType<typeof findDigest>>;

/**
 * What a week brought and what comes: sign-ups and cancellations of the seven days before `now`, emails that failed in
 * them, people who wait, and the next dates with how many people each still needs to be held.
 */
export async function findDigest(db: Db, now: Date) {
	const since = new Date(now.getTime() - weekMs);
	const count = (condition: ReturnType<typeof sql<boolean>>) =>
		sql<number>`count(*) filter (where ${condition})::int`;
	const [week, { failed }, upcoming] = await Promise.all([
		db
			.selectFrom("registration")
			.select([
				count(sql<boolean>`created_at > ${since}`).as("registered"),
				count(sql<boolean>`cancelled_at > ${since} and cancel_reason <> 'session'`).as("cancelled"),
			])
			.where("status", "<>", "repeated")
			.where((eb) => eb.or([eb("createdAt", ">", since), eb("cancelledAt", ">", since)]))
			.executeTakeFirstOrThrow(),
		db
			.selectFrom("email")
			.select(sql<number>`count(*)::int`.as("failed"))
			.where("failedAt", ">", since)
			.where("status", "in", ["dead", "bounced"])
			.executeTakeFirstOrThrow(),
		listSessionsForOrganizer(db, "upcoming", now),
	]);
	const held = upcoming.sessions.filter((session) => session.publishedAt && !session.cancelledAt);
	const dates = held.slice(0, mostDates).map((session) => {
		const minimum = tentativeUntil(session, now);
		return { ...session, missing: minimum === null ? 0 : minimum - session.seatsTaken };
	});
	const waiting = held.reduce((sum, { seatsWaiting }) => sum + seatsWaiting, 0);
	return { week, failed, waiting, dates, others: held.length - dates.length };
}
