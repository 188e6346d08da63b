import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFormKey } from "#app/http/form-key.server.ts";
import { createPatientServer, patience } from "#app/http/patient-server.server.ts";
import { paths } from "#app/paths.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenOrganizerCookie } from "#tests/fixtures.ts";
import { givenManyRegistrations, givenSessions } from "../../bench/site.ts";

/*
 * Whoever asks for a large list and hardly reads it. Linux takes some 4 MB for them; the lists are larger, by notes that
 * compress badly. One instance is as patient as the site is, the other forty times less.
 */
const secret = "a-secret-that-only-slow-readers-may-know";
const files = ["csv", "xlsx"] as const;
type File = (typeof files)[number];
const faster = 40;
const silence = patience.silenceTimeout / faster;
let database: TestDatabase;
let app: RunningApp;
let hurried: RunningApp;
let cookie: string;
let large: string;
let smaller: string;
let open: string;
let form: string;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db, url } = database;
	const organizer = await givenOrganizer(db);
	cookie = await givenOrganizerCookie(db, organizer.id);
	const dates = await givenSessions(db, 3, 30_000);
	[large, smaller, open] = dates.ids as [string, string, string];
	form = dates.path;
	await givenManyRegistrations(db, [large], 20_000);
	await givenManyRegistrations(db, [smaller], 5_000);
	const note = sql<string>`(select string_agg(md5(id::text || n), '') from generate_series(1, 64) n)`;
	await db.updateTable("registration").set({ note }).execute();
	await sql`vacuum analyze`.execute(db);
	const environment = { DATABASE_URL: url, COOKIE_SECRET: secret };
	[app, hurried] = await Promise.all([
		startApp(environment),
		startApp({ ...environment, NODE_OPTIONS: "--import ./tests/http/hurried.mjs" }),
	]);
}, 60_000);
afterAll(async () => {
	await app?.stop();
	await hurried?.stop();
	await database.drop();
});

/** Asks for a list as a file, and reads nothing of it yet. */
function askFor(file: File, sessionId: string, { url }: RunningApp): Socket {
	const socket = connect(Number(new URL(url).port), "127.0.0.1").on("error", () => {});
	const head = [`GET ${paths.organizer[file](sessionId)} HTTP/1.1`, "Host: x", `Cookie: ${cookie}`];
	socket.pause().write([...head, "Connection: close", "\r\n"].join("\r\n"));
	return socket;
}

/** Reads the rest of an answer, at most so many bytes a second. Returns whether it came whole. */
async function isWhole(socket: Socket, bytesPerSecond = Number.POSITIVE_INFINITY): Promise<boolean> {
	const before = performance.now();
	let length = 0;
	let last = Buffer.alloc(0);
	for await (const chunk of socket as AsyncIterable<Buffer>) {
		length += chunk.length;
		last = Buffer.concat([last, chunk]).subarray(-5);
		const early = (length / bytesPerSecond) * 1000 - (performance.now() - before);
		if (early > 0) await delay(early);
	}
	return last.toString() === "0\r\n\r\n";
}

/** Signs somebody up, and looks at the form. Returns the longer wait, in milliseconds. */
async function longestWait(): Promise<number> {
	const key = newFormKey([secret]);
	const body = new URLSearchParams({
		date: open,
		name: "Zoé Roy",
		email: `${key.slice(0, 8)}@exemple.ca`,
		key,
	});
	const headers = { "Sec-Fetch-Site": "same-origin" };
	const before = performance.now();
	const signedUp = await fetch(app.url + form, { method: "POST", headers, body, redirect: "manual" });
	const between = performance.now();
	const page = await fetch(app.url + form);
	await page.text();
	expect([signedUp.status, page.status]).toEqual([303, 200]);
	return Math.max(between - before, performance.now() - between);
}

/** Resident memory in bytes. Linux alone tells. */
async function memoryOf({ process }: RunningApp): Promise<number> {
	const status = await readFile(`/proc/${process.pid}/status`, "utf8");
	return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** What the app holds in memory once it holds no more from one second to the next. */
async function settledMemory(): Promise<number> {
	for (let before = 0; ; await delay(1_000)) {
		const now = await memoryOf(app);
		if (Math.abs(now - before) < 1e6) return now;
		before = now;
	}
}

test.runIf(process.platform === "linux")(
	"twelve who ask for an export and read nothing keep nobody waiting, no transaction open and little in memory",
	async () => {
		await longestWait();
		const before = await memoryOf(app);
		const stuck = Array.from({ length: 12 }, (_, n) => askFor(files[n % 2]!, large, app));
		try {
			const [memory] = await Promise.all([settledMemory(), longestWait()]);
			// Their files together are 430 MB.
			expect(memory - before).toBeLessThan(250e6);
			await expect.poll(longestWait, { timeout: 10_000 }).toBeLessThan(500);
			const { rows } = await sql`
				select state, query from pg_stat_activity where datname = current_database() and xact_start < now() - interval '1 second'
			`.execute(database.db);
			expect(rows).toEqual([]);
		} finally {
			for (const socket of stuck) socket.destroy();
		}
	},
);

/** How many clients an app is connected to. Linux alone tells. */
async function connectionsOf({ url }: RunningApp): Promise<number> {
	const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
	const established = new RegExp(`: 0100007F:${port} \\S+ 01 `, "g");
	return (await readFile("/proc/net/tcp", "utf8")).match(established)?.length ?? 0;
}

test.runIf(process.platform === "linux")(
	"whoever reads nothing is given up after a time, and whoever reads slowly gets the whole file",
	async () => {
		const stuck = files.map((file) => askFor(file, large, hurried));
		await expect.poll(() => connectionsOf(hurried)).toBe(stuck.length);
		const before = performance.now();
		// As 50 kB/s is to two minutes.
		expect(await isWhole(askFor("csv", smaller, hurried), 50_000 * faster)).toBe(true);
		expect(performance.now() - before).toBeGreaterThan(silence * 1.5);
		await expect.poll(() => connectionsOf(hurried), { timeout: 15_000 }).toBe(0);
		for (const socket of stuck) expect(await isWhole(socket)).toBe(false);
		expect(hurried.output()).not.toContain("failed");
	},
);

test("who asks for many pages at once on one connection has them made one after the other", async () => {
	let underWay = 0;
	let most = 0;
	const server = createPatientServer(async (request, response) => {
		most = Math.max(most, ++underWay);
		await delay(1);
		response.end(request.url);
		underWay -= 1;
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
	const asked = Array.from({ length: 100 }, (_, n) => `GET /page-${n} HTTP/1.1\r\nHost: x\r\n`);
	socket.write(`${asked.join("\r\n")}Connection: close\r\n\r\n`);
	const answers = await text(socket);
	server.close();
	expect(answers.match(/\/page-\d+/g)).toEqual(Array.from({ length: 100 }, (_, n) => `/page-${n}`));
	expect(most).toBe(1);
});
