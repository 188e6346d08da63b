import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { loadTables, type Manifest, saveTables } from "#db/snapshot.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { now, origin } from "#tests/fixtures.ts";

const { db, url, drop } = await createTestDatabase();
const folders: string[] = [];
let saved: Manifest;
let backup: string;

async function newFolder(): Promise<string> {
	const folder = await mkdtemp(join(tmpdir(), "presence-snapshot-"));
	folders.push(folder);
	return folder;
}

/** A database with nothing in it, not even our tables. */
async function emptyDatabase() {
	const other = await createTestDatabase();
	const client = new pg.Client(other.url);
	await client.connect();
	await client.query("drop schema public cascade; create schema public");
	await client.end();
	return other;
}

beforeAll(async () => {
	await fillWithDemo(db, origin, now);
	// What a text format could lose: quotes, tabs, line breaks, backslashes, emoji, right-to-left.
	await db.updateTable("registration").set({ note: 'deux\nlignes\t"citées" \\N \\. 👩‍🚀 שלום' }).execute();
	backup = await newFolder();
	saved = await saveTables({ connectionString: url }, backup, now);
});

afterAll(async () => {
	await drop();
	for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test("a backup holds every table, and reads back into an empty database with the same counts and hashes", async () => {
	expect(saved.tables.find(({ table }) => table === "registration")!.rows).toBeGreaterThan(50);
	expect((await readdir(backup)).length).toBe(saved.tables.length + 1);
	const other = await emptyDatabase();
	await loadTables({ connectionString: other.url }, backup);
	const again = await saveTables({ connectionString: other.url }, await newFolder(), now);
	await other.drop();
	expect(again).toEqual(saved);
});

test("it never mixes with what is there, and takes nothing from a file that was changed", async () => {
	await expect(loadTables({ connectionString: url }, backup)).rejects.toThrow("is not empty");
	const folder = await newFolder();
	await saveTables({ connectionString: url }, folder, now);
	await appendFile(join(folder, "audit.copy"), "\n");
	const other = await emptyDatabase();
	await expect(loadTables({ connectionString: other.url }, folder)).rejects.toThrow();
	expect(await other.db.selectFrom("workshop").select("id").execute()).toEqual([]);
	await other.drop();
});

test("a backup of an older schema takes nothing back of a database that is in use", async () => {
	const older = await newFolder();
	const manifest = JSON.parse(await readFile(join(backup, "manifest.json"), "utf8")) as Manifest;
	await writeFile(join(older, "manifest.json"), JSON.stringify({ ...manifest, migration: "0002_groups" }));
	await expect(loadTables({ connectionString: url }, older)).rejects.toThrow("is not empty");
	expect(await saveTables({ connectionString: url }, await newFolder(), now)).toEqual(saved);
});
