import type { Db } from "../client.server.ts";

/** Counts one more of `key` in the current period, and returns the count so far. Shared by every instance. */
export async function countRate(db: Db, key: string, periodSeconds: number, now: Date): Promise<number> {
	const period = periodSeconds * 1000;
	const periodStart = new Date(Math.floor(now.getTime() / period) * period);
	const { count } = await db
		.insertInto("rate")
		.values({ key, periodStart, count: 1 })
		.onConflict((conflict) =>
			conflict.columns(["key", "periodStart"]).doUpdateSet((eb) => ({ count: eb("rate.count", "+", 1) })),
		)
		.returning("count")
		.executeTakeFirstOrThrow();
	return count;
}

/** Forgets counters of periods that began over a day ago. */
export async function forgetOldRates(db: Db, now: Date): Promise<void> {
	const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
	await db.deleteFrom("rate").where("periodStart", "<", dayAgo).execute();
}
