import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { fillWithDemo } from "#app/jobs/demo.server.ts";
import { paths } from "#app/paths.ts";
import { openDatabase } from "#db/client.server.ts";
import { migrateToLatest } from "#db/migrate.server.ts";
import { accountFor } from "#db/postgres-binaries.server.ts";
import { createCluster, launchServer, logTail, stopServer, superuser } from "#db/postgres-cluster.server.ts";
import { type Manifest, saveTables } from "#db/snapshot.server.ts";
import { freePort, startApp } from "#tests/app-process.ts";
import { origin } from "#tests/fixtures.ts";
import { signUp } from "./sign-up.ts";

/*
 * npm run drill:dump -- 200: the demo site, and so many people who sign up, through pg_dump and pg_restore into a fresh
 * database. Compares the schema, and the rows and the hash of each table; then the app serves what was restored. Needs a
 * Postgres's own programs: apt-get install --no-install-recommends postgresql-15
 */
const people = Number(process.argv[2] ?? 200);
const programs = ["initdb", "postgres", "pg_dump", "pg_restore"];
const bin = ["/usr/lib/postgresql/15/bin", ...(process.env.PATH ?? "").split(delimiter)].find((folder) =>
	programs.every((program) => existsSync(join(folder, program))),
);
if (!bin) {
	console.error(
		`This drill needs ${programs.join(", ")} of one Postgres, in /usr/lib/postgresql/15/bin or in one folder of PATH: apt-get install --no-install-recommends postgresql-15`,
	);
	process.exit(1);
}

const run = promisify(execFile);
const folder = await mkdtemp(join(tmpdir(), "presence-dump-"));
const dump = join(folder, "site.dump");
const port = await freePort();
const account = await accountFor(join(folder, "postgres"));
// Postgres 15 must be able to enter every folder above its own.
if (account) await chown(folder, account.uid, account.gid);
const cluster = {
	folder: join(folder, "postgres"),
	log: join(folder, "postgres.log"),
	account,
	binaries: { initdb: join(bin, "initdb"), postgres: join(bin, "postgres") },
};
const site = `postgresql://${superuser}@127.0.0.1:${port}/site`;
const restored = `postgresql://${superuser}@127.0.0.1:${port}/restored`;
const wrong: string[] = [];

async function query(url: string, text: string) {
	const client = new pg.Client(url);
	await client.connect();
	const { rows } = await client.query(text).finally(() => client.end());
	return rows;
}

async function startServer(): Promise<void> {
	await createCluster(cluster, ["--auth=trust"]);
	const server = launchServer(cluster, {
		listen_addresses: "127.0.0.1",
		port,
		unix_socket_directories: "",
	});
	const administer = site.replace(/site$/, "postgres");
	while (!(await query(administer, "select").catch(() => null))) {
		if (server.ended) throw new Error(`Postgres ended:\n${await logTail(cluster)}`);
		await delay(50);
	}
	await query(administer, "create database site");
	await query(administer, "create database restored template template0");
}

/** The demo site, whose notes hold what a text format could lose. */
async function fill(): Promise<void> {
	const { db, close } = openDatabase({ connectionString: site });
	await migrateToLatest(db);
	await fillWithDemo(db, origin, new Date());
	const note = 'deux\nlignes\t"citées" \\N \\. 👩‍🚀 שלום';
	await db.updateTable("registration").set({ note }).execute();
	await close();
}

async function schemaOf(url: string): Promise<string[]> {
	const { stdout } = await run(join(bin!, "pg_dump"), ["--schema-only", url], { maxBuffer: 2 ** 26 });
	// Newer programs wrap the dump in a word that is drawn each time.
	return stdout.split("\n").filter((line) => line && !/^(--|\\(un)?restrict)/.test(line));
}

async function saveIn(name: string, url: string): Promise<Manifest> {
	const into = join(folder, name);
	await mkdir(into);
	return saveTables({ connectionString: url }, into, new Date());
}

function expectSame(what: string, found: unknown, expected: unknown): void {
	if (found !== expected) wrong.push(`${what}: ${found}, and not ${expected}.`);
}

/** Serves `url`, and sends the form so many times. */
async function serve(url: string, times: number): Promise<void> {
	const before = await query(url, "select count(*)::int as people from registration");
	const app = await startApp({ DATABASE_URL: url, BOOKINGS_PER_HOUR: "100000" });
	try {
		const [{ slug }] = await query(url, "select slug_fr as slug from workshop order by created_at limit 1");
		for (const path of ["/health", paths.list("fr"), paths.workshop("fr", slug)])
			expectSame(path, (await fetch(app.url + path)).status, 200);
		for (let number = 1; number <= times; number += 1) {
			const { status, page } = await signUp(
				app.url,
				slug,
				`Zoé Roy ${number}`,
				`zoe.${times}.${number}@exemple.ca`,
			);
			expectSame(`Form ${number}`, `${status}, ${page}`, "303, 200");
		}
	} finally {
		await app.stop();
	}
	const after = await query(url, "select count(*)::int as people from registration");
	expectSame("Registrations", after[0].people, before[0].people + times);
}

function compare(sent: Manifest, arrived: Manifest): void {
	expectSame("Migration", arrived.migration, sent.migration);
	expectSame(
		"Tables",
		arrived.tables.map(({ table }) => table).join(),
		sent.tables.map(({ table }) => table).join(),
	);
	console.log("     rows  restored  same hash  table");
	for (const [index, { table, rows, sha256 }] of sent.tables.entries()) {
		const other = arrived.tables[index];
		const isSame = other?.sha256 === sha256 && other.rows === rows;
		if (!isSame) wrong.push(`The table ${table} differs.`);
		const columns = [
			String(rows).padStart(9),
			String(other?.rows).padStart(8),
			(isSame ? "yes" : "NO").padStart(9),
		];
		console.log(`${columns.join("  ")}  ${table}`);
	}
}

try {
	await startServer();
	await fill();
	await serve(site, people);
	const sent = await saveIn("sent", site);
	const [{ server_version: version }] = await query(site, "show server_version");
	const started = performance.now();
	await run(join(bin, "pg_dump"), ["--format=custom", `--file=${dump}`, site]);
	const dumped = performance.now();
	await run(join(bin, "pg_restore"), ["--exit-on-error", `--dbname=${restored}`, dump]);
	const ended = performance.now();
	compare(sent, await saveIn("arrived", restored));
	const [schema, schemaAgain] = [await schemaOf(site), await schemaOf(restored)];
	expectSame("The schema", schemaAgain.join("\n") === schema.join("\n") ? "the same" : "another", "the same");
	// One more: what is restored is not only read.
	await serve(restored, 1);
	const rows = sent.tables.reduce((sum, table) => sum + table.rows, 0);
	console.log(
		`Postgres ${version}: ${rows} rows of ${sent.tables.length} tables and ${schema.length} lines of schema, dumped in ${Math.round(dumped - started)} ms, restored in ${Math.round(ended - dumped)} ms.`,
	);
	console.log(wrong.length === 0 ? "Everything arrived, and the app serves it." : wrong.join("\n"));
	process.exitCode = wrong.length === 0 ? 0 : 1;
} finally {
	await stopServer(cluster, 20_000).catch((error) => console.error(error));
	await rm(folder, { recursive: true, force: true });
}
