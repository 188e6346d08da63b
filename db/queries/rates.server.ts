import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";

export type Rate = { key: string; periodSeconds: number };

/** Counts one more of `key` in the current period, and returns the count so far. Shared by every instance. */
export async function countRate(db: Db, rate: Rate, now: Date): Promise<number> {
	const [count] = await countRates(db, [rate], now);
	return count!;
}

/**
 * The same for several at once, in their order. Within a transaction they count once it commits, and whoever counts the same
 * key waits for that.
 */
export async function countRates(db: Db | Trx, rates: Rate[], now: Date): Promise<number[]> {
	if (rates.length === 0) return [];
	const rows = new Map<string, { key: string; periodStart: Date; count: number }>();
	const counted = rates.map(({ key, periodSeconds }) => {
		const periodStart = startOfPeriod(periodSeconds, now);
		const id = `${periodStart.getTime()} ${key}`;
		const row = rows.get(id) ?? { key, periodStart, count: 0 };
		row.count += 1;
		rows.set(id, row);
		return { id, nth: row.count };
	});
	const { rows: totals } = await sql<{ key: string; periodStart: Date; count: number }>`
		insert into rate as kept (key, period_start, count)
		select counted.*
		from jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb)
			as counted (key text, "periodStart" timestamptz, count int)
		-- In one order everywhere: two instances that count the same keys never wait for each other.
		order by counted.key, counted."periodStart"
		on conflict (key, period_start) do update set count = kept.count + excluded.count
		returning key, period_start, count
	`.execute(db);
	const before = new Map(
		totals.map(({ key, periodStart, count }) => {
			const id = `${periodStart.getTime()} ${key}`;
			return [id, count - rows.get(id)!.count];
		}),
	);
	return counted.map(({ id, nth }) => before.get(id)! + nth);
}

/** Seconds from `now` until a count of this period begins at nothing again. */
export function secondsLeft(periodSeconds: number, now: Date): number {
	return periodSeconds - (Math.floor(now.getTime() / 1000) % periodSeconds);
}

function startOfPeriod(periodSeconds: number, now: Date): Date {
	const period = periodSeconds * 1000;
	return new Date(Math.floor(now.getTime() / period) * period);
}

/** Forgets counters of periods that began over a day ago. */
export async function forgetOldRates(db: Db, now: Date): Promise<void> {
	const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
	await db.deleteFrom("rate").where("periodStart", "<", dayAgo).execute();
}
