import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "../client.server.ts";
import { together } from "../together.server.ts";

type Count = { key: string; periodStart: Date };
type Total = Count & { count: number };

const mostTogether = 200;
const counters = new WeakMap<Db, (count: Count) => Promise<number>>();

/**
 * Counts one more of `key` in the current period, and returns the count so far. Shared by every instance. What is counted
 * at the same moment shares a statement: in a rush each request is counted, and must not cost a commit of its own.
 */
export async function countRate(db: Db, key: string, periodSeconds: number, now: Date): Promise<number> {
	let count = counters.get(db);
	if (!count) {
		count = together(mostTogether, (counts) => countTogether(db, counts));
		counters.set(db, count);
	}
	return count({ key, periodStart: periodOf(now, periodSeconds) });
}

async function countTogether(db: Db, counts: Count[]): Promise<number[]> {
	const rows = new Map<string, Total>();
	for (const one of counts) addOne(rows, one);
	const totals = await addCounts(db, [...rows.values()]);
	const reached = new Map(totals.map((row) => [idOf(row), row.count - rows.get(idOf(row))!.count]));
	return counts.map((one) => {
		const next = reached.get(idOf(one))! + 1;
		reached.set(idOf(one), next);
		return next;
	});
}

/** Adds these to what is stored, in one statement. Returns what is stored then. */
async function addCounts(db: Db, rows: Total[]): Promise<Total[]> {
	const { rows: totals } = await sql<Total>`
		insert into rate as kept (key, period_start, count)
		select counted.*
		from
			jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
				as counted (key text, "periodStart" timestamptz, count int),
			-- A counter that a power cut takes back is no loss: nobody waits for the disk.
			set_config('synchronous_commit', 'off', true)
		-- In one order everywhere: two instances that count the same keys never wait for each other.
		order by counted.key, counted."periodStart"
		on conflict (key, period_start) do update set count = kept.count + excluded.count
		returning key, period_start, count
	`.execute(db);
	return totals;
}

const writtenEveryMs = 100;
const mostWrittenTogether = 1000;
const mostUnwritten = 20_000;
const mostKnown = 50_000;

/** What one process counted without waiting: by key, what it knows of, those asked for last at the end; and what is not stored yet. */
type Tally = { known: Map<string, number>; unwritten: Map<string, Total>; writing: boolean };
const tallies = new WeakMap<Db, Tally>();

/**
 * The same without waiting for the database, for what must cost next to nothing in a rush. What is counted elsewhere shows
 * once this process has written of the same key, a tenth of a second later: where several count, or after a start, a few
 * more may pass than a limit says.
 */
export function countRateSoon(db: Db, key: string, periodSeconds: number, now: Date): number {
	const tally = tallies.get(db) ?? { known: new Map(), unwritten: new Map(), writing: false };
	tallies.set(db, tally);
	const { known, unwritten } = tally;
	const one = { key, periodStart: periodOf(now, periodSeconds) };
	const id = idOf(one);
	const count = (known.get(id) ?? 0) + 1;
	known.delete(id);
	known.set(id, count);
	if (known.size > mostKnown) known.delete(known.keys().next().value!);
	// Of more at once than could be written in seconds, this process alone knows.
	if (unwritten.size < mostUnwritten || unwritten.has(id)) addOne(unwritten, one);
	if (!tally.writing) void writeUnwritten(db, tally);
	return count;
}

async function writeUnwritten(db: Db, tally: Tally): Promise<void> {
	const { known, unwritten } = tally;
	tally.writing = true;
	await pause(0, undefined, { ref: false });
	while (unwritten.size > 0) {
		const rows = [...unwritten].slice(0, mostWrittenTogether);
		for (const [id] of rows) unwritten.delete(id);
		// Whoever is without a database answers nobody.
		const totals = await addCounts(
			db,
			rows.map(([, row]) => row),
		).catch(() => []);
		for (const total of totals) {
			const id = idOf(total);
			const counted = total.count + (unwritten.get(id)?.count ?? 0);
			const before = known.get(id);
			if (before !== undefined) known.set(id, Math.max(before, counted));
		}
		await pause(writtenEveryMs, undefined, { ref: false });
	}
	tally.writing = false;
}

function addOne(rows: Map<string, Total>, one: Count): void {
	const row = rows.get(idOf(one));
	if (row) row.count += 1;
	else rows.set(idOf(one), { ...one, count: 1 });
}

function periodOf(now: Date, periodSeconds: number): Date {
	const period = periodSeconds * 1000;
	return new Date(Math.floor(now.getTime() / period) * period);
}

function idOf({ key, periodStart }: Count): string {
	return `${periodStart.getTime()} ${key}`;
}

/** Forgets counters of periods that began over a day ago. */
export async function forgetOldRates(db: Db, now: Date): Promise<void> {
	const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
	await db.deleteFrom("rate").where("periodStart", "<", dayAgo).execute();
}
