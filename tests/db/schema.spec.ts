import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { Migrator, NO_MIGRATIONS, sql } from "kysely";
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from "vitest";
import { openDatabase } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { migrateToLatest } from "#db/migrate.server.ts";
import { migrations } from "#db/migrations/index.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	emailsAbout,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	seatsOf,
} from "#tests/fixtures.ts";
import { databaseUrl, dropDatabase } from "#tests/postgres.ts";

const { db, url, drop } = await createTestDatabase();
afterAll(drop);

const unique = "23505";
const check = "23514";

let sessionId: string;
let registration: Awaited<ReturnType<typeof givenRegistration>>;

beforeAll(async () => {
	sessionId = await givenSession(db);
	registration = await givenRegistration(db, sessionId, { email: "zoe.roy@exemple.ca" });
});

test("an address is registered once for a session, whatever its capitals", async () => {
	const twin = aTwin({ email: "Zoe.Roy@Exemple.ca" });
	await expect(copy("registration", registration.id, twin)).rejects.toMatchObject({
		code: unique,
		constraint: "registration_once_per_session",
	});
});

test("an address whose registration was cancelled may register again, and a person without one may too", async () => {
	const cancelled = { status: "cancelled", cancelled_at: new Date() };
	await copy(
		"registration",
		registration.id,
		aTwin({ ...cancelled, email: "zoe.roy@exemple.ca", position: 2 }),
	);
	await copy("registration", registration.id, aTwin({ email: null, position: 3 }));
	await copy("registration", registration.id, aTwin({ email: null, position: 4 }));
	await expect(
		copy("registration", registration.id, aTwin({ status: "cancelled", email: null, position: 5 })),
	).rejects.toMatchObject({ code: check });
});

test("one booking key makes one booking", async () => {
	const twin = { id: newId(), reference: "7KQ2M4TD" };
	await expect(copy("booking", registration.bookingId, twin)).rejects.toMatchObject({
		code: unique,
		constraint: "booking_key_key",
	});
	await copy("booking", registration.bookingId, { ...twin, key: randomUUID() });
	const unreadable = { id: newId(), key: randomUUID(), reference: "ILOU1234" };
	await expect(copy("booking", registration.bookingId, unreadable)).rejects.toMatchObject({ code: check });
});

test("a session has room for somebody, never counts below zero, and ends after it starts", async () => {
	const refused = [{ capacity: 0 }, { seatsTaken: -1 }, { seatsWaiting: -1 }, { endsAt: new Date(0) }];
	for (const change of refused) {
		const update = db.updateTable("session").set(change).where("id", "=", sessionId).execute();
		await expect(update, JSON.stringify(change)).rejects.toMatchObject({ code: check });
	}
});

test("a line of the audit is never changed or removed", async () => {
	const before = await db.selectFrom("audit").selectAll().execute();
	expect(before.length).toBeGreaterThan(0);
	await expect(db.updateTable("audit").set({ action: "nothing" }).execute()).rejects.toThrow(/never changed/);
	await expect(db.deleteFrom("audit").execute()).rejects.toThrow(/never changed/);
	expect(await db.selectFrom("audit").selectAll().execute()).toEqual(before);
});

test("an email belongs to exactly one owner, and is queued once", async () => {
	const { id, dedupeKey } = await db
		.selectFrom("email")
		.select(["id", "dedupeKey"])
		.where("registrationId", "=", registration.id)
		.executeTakeFirstOrThrow();
	const organizer = await givenOrganizer(db);
	const another = () => ({ id: newId(), dedupe_key: randomUUID(), message_id: randomUUID() });

	await expect(copy("email", id, { ...another(), registration_id: null })).rejects.toMatchObject({
		code: check,
	});
	await expect(copy("email", id, { ...another(), organizer_id: organizer.id })).rejects.toMatchObject({
		code: check,
	});
	await expect(copy("email", id, { ...another(), dedupe_key: dedupeKey })).rejects.toMatchObject({
		code: unique,
		constraint: "email_dedupe_key_key",
	});
	await copy("email", id, { ...another(), registration_id: null, organizer_id: organizer.id });
});

test("an empty database gets every migration, and a second run changes nothing", async () => {
	const empty = await emptyDatabase();
	const { db, close } = openDatabase({ connectionString: empty });
	await migrateToLatest(db);
	const first = await applied(db);
	expect(first.map(({ name }) => name)).toEqual(Object.keys(migrations));
	await migrateToLatest(db);
	expect(await applied(db)).toEqual(first);
	await close();
});

test("every migration can be taken back and made again, and leaves the same schema", async () => {
	const { db, close } = openDatabase({ connectionString: await emptyDatabase() });
	const names = Object.keys(migrations);
	const made: string[][] = [];
	for (const name of names) {
		await migrateToLatest(db, name);
		made.push(await schemaOf(db));
	}
	expect(made[0]!.length).toBeGreaterThan(100);
	for (const name of names.toReversed()) {
		await migrateToLatest(db, name);
		expect(await schemaOf(db), `back to ${name}`).toEqual(made[names.indexOf(name)]);
	}
	await new Migrator({ db, provider: { getMigrations: async () => migrations } }).migrateTo(NO_MIGRATIONS);
	expect(await schemaOf(db)).toEqual([]);
	await migrateToLatest(db);
	expect(await schemaOf(db)).toEqual(made.at(-1));
	await close();
});

test("people, their bookings and their emails are there after a way back and forth", async () => {
	const database = await createTestDatabase();
	onTestFinished(database.drop);
	const sessionId = await givenSession(database.db, { capacity: 2 });
	await givenRegistrations(database.db, sessionId, [{}, {}, {}]);
	const rows = async () => {
		const count = async (table: "booking" | "registration" | "email" | "audit" | "waitlistEntry") =>
			(await database.db.selectFrom(table).select("id").orderBy("id").execute()).map(({ id }) => id);
		return Promise.all((["booking", "registration", "email", "audit", "waitlistEntry"] as const).map(count));
	};
	const bodies = async () =>
		(await emailsAbout(database.db, sessionId)).map(({ html, text, calendar }) => ({ html, text, calendar }));
	const written = await bodies();
	expect(await database.db.selectFrom("emailPage").select("id").execute()).not.toEqual([]);
	const before = await rows();
	expect(before.every((ids) => ids.length > 0)).toBe(true);
	await migrateToLatest(database.db, "0002_groups");
	await migrateToLatest(database.db);
	expect(await rows()).toEqual(before);
	expect(await bodies()).toEqual(written);
	const seats = await seatsOf(database.db, sessionId);
	expect(seats).toMatchObject({ taken: 2, waiting: 1, recount: { taken: 2, waiting: 1 } });
});

test("a release starts on the schema of a later one, and leaves it as it is", async () => {
	const later = await emptyDatabase();
	const { db, close } = openDatabase({ connectionString: later });
	await migrateToLatest(db);
	await sql`insert into kysely_migration values ('9999_of_a_later_release', now()::text)`.execute(db);
	const before = await applied(db);
	await migrateToLatest(db);
	expect(await applied(db)).toEqual(before);
	// A migration of its own that has not run is not passed over in silence.
	await sql`delete from kysely_migration where name = ${Object.keys(migrations)[1]!}`.execute(db);
	await expect(migrateToLatest(db)).rejects.toThrow(/migration/);
	await close();
});

test("instances that start together migrate once, and all of them succeed", async () => {
	const empty = await emptyDatabase();
	const instances = [1, 2, 3, 4].map(() => openDatabase({ connectionString: empty }));
	await Promise.all(instances.map(({ db }) => migrateToLatest(db)));
	expect((await applied(instances[0]!.db)).map(({ name }) => name)).toEqual(Object.keys(migrations));
	await Promise.all(instances.map(({ close }) => close()));
});

test("a connection that the server ends while it is in use fails its query, not the process", async () => {
	expect(await outcomeOf(`openDatabase({ connectionString: process.argv[1] }).pool`)).toBe("still here\n");
	// A pool without our listeners is the control: it ends the process.
	expect(await outcomeOf(`new pg.Pool({ connectionString: process.argv[1] })`)).toMatch(
		/Unhandled 'error' event/,
	);
});

/** What a registration needs to differ in from the one it copies, so that only `changes` can offend. */
function aTwin(changes: Record<string, unknown>): Record<string, unknown> {
	return { id: newId(), position: 9, calendar_uid: randomUUID(), ...changes };
}

/** Inserts the row `id` again with other values in the columns of `changes`. */
async function copy(table: string, id: string, changes: Record<string, unknown>): Promise<void> {
	await sql`
		insert into ${sql.table(table)}
		select (jsonb_populate_record(original, ${JSON.stringify(changes)}::jsonb)).*
		from ${sql.table(table)} as original where id = ${id}
	`.execute(db);
}

async function emptyDatabase(): Promise<string> {
	const name = `empty_${randomUUID().replaceAll("-", "")}`;
	await sql`create database ${sql.id(name)}`.execute(db);
	const port = inject("postgresPort");
	onTestFinished(() => dropDatabase(port, name));
	return databaseUrl(port, name);
}

/** Tables with their columns, constraints, indexes, triggers and functions, each as Postgres words it. */
async function schemaOf(of: typeof db): Promise<string[]> {
	const { rows } = await sql<{ line: string }>`
		with own as (
			select c.oid, c.relname from pg_class c
			where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname not like 'kysely%'
		)
		select format('%s.%s %s %s %s', relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid)) as line
			from own join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
			left join pg_attrdef on adrelid = attrelid and adnum = attnum
		union all select format('%s %s %s', relname, conname, pg_get_constraintdef(pg_constraint.oid))
			from own join pg_constraint on conrelid = own.oid where contype <> 'n'
		union all select pg_get_indexdef(indexrelid) from own join pg_index on indrelid = oid
		union all select pg_get_triggerdef(pg_trigger.oid)
			from own join pg_trigger on tgrelid = own.oid where not tgisinternal
		union all select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace
		order by line
	`.execute(of);
	return rows.map(({ line }) => line);
}

async function applied(of: typeof db): Promise<{ name: string; timestamp: string }[]> {
	const { rows } = await sql<{ name: string; timestamp: string }>`
		select name, timestamp from kysely_migration order by name
	`.execute(of);
	return rows;
}

/** Runs a process that holds a connection of `pool` while the server ends it; returns what it says last. */
async function outcomeOf(pool: string): Promise<string> {
	const script = `
		import pg from "pg";
		import { openDatabase } from "#db/client.server.ts";
		const pool = ${pool};
		const held = await pool.connect();
		const ended = new Promise((resolve) => held.once("end", resolve));
		const { rows } = await held.query("select pg_backend_pid() as pid");
		await pool.query("select pg_terminate_backend($1)", [rows[0].pid]);
		await ended;
		const refusal = await held.query("select 1").catch(() => "refused");
		held.release();
		const { rowCount } = await pool.query("select 1");
		if (refusal === "refused" && rowCount === 1) console.log("still here");
		await pool.end();
	`;
	const flags = ["--import", "tsx", "--input-type=module", "--eval", script, url];
	try {
		return (await promisify(execFile)(process.execPath, flags)).stdout;
	} catch (error) {
		return (error as { stderr: string }).stderr;
	}
}
