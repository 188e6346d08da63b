import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { sql } from "kysely";
import { hashToken } from "#app/domain/token.server.ts";
import { saveWorkshop } from "#app/use-cases/save-workshop.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type Db, type OpenDatabase, openDatabase } from "#db/client.server.ts";
import { ensureFirm } from "#db/queries/firm.server.ts";
import { freePort, type RunningApp, startApp } from "#tests/app-process.ts";
import { aMeeting, aSession, aWorkshop } from "#tests/fixtures.ts";
import { startTestPostgres } from "#tests/postgres.ts";
import type { Job, Seen } from "./load.ts";

export const secret = "a-secret-that-only-the-bench-may-know";
export const cookie = "organizer=a-cookie-that-only-the-bench-may-know";

/** A Postgres that syncs to the disk, one instance of the built app on it, and a browser that is signed in. */
export type Lab = {
	postgres: Awaited<ReturnType<typeof startTestPostgres>>;
	databaseUrl: string;
	database: OpenDatabase;
	db: Db;
	app: RunningApp;
	/** Milliseconds from the start of the process to the address that it prints. */
	coldStart: number;
	stop(): Promise<void>;
};

export async function openLab(environment: Record<string, string> = {}): Promise<Lab> {
	const postgres = await startTestPostgres({ durable: true });
	const databaseUrl = await postgres.createDatabase("bench");
	const database = openDatabase({ connectionString: databaseUrl });
	const { db } = database;
	await ensureFirm(db, "Formation Exemple inc.", new Date());
	const before = performance.now();
	const app = await startApp({
		DATABASE_URL: databaseUrl,
		COOKIE_SECRET: secret,
		ORGANIZER_EMAIL: "responsable@exemple.ca",
		TRUST_PROXY_HOPS: "1",
		...environment,
	});
	const coldStart = performance.now() - before;
	await signIn(db);
	async function stop(): Promise<void> {
		await app.stop();
		await database.close();
		await postgres.stop();
	}
	return { postgres, databaseUrl, database, db, app, coldStart, stop };
}

async function signIn(db: Db): Promise<void> {
	const { id } = await db.selectFrom("organizer").select("id").executeTakeFirstOrThrow();
	const now = new Date();
	await db
		.insertInto("organizerCookie")
		.values({
			tokenHash: hashToken(cookie.split("=")[1]!),
			organizerId: id,
			userAgent: "bench",
			createdAt: now,
			seenAt: now,
			expiresAt: new Date(now.getTime() + 24 * 3600 * 1000),
		})
		.execute();
}

/** A workshop with `count` open dates of `capacity` seats, from a month away. */
export async function givenSessions(db: Db, count: number, capacity: number) {
	const workshop = aWorkshop();
	const saved = await saveWorkshop(db, workshop, null, null, new Date());
	if (!saved.ok) throw new Error(saved.reason);
	const ids: string[] = [];
	for (let n = 0; n < count; n += 1) {
		const day = new Date(Date.now() + (30 + n) * 24 * 3600 * 1000).toISOString().slice(0, 10);
		ids.push(
			await scheduleSession(
				db,
				saved.id,
				aSession({ capacity, meetings: [aMeeting(day)] }),
				null,
				new Date(),
			),
		);
	}
	return { workshopId: saved.id, path: `/ateliers/${workshop.slugFr}/inscription`, ids };
}

/** `perSession` registrations in each of these sessions, as many sign-ups would have left them. */
export async function givenManyRegistrations(
	db: Db,
	sessionIds: string[],
	perSession: number,
): Promise<void> {
	for (const sessionId of sessionIds) {
		await sql`
			with start as (select count(*) as start from booking),
			made as (
				insert into booking (id, key, payload_hash, reference, session_id, contact_name, contact_email, contact_locale, organization, created_at)
				select gen_random_uuid(), 'bench-' || gen_random_uuid(), '', lpad((start + n)::text, 8, '0'), ${sessionId}, 'Zoé Côté-Tremblay ' || n,
					'zoe.' || n || '@exemple.ca', 'fr', 'Coopérative du Nord', now() - n * interval '1 second'
				from start, generate_series(1, ${perSession}::int) n
				returning *
			)
			insert into registration (id, booking_id, session_id, position, name, sort_name, search_text, email, locale, organization, status, price_cents, calendar_uid, created_at, updated_at)
			select gen_random_uuid(), id, session_id, 1, contact_name, contact_name, lower(contact_name), contact_email, 'fr', organization,
				'confirmed', 19500, gen_random_uuid(), created_at, created_at
			from made
		`.execute(db);
		await sql`update session set seats_taken = ${perSession} where id = ${sessionId}`.execute(db);
	}
}

/** `count` more workshops like this one, each with its ten dates and their people, as a large site holds them. */
export async function givenCopies(db: Db, workshopId: string, count: number): Promise<void> {
	const columns = async (table: string) => {
		const { rows } = await sql<{ name: string }>`
			select column_name as name from information_schema.columns where table_name = ${table} order by ordinal_position
		`.execute(db);
		return rows.map(({ name }) => name);
	};
	/** Copies the rows of `from`, with these columns written anew. */
	const copy = async (table: string, from: string, changed: Record<string, string>) => {
		const names = await columns(table);
		const values = names.map((name) => changed[name] ?? `t.${name}`);
		await sql
			.raw(`insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from ${from}`)
			.execute(db);
	};
	const other = (column: string) => `md5(${column}::text || '-' || n)::uuid`;
	const each = (table: string, where: string) => `${table} t, generate_series(1, ${count}) n where ${where}`;
	const ofWorkshop = `session_id in (select id from session where workshop_id = '${workshopId}')`;
	await copy("workshop", each("workshop", `t.id = '${workshopId}'`), {
		id: other("t.id"),
		slug_fr: "t.slug_fr || '-' || n",
		slug_en: "t.slug_en || '-' || n",
	});
	await copy("session", each("session", `t.workshop_id = '${workshopId}'`), {
		id: other("t.id"),
		workshop_id: other("t.workshop_id"),
		starts_at: "t.starts_at + n * interval '1 minute'",
		ends_at: "t.ends_at + n * interval '1 minute'",
	});
	await copy("meeting", each("meeting", ofWorkshop), {
		id: other("t.id"),
		session_id: other("t.session_id"),
	});
	await copy("booking", each("booking", ofWorkshop), {
		id: other("t.id"),
		session_id: other("t.session_id"),
		key: "t.key || n",
		reference: "lpad((n * 2000 + t.reference::int)::text, 8, '0')",
	});
	await copy("registration", each("registration", ofWorkshop), {
		id: other("t.id"),
		booking_id: other("t.booking_id"),
		session_id: other("t.session_id"),
		calendar_uid: "t.calendar_uid || n",
	});
	// As the database does by itself within minutes.
	await sql`vacuum analyze`.execute(db);
}

/** Waits until the mail of what came before has left, two minutes at most. Returns how many messages have not. */
export async function mailGone(db: Db): Promise<number> {
	const until = performance.now() + 120_000;
	for (;;) {
		const { count } = await db
			.selectFrom("email")
			.select((eb) => eb.fn.countAll<string>().as("count"))
			.where("status", "in", ["queued", "sending"])
			.executeTakeFirstOrThrow();
		if (Number(count) === 0 || performance.now() > until) return Number(count);
		await delay(100);
	}
}

/** Runs one job of the load generator in its own process. */
export async function load(job: Job): Promise<Seen> {
	const child = spawn(process.execPath, ["--import", "tsx", "bench/load.ts"], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	child.stdin.end(JSON.stringify(job));
	return JSON.parse(await text(child.stdout));
}

/** The answer of a page as a browser asks for it. */
export async function answerOf(url: string): Promise<{ body: Buffer; headers: [string, string][] }> {
	const { request } = await import("undici");
	const { body, headers } = await request(url, {
		headers: { "Accept-Encoding": "gzip", Accept: "text/html" },
	});
	const kept = Object.entries(headers).filter(
		([name]) => !/^(connection|keep-alive|transfer-encoding|date)$/.test(name),
	);
	return { body: Buffer.from(await body.arrayBuffer()), headers: kept as [string, string][] };
}

/** A server that does nothing but send these bytes. */
export async function bareServer(answer: { body: Buffer; headers: [string, string][] }) {
	const child = spawn(process.execPath, ["--input-type=module", "--eval", bareSource], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const port = await freePort();
	const headers = { ...Object.fromEntries(answer.headers), "content-length": String(answer.body.length) };
	child.stdin.end(JSON.stringify({ port, headers, body: answer.body.toString("base64") }));
	await new Promise((resolve) => child.stdout.once("data", resolve));
	return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

const bareSource = `
	import { createServer } from "node:http";
	import { text } from "node:stream/consumers";
	const { port, headers, body } = JSON.parse(await text(process.stdin));
	const bytes = Buffer.from(body, "base64");
	createServer((request, response) => {
		request.resume();
		response.writeHead(200, headers).end(bytes);
	}).listen(port, "127.0.0.1", () => console.log("ready"));
`;

/** Runs a pgbench script, every client with its statements prepared. Returns transactions per second, or null without pgbench. */
export async function pgbench(
	lab: Lab,
	script: string,
	clients: number,
	seconds: number,
): Promise<number | null> {
	const program = [process.env.PGBENCH, "/usr/lib/postgresql/15/bin/pgbench", "/usr/bin/pgbench"].find(
		(path) => path && existsSync(path),
	);
	if (!program) return null;
	const file = `/tmp/presence-bench-${process.pid}.sql`;
	await writeFile(file, script);
	const options = ["-n", "-M", "prepared", "-c", clients, "-j", 1, "-T", seconds, "-D", "i=0", "-f", file];
	const { stdout } = await promisify(execFile)(program, [...options.map(String), lab.databaseUrl]);
	return Number(/tps = ([\d.]+)/.exec(stdout)?.[1] ?? Number.NaN);
}

/** Milliseconds of processor time that a process has used so far. Linux alone tells. */
export async function cpuOf(pid: number): Promise<number> {
	const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
	const [user, system] = stat.slice(stat.lastIndexOf(")")).split(" ").slice(12, 14).map(Number);
	return ((user ?? Number.NaN) + (system ?? Number.NaN)) * 10;
}

/** Resident memory of a process in bytes: now, and the most since `forget()`. Linux alone tells. */
export function memoryOf(pid: number) {
	const read = async (name: string) => {
		const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
		return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) * 1024;
	};
	return {
		now: () => read("VmRSS"),
		most: () => read("VmHWM"),
		forget: () => writeFile(`/proc/${pid}/clear_refs`, "5").catch(() => {}),
	};
}
