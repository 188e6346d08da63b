import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { hashToken } from "#app/domain/token.server.ts";
import { type Db, type OpenDatabase, openDatabase } from "#db/client.server.ts";
import { ensureFirm } from "#db/queries/firm.server.ts";
import { freePort, type RunningApp, startApp } from "#tests/app-process.ts";
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
	/** Starts one more instance on this database; whoever asks for it stops it. */
	startAnother(): Promise<{ app: RunningApp; coldStart: number }>;
	stop(): Promise<void>;
};

export async function openLab(environment: Record<string, string> = {}): Promise<Lab> {
	const postgres = await startTestPostgres({ durable: true });
	const databaseUrl = await postgres.createDatabase("bench");
	const database = openDatabase({ connectionString: databaseUrl });
	const { db } = database;
	await ensureFirm(db, "Formation Exemple inc.", new Date());
	async function startAnother() {
		const before = performance.now();
		const app = await startApp({
			DATABASE_URL: databaseUrl,
			COOKIE_SECRET: secret,
			ORGANIZER_EMAIL: "responsable@exemple.ca",
			TRUST_PROXY_HOPS: "1",
			...environment,
		});
		return { app, coldStart: performance.now() - before };
	}
	const { app, coldStart } = await startAnother();
	await signIn(db);
	async function stop(): Promise<void> {
		await app.stop();
		await database.close();
		await postgres.stop();
	}
	return { postgres, databaseUrl, database, db, app, coldStart, startAnother, stop };
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

/** People sign up for these dates in turn, once the mail of what came before has left; `most` at most. */
export async function signUp(
	lab: Lab,
	{ path, ids }: { path: string; ids: string[] },
	{
		app = lab.app,
		most,
		...pace
	}: Omit<Job, "url" | "path" | "signUps"> & { app?: RunningApp; most: number },
): Promise<Seen> {
	await mailGone(lab.db);
	// Nobody has the address of somebody before them, or of another instance's people.
	const run = `${Date.now()}.${new URL(app.url).port}`;
	const signUps = { secret, sessionIds: ids, run, most };
	return load({ ...pace, url: app.url, path, signUps });
}

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
