import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { createRegistrar } from "#app/use-cases/registrar.server.ts";
import { isDatabaseUnavailable, openDatabase } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aSignUp, givenSession, now, origin, seatsOf, writtenAbout } from "#tests/fixtures.ts";

const { db, url, drop } = await createTestDatabase();
afterAll(drop);

test("what Postgres cannot store fails for its sender alone, not for those who came with it", async () => {
	const sessionId = await givenSession(db);
	const registrar = createRegistrar(db, origin, () => now);
	const names = ["Zoé", "Noé", "a\u0000b", "Lan", "Guy"];
	const results = await Promise.allSettled(
		names.map((name) => registrar.register(aSignUp(sessionId, { name }))),
	);
	expect(results.map(({ status }) => status)).toEqual([
		"fulfilled",
		"fulfilled",
		"rejected",
		"fulfilled",
		"fulfilled",
	]);
	const [, , refused] = results;
	expect(refused?.status === "rejected" && isDatabaseUnavailable(refused.reason)).toBe(false);
	expect(await writtenAbout(db, sessionId)).toMatchObject({
		bookings: 4,
		registrations: 4,
		emails: 4,
		audit: 4,
	});
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 4, recount: { taken: 4 } });
});

test("past two thousand people waiting for an answer, the next is told that we are busy", async () => {
	const sessionId = newId();
	const registrar = createRegistrar(db, origin, () => now);
	const waiting = Array.from({ length: 2000 }, () => registrar.register(aSignUp(sessionId)));
	expect(await registrar.register(aSignUp(sessionId))).toEqual({ ok: false, reason: "busy" });
	expect(new Set((await Promise.all(waiting)).map((result) => !result.ok && result.reason))).toEqual(
		new Set(["unknown-session"]),
	);
	expect(await registrar.register(aSignUp(sessionId))).toEqual({ ok: false, reason: "unknown-session" });
});

test("a lock that is not let go of is answered within seconds as a database out of reach", async () => {
	const sessionId = await givenSession(db);
	const letGo = await holdSession(sessionId);
	const registrar = createRegistrar(db, origin, () => now);
	const refused = await registrar.register(aSignUp(sessionId)).catch((error: unknown) => error);
	expect(isDatabaseUnavailable(refused)).toBe(true);
	await letGo();
	expect(await registrar.register(aSignUp(sessionId))).toMatchObject({ ok: true });
});

test("a process that is frozen keeps nobody from a date: Postgres takes back what it locked", async () => {
	const sessionId = await givenSession(db);
	const registrar = createRegistrar(db, origin, () => now);
	const frozen = db.transaction().execute(async (trx) => {
		await lockSession(trx, sessionId);
		const { rows } = await sql<{ limit: string }>`
			select current_setting('idle_in_transaction_session_timeout') as limit
		`.execute(trx);
		expect(rows).toEqual([{ limit: "20s" }]);
		// The test does not wait that long.
		await sql`set local idle_in_transaction_session_timeout = '300ms'`.execute(trx);
		expect(await registrar.register(aSignUp(sessionId))).toMatchObject({ ok: true });
		await sql`update session set capacity = 1 where id = ${sessionId}`.execute(trx);
	});
	// What it did is undone, and when it wakes it is told as if the database had been away.
	const told = await frozen.catch((error: unknown) => error);
	expect(isDatabaseUnavailable(told)).toBe(true);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1 });
});

test("a connection that Postgres ends leaves no half of a booking, and the same form may be sent again", async () => {
	const sessionId = await givenSession(db);
	const letGo = await holdSession(sessionId);
	const registrar = createRegistrar(db, origin, () => now);
	const signUp = aSignUp(sessionId);
	const refused = registrar.register(signUp).catch((error: unknown) => error);
	const waiting = await until(() =>
		sql<{ pid: number }>`select pid from pg_stat_activity
			where datname = current_database() and wait_event_type = 'Lock' and query like '%"session"%for update%'`
			.execute(db)
			.then(({ rows }) => rows[0]),
	);
	await sql`select pg_terminate_backend(${waiting.pid})`.execute(db);
	expect(isDatabaseUnavailable(await refused)).toBe(true);
	await letGo();
	expect(await registrar.register(signUp)).toMatchObject({ ok: true, replayed: false });
	expect(await writtenAbout(db, sessionId)).toMatchObject({ bookings: 1, registrations: 1, emails: 1 });
});

test("a server that nobody listens at is a database out of reach", async () => {
	const nowhere = openDatabase({ connectionString: "postgresql://presence@127.0.0.1:1/presence" });
	const registrar = createRegistrar(nowhere.db, origin, () => now);
	const refused = await registrar.register(aSignUp(newId())).catch((error: unknown) => error);
	expect(isDatabaseUnavailable(refused)).toBe(true);
	await nowhere.close();
});

/** Holds a session's row from a connection of its own until it is let go. */
async function holdSession(sessionId: string): Promise<() => Promise<void>> {
	const client = new pg.Client({ connectionString: url });
	await client.connect();
	await client.query("begin");
	await client.query("select 1 from session where id = $1 for update", [sessionId]);
	return () => client.end();
}

async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
	for (;;) {
		const found = await look();
		if (found) return found;
		await delay(10);
	}
}
