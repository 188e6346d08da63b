import { setTimeout as pause } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { inFewTurns, type Trx } from "#db/client.server.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";

let database: TestDatabase;

beforeAll(async () => {
	database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(() => database.db.deleteFrom("suppression").execute());

const addresses = async () =>
	(await database.db.selectFrom("suppression").select("address").orderBy("address").execute()).map(
		({ address }) => address,
	);

const suppress = (trx: Trx, address: string) =>
	trx
		.insertInto("suppression")
		.values({ address, answer: "", emailId: null, createdAt: new Date() })
		.execute();

test("what is asked for together leaves together, and is run in the order of asking", async () => {
	const asked = vi.spyOn(pg.Client.prototype, "query");
	const seen = await inFewTurns(database.db, async (trx) => {
		asked.mockClear();
		const first =
			sql`insert into suppression (address, answer, created_at) values ('a@exemple.ca', '', now())`
				.execute(trx)
				.then(() => asked.mock.calls.length);
		const all = Promise.all([
			suppress(trx, "b@exemple.ca"),
			trx.updateTable("suppression").set({ answer: "seen" }).where("address", "=", "b@exemple.ca").execute(),
			trx.selectFrom("suppression").select(["address", "answer"]).orderBy("address").execute(),
			trx.deleteFrom("suppression").where("address", "=", "b@exemple.ca").execute(),
			suppress(trx, "c@exemple.ca"),
		]);
		return { askedBeforeTheFirstAnswer: await first, found: (await all)[2] };
	});
	asked.mockRestore();
	expect(seen.askedBeforeTheFirstAnswer).toBe(6);
	expect(seen.found).toEqual([
		{ address: "a@exemple.ca", answer: "" },
		{ address: "b@exemple.ca", answer: "seen" },
	]);
	expect(await addresses()).toEqual(["a@exemple.ca", "c@exemple.ca"]);
});

test("when one of them fails, its error is the answer, nothing is written, and the connection serves again", async () => {
	const work = inFewTurns(database.db, (trx) =>
		Promise.all([
			suppress(trx, "a@exemple.ca"),
			suppress(trx, "a@exemple.ca"),
			suppress(trx, "b@exemple.ca"),
		]),
	);
	await expect(work).rejects.toMatchObject({ code: "23505" });
	expect(await addresses()).toEqual([]);
	await inFewTurns(database.db, (trx) => suppress(trx, "b@exemple.ca"));
	expect(await addresses()).toEqual(["b@exemple.ca"]);
});

test("a commit leaves with the last query, and nothing can be asked for behind it", async () => {
	const asked = vi.spyOn(pg.Client.prototype, "query");
	await inFewTurns(database.db, async (trx, commit) => {
		const first = suppress(trx, "a@exemple.ca").then(() =>
			asked.mock.calls.map(([text]) => String(text).split(" ")[0]),
		);
		const all = Promise.all([commit(), suppress(trx, "b@exemple.ca")]);
		expect(await first).toEqual(["begin", "insert", "insert", "commit"]);
		await all;
	});
	asked.mockRestore();
	expect(await addresses()).toEqual(["a@exemple.ca", "b@exemple.ca"]);
	const late = inFewTurns(database.db, async (trx, commit) => {
		await commit();
		await suppress(trx, "c@exemple.ca");
	});
	await expect(late).rejects.toThrow("nothing more can be asked for");
	expect(await addresses()).toEqual(["a@exemple.ca", "b@exemple.ca"]);
});

test("a commit that leaves behind a query that fails writes nothing", async () => {
	const work = inFewTurns(database.db, (trx, commit) =>
		Promise.all([suppress(trx, "a@exemple.ca"), suppress(trx, "a@exemple.ca"), commit()]),
	);
	await expect(work).rejects.toMatchObject({ code: "23505" });
	expect(await addresses()).toEqual([]);
	await inFewTurns(database.db, (trx) => suppress(trx, "b@exemple.ca"));
	expect(await addresses()).toEqual(["b@exemple.ca"]);
});

test("the error is that of the query that failed, however late it is heard of", async () => {
	const work = inFewTurns(database.db, async (trx) => {
		const twice = Promise.all([suppress(trx, "a@exemple.ca"), suppress(trx, "a@exemple.ca")]);
		const heardOfLate = twice.catch((error) => pause(50).then(() => Promise.reject(error)));
		await Promise.all([heardOfLate, sql`select 1`.execute(trx)]);
	});
	await expect(work).rejects.toMatchObject({ code: "23505" });
});

test("a query that fails to leave undoes those that are committed with it", async () => {
	const work = inFewTurns(database.db, (trx, commit) =>
		Promise.all([suppress(trx, "a@exemple.ca"), Promise.reject(new Error("No query.")), commit()]),
	);
	await expect(work).rejects.toThrow("No query.");
	expect(await addresses()).toEqual([]);
});

test("what is asked for once the transaction is undone is refused, and writes nothing", async () => {
	let late: Promise<unknown> | undefined;
	const work = inFewTurns(database.db, (trx) => {
		late = pause(200).then(() => suppress(trx, "c@exemple.ca"));
		return Promise.all([suppress(trx, "a@exemple.ca"), suppress(trx, "a@exemple.ca"), late]);
	});
	await expect(work).rejects.toMatchObject({ code: "23505" });
	await expect(late).rejects.toThrow("nothing more can be asked for");
	expect(await addresses()).toEqual([]);
});

test("the rows of a query do not outlive it in memory until a full collection", async () => {
	const grown = async (queries: number) => {
		const used = () =>
			getHeapSpaceStatistics().find((space) => space.space_name === "old_space")!.space_used_size;
		const before = used();
		for (let n = 0; n < queries; n += 1) {
			await sql`select n, repeat('ligne', 20) || n as words, now() as at from generate_series(1, 500) n`.execute(
				database.db,
			);
		}
		return (used() - before) / 2 ** 20;
	};
	await grown(100);
	expect(await grown(300)).toBeLessThan(8);
});
