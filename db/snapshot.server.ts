import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { openDatabase } from "./client.server.ts";
import { migrateToLatest, newestMigration } from "./migrate.server.ts";

type SavedTable = { table: string; columns: string[]; rows: number; sha256: string };
export type Manifest = { migration: string; savedAt: string; tables: SavedTable[] };

const manifestName = "manifest.json";
/** The same bytes for the same rows on every server. */
const plainly =
	"set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local extra_float_digits = 1";

/**
 * Writes every table into `folder` as it is at one instant, while the app may run: a file each, and a manifest with the
 * rows and the SHA-256 of each. Returns what it wrote, in an order in which it can be read back.
 */
export async function saveTables(connection: pg.ClientConfig, folder: string, now: Date): Promise<Manifest> {
	const client = await connect(connection);
	try {
		await client.query("begin isolation level repeatable read read only");
		await client.query(plainly);
		const tables: SavedTable[] = [];
		for (const table of await tablesInOrder(client)) {
			const columns = await columnsOf(client, table);
			const hash = createHash("sha256");
			let rows = 0;
			const count = new Transform({
				transform(chunk: Buffer, _encoding, done) {
					hash.update(chunk);
					// A line break inside a value is written as \n, so each one here ends a row.
					for (const byte of chunk) if (byte === 10) rows += 1;
					done(null, chunk);
				},
			});
			const statement = `copy (select ${columns.join(", ")} from ${table} order by ${table}::text collate "C") to stdout`;
			const file = createWriteStream(join(folder, `${table}.copy`), { mode: 0o600 });
			await pipeline(client.query(copyTo(statement)), count, file);
			tables.push({ table, columns, rows, sha256: hash.digest("hex") });
		}
		const { rows } = await client.query("select name from kysely_migration order by name desc limit 1");
		await client.query("commit");
		const manifest = { migration: rows[0].name, savedAt: now.toISOString(), tables };
		await writeFile(join(folder, manifestName), JSON.stringify(manifest, null, "\t"), { mode: 0o600 });
		return manifest;
	} finally {
		await client.end();
	}
}

/**
 * Reads what `saveTables` wrote into an empty database, all of it or nothing, and brings its schema to the newest. Throws
 * a sentence when the database holds something already, or when a file is not what the manifest says.
 */
export async function loadTables(connection: pg.PoolConfig, folder: string): Promise<Manifest> {
	const manifest = JSON.parse(await readFile(join(folder, manifestName), "utf8")) as Manifest;
	const { db, close } = openDatabase({ ...connection, max: 2 });
	try {
		const client = await connect(connection);
		try {
			// Before anything else: the way to an older schema removes what later ones hold.
			await refuseUnlessEmpty(client, manifest);
			await migrateToLatest(db, manifest.migration);
			await client.query("begin");
			await client.query(plainly);
			await refuseUnlessEmpty(client, manifest);
			for (const { table, columns, rows, sha256 } of manifest.tables) {
				const hash = createHash("sha256");
				const check = new Transform({
					transform(chunk: Buffer, _encoding, done) {
						hash.update(chunk);
						done(null, chunk);
					},
				});
				const into = client.query(copyFrom(`copy ${table} (${columns.join(", ")}) from stdin`));
				await pipeline(createReadStream(join(folder, `${table}.copy`)), check, into);
				if (hash.digest("hex") !== sha256 || into.rowCount !== rows) {
					throw new Error(`The file ${table}.copy is not the one that the manifest speaks of.`);
				}
			}
			await client.query("commit");
		} finally {
			await client.end();
		}
		if (manifest.migration !== newestMigration) await migrateToLatest(db);
		return manifest;
	} finally {
		await close();
	}
}

async function refuseUnlessEmpty(client: pg.Client, { tables }: Manifest): Promise<void> {
	for (const { table } of tables) {
		const { rows } = await client.query("select to_regclass($1) as found", [table]);
		if (!rows[0].found) continue;
		const { rowCount } = await client.query(`select from ${table} limit 1`);
		if (rowCount) throw new Error(`The database is not empty: its table ${table} holds rows.`);
	}
}

async function connect(connection: pg.ClientConfig): Promise<pg.Client> {
	const client = new pg.Client(connection);
	// What was under way rejects by itself.
	client.on("error", () => {});
	await client.connect();
	return client;
}

/** Every table of ours, each after those that it refers to. */
async function tablesInOrder(client: pg.Client): Promise<string[]> {
	const { rows: tables } = await client.query<{ name: string; needs: string[] }>(`
		select relname as name, array(
			select distinct confrelid::regclass::text from pg_constraint
			where conrelid = pg_class.oid and contype = 'f' and confrelid <> conrelid
		) as needs
		from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace and relname not like 'kysely%'
		order by relname
	`);
	const ordered: string[] = [];
	while (ordered.length < tables.length) {
		const next = tables.filter(
			({ name, needs }) => !ordered.includes(name) && needs.every((one) => ordered.includes(one)),
		);
		if (next.length === 0) throw new Error("Tables refer to each other in a circle.");
		ordered.push(...next.map(({ name }) => name));
	}
	return ordered;
}

async function columnsOf(client: pg.Client, table: string): Promise<string[]> {
	const { rows } = await client.query<{ name: string }>(
		`select quote_ident(attname) as name from pg_attribute
		where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attname`,
		[table],
	);
	return rows.map(({ name }) => name);
}
