import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "../client.server.ts";
import { together } from "../together.server.ts";

type Count = { key: string; periodStart: Date };

const mostTogether = 200;
const counters = new WeakMap<Db, (count: Count) => Promise<number>>();

/**
 * Counts one more of `key` in the current period, and returns the count so far. Shared by every instance. What is counted
 * at the same moment shares a statement: in a rush each sign-up is counted, and must not cost a commit of its own.
 */
export async function countRate(db: Db, key: string, periodSeconds: number, now: Date): Promise<number> {
	let count = counters.get(db);
	if (!count) {
		count = together(mostTogether, (counts) => countTogether(db, counts));
		counters.set(db, count);
	}
	return count({ key, periodStart: periodOf(now, periodSeconds) });
}

const writtenEveryMs = 100;
const mostKnown = 50_000;
type Tally = { count(count: Count): Promise<number>; known: Map<string, number> };
const tallies = new WeakMap<Db, Tally>();

/**
 * The same without waiting for the database, for what must cost next to nothing in a rush. What is counted elsewhere shows
 * once this process has written of the same key, a tenth of a second later: where several count, or after a start, a few
 * more may pass than a limit says.
 */
export function countRateSoon(db: Db, key: string, periodSeconds: number, now: Date): number {
	let tally = tallies.get(db);
	if (!tally) {
		const writeAll = async (counts: Count[]) => {
			const totals = await countTogether(db, counts);
			await pause(writtenEveryMs, undefined, { ref: false });
			return totals;
		};
		tally = { count: together(mostTogether * 5, writeAll), known: new Map() };
		tallies.set(db, tally);
	}
	const { known } = tally;
	const one = { key, periodStart: periodOf(now, periodSeconds) };
	const id = idOf(one);
	const count = (known.get(id) ?? 0) + 1;
	known.set(id, count);
	if (known.size > mostKnown) known.delete(known.keys().next().value!);
	tally.count(one).then(
		(total) => known.set(id, Math.max(total, known.get(id) ?? 0)),
		// Whoever is without a database answers nobody.
		() => {},
	);
	return count;
}

function periodOf(now: Date, periodSeconds: number): Date {
	const period = periodSeconds * 1000;
	return new Date(Math.floor(now.getTime() / period) * period);
}

function idOf({ key, periodStart }: Count): string {
	return `${periodStart.getTime()} ${key}`;
}

async function countTogether(db: Db, counts: Count[]): Promise<number[]> {
	const rows = new Map<string, Count & { count: number }>();
	for (const one of counts) {
		const row = rows.get(idOf(one)) ?? { ...one, count: 0 };
		rows.set(idOf(one), { ...row, count: row.count + 1 });
	}
	const { rows: totals } = await sql<Count & { count: number }>`
		insert into rate as kept (key, period_start, count)
		select counted.*
		from
			jsonb_to_recordset(${JSON.stringify([...rows.values()])}::jsonb)
				as counted (key text, "periodStart" timestamptz, count int),
			-- A counter that a power cut takes back is no loss: nobody waits for the disk.
			set_config('synchronous_commit', 'off', true)
		-- In one order everywhere: two instances that count the same keys never wait for each other.
		order by counted.key, counted."periodStart"
		on conflict (key, period_start) do update set count = kept.count + excluded.count
		returning key, period_start, count
	`.execute(db);
	const reached = new Map(totals.map((row) => [idOf(row), row.count - rows.get(idOf(row))!.count]));
	return counts.map((one) => {
		const next = reached.get(idOf(one))! + 1;
		reached.set(idOf(one), next);
		return next;
	});
}

/** Forgets counters of periods that began over a day ago. */
export async function forgetOldRates(db: Db, now: Date): Promise<void> {
	const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
	await db.deleteFrom("rate").where("periodStart", "<", dayAgo).execute();
}
