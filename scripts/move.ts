import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { readConfig } from "#app/config.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { startEmbedded } from "#db/embedded.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";
import { loadTables, saveTables } from "#db/snapshot.server.ts";

// npm run move -- postgresql://…: brings the app's own database to an empty Postgres, and compares every row. Refuses while the app runs.
const target = process.argv[2];
if (!target) throw new Error("Say where to: npm run move -- postgresql://user:password@host/database");
const { dataDir } = readConfig({ ...process.env, DATABASE_URL: undefined });
const embedded = await startEmbedded(dataDir);
const folder = await mkdtemp(join(tmpdir(), "presence-move-"));

/** What an app that runs writes meanwhile would stay behind. Each holds the shared lock of `startEmbedded`, as this one does. */
async function refuseWhileAppRuns(): Promise<void> {
	const client = new pg.Client({ ...embedded.connection, database: "postgres" });
	await client.connect();
	const { rowCount } = await client
		.query("select from pg_locks where locktype = 'advisory' and mode = 'ShareLock' and granted")
		.finally(() => client.end());
	if (rowCount === 1) return;
	throw new Error(
		`Présence est encore en marche sur ${dataDir} : arrêtez-la, puis recommencez vers une base vide. / Présence still runs on ${dataDir}: stop it, then begin again with an empty database.`,
	);
}

try {
	await refuseWhileAppRuns();
	// An app that was updated and not started since has a schema that is behind.
	const { db, close } = openDatabase(embedded.connection);
	await migrateToLatest(db).finally(close);
	const sent = await saveTables(embedded.connection, folder, new Date());
	await loadTables({ connectionString: target }, folder);
	const arrived = await saveTables({ connectionString: target }, folder, new Date());
	for (const [index, { table, rows, sha256 }] of sent.tables.entries()) {
		if (arrived.tables[index]?.sha256 !== sha256)
			throw new Error(`The table ${table} did not arrive as it was.`);
		console.log(`${String(rows).padStart(9)}  ${table}`);
	}
	// It may have been started in the meantime.
	await refuseWhileAppRuns();
	const secret = await readFile(join(dataDir, "secret"), "utf8").catch(() => "");
	console.log(`
Every row arrived. Start the app with
  DATABASE_URL=${target.replace(/:[^:@/]+@/, ":…@")}
  COOKIE_SECRET=${secret ? `what ${join(dataDir, "secret")} holds: links in emails that were sent stay good` : "…"}
The data in ${dataDir} is as it was.`);
} finally {
	await embedded.stop();
	await rm(folder, { recursive: true, force: true });
}
