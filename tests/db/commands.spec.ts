import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { startEmbedded } from "#db/embedded.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";
import { saveTables } from "#db/snapshot.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { now, origin } from "#tests/fixtures.ts";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "presence-commands-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs a command as an operator does. Returns what it printed; throws with what it complained of. */
async function command(name: string, argument: string, environment: Record<string, string>): Promise<string> {
	const { stdout } = await promisify(execFile)(
		process.execPath,
		["--import", "tsx", `scripts/${name}.ts`, argument],
		{ env: { PATH: process.env.PATH, NODE_ENV: "development", ...environment } },
	);
	return stdout;
}

async function newDatabase() {
	const database = await createTestDatabase();
	onTestFinished(database.drop);
	return database;
}

/** A database without even our tables. */
async function emptyDatabase(): Promise<string> {
	const { url } = await newDatabase();
	await query(url, "drop schema public cascade; create schema public");
	return url;
}

async function query(url: string, text: string) {
	const client = new pg.Client(url);
	await client.connect();
	return client.query(text).finally(() => client.end());
}

async function tablesOf(connection: pg.ClientConfig) {
	const into = await mkdtemp(join(folder, "tables-"));
	return (await saveTables(connection, into, now)).tables;
}

test("what backup saves, restore reads into an empty database with the same counts and hashes, and into no other", async () => {
	const { db, url } = await newDatabase();
	await fillWithDemo(db, origin, now);
	const backup = join(folder, "backup");
	expect(await command("backup", backup, { DATABASE_URL: url })).toContain(`Saved in ${backup}`);
	await expect(command("backup", backup, { DATABASE_URL: url })).rejects.toThrow("EEXIST");

	const other = await emptyDatabase();
	expect(await command("restore", backup, { DATABASE_URL: other })).toMatch(
		/^Read \d{3,} rows of \d{2} tables/,
	);
	const tables = await tablesOf({ connectionString: url });
	expect(await tablesOf({ connectionString: other })).toEqual(tables);
	await expect(command("restore", backup, { DATABASE_URL: other })).rejects.toThrow("is not empty");
	expect(await tablesOf({ connectionString: other })).toEqual(tables);
}, 60_000);

test("move brings the app's own database from an older schema to an empty Postgres once the app has stopped, and to no other", async () => {
	const dataDir = join(folder, "data");
	const app = await startEmbedded(dataDir);
	const { db, close } = openDatabase(app.connection);
	await migrateToLatest(db);
	await fillWithDemo(db, origin, now);
	await writeFile(join(dataDir, "secret"), "what signs the links of the emails");
	const tables = await tablesOf(app.connection);
	// An app that was updated and not started since.
	await migrateToLatest(db, "0009_deeds");
	await close();
	const target = await emptyDatabase();

	const backup = join(folder, "backup-beside-the-app");
	await command("backup", backup, { DATA_DIR: dataDir });
	expect(await readFile(join(backup, "secret"), "utf8")).toContain("what signs");
	await expect(command("move", target, { DATA_DIR: dataDir })).rejects.toThrow(
		/est encore en marche sur .* still runs on /,
	);
	expect((await query(target, "select from pg_tables where schemaname = 'public'")).rowCount).toBe(0);

	await app.stop();
	expect(await command("move", target, { DATA_DIR: dataDir })).toContain("Every row arrived");
	expect(await tablesOf({ connectionString: target })).toEqual(tables);
	await expect(command("move", target, { DATA_DIR: dataDir })).rejects.toThrow("is not empty");
	expect(await tablesOf({ connectionString: target })).toEqual(tables);
}, 120_000);
