import { setTimeout as delay } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { openDatabase } from "#db/client.server.ts";
import { countRate, countRateSoon, forgetOldRates } from "#db/queries/rates.server.ts";
import { together } from "#db/together.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { minutesLater, now } from "#tests/fixtures.ts";

const { db, url, drop } = await createTestDatabase();
const other = openDatabase({ connectionString: url });

afterAll(async () => {
	await other.close();
	await drop();
});

test("everyone who is counted at the same moment gets a number of their own, whichever instance they reach", async () => {
	const counts = await Promise.all(
		Array.from({ length: 400 }, (_, index) =>
			countRate(index % 2 ? db : other.db, `key:${index % 4}`, 3600, now),
		),
	);
	for (let key = 0; key < 4; key += 1) {
		const own = counts.filter((_, index) => index % 4 === key).toSorted((a, b) => a - b);
		expect(own).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
	}
});

test("what is not waited for adds up at once where it is counted, and elsewhere a moment later", async () => {
	const stored = () => db.selectFrom("rate").select("count").where("key", "=", "soon").executeTakeFirst();
	const here = () => countRateSoon(db, "soon", 3600, now);
	const there = () => countRateSoon(other.db, "soon", 3600, now);
	expect([here(), here(), here()]).toEqual([1, 2, 3]);
	await vi.waitFor(async () => expect(await stored()).toEqual({ count: 3 }));
	expect([there(), there()]).toEqual([1, 2]);
	await vi.waitFor(async () => expect(await stored()).toEqual({ count: 5 }));
	await delay(100);
	expect([there(), there()]).toEqual([6, 7]);
	// In one hour, what is waited for and what is not is the same counter; the next hour has its own.
	await vi.waitFor(async () => expect(await stored()).toEqual({ count: 7 }));
	expect(await countRate(db, "soon", 3600, now)).toBe(8);
	expect(countRateSoon(db, "soon", 3600, minutesLater(60))).toBe(1);
});

test("whoever names thousands of others is not forgotten meanwhile, and the others are", async () => {
	expect(countRateSoon(db, "busy", 3600, now)).toBe(1);
	for (let n = 0; n < 60_000; n += 1) {
		countRateSoon(db, `other:${n}`, 3600, now);
		if (n % 20_000 === 0) countRateSoon(db, "busy", 3600, now);
	}
	expect(countRateSoon(db, "busy", 3600, now)).toBe(5);
	expect(countRateSoon(db, "other:59999", 3600, now)).toBe(2);
	expect(countRateSoon(db, "other:0", 3600, now)).toBe(1);
});

test("without a database it counts on, and nobody hears of it", async () => {
	const gone = openDatabase({ connectionString: url });
	await gone.close();
	expect(countRateSoon(gone.db, "gone", 3600, now)).toBe(1);
	await delay(150);
	expect(countRateSoon(gone.db, "gone", 3600, now)).toBe(2);
	await delay(150);
});

test("a new period begins at one, and an old one is forgotten after a day", async () => {
	expect(await countRate(db, "again", 3600, now)).toBe(1);
	expect(await countRate(db, "again", 3600, minutesLater(60))).toBe(1);
	expect(await countRate(db, "again", 3600, now)).toBe(2);
	await forgetOldRates(db, minutesLater(26 * 60));
	expect(await countRate(db, "again", 3600, now)).toBe(1);
});

test("calls of one moment share a run, and those that arrive during it the next, up to the most; a failure is each one's own to hear", async () => {
	const runs: number[][] = [];
	const late: Promise<number>[] = [];
	const double: (item: number) => Promise<number> = together(3, async (items: number[]) => {
		runs.push(items);
		if (items.includes(1)) late.push(...[3, 4, 5, 6].map(double));
		await new Promise((resolve) => setTimeout(resolve, 5));
		if (items.includes(4)) throw new Error("not four");
		return items.map((item) => item * 2);
	});
	expect(await Promise.all([1, 2].map(double))).toEqual([2, 4]);
	const results = await Promise.allSettled(late);
	expect(runs).toEqual([[1, 2], [3, 4, 5], [6]]);
	expect(results.map((result) => (result.status === "fulfilled" ? result.value : "failed"))).toEqual([
		"failed",
		"failed",
		"failed",
		12,
	]);
});
