import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { newId } from "#db/id.ts";
import { type RunningApp, startApp } from "../app-process.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { startSmtp, type TestSmtp } from "../emails/smtp.ts";
import { aMeeting, aSession, aWorkshop, givenWorkshop } from "../fixtures.ts";

/* What whoever runs the site sees of it, and what they must not see. */
const secret = "a-secret-that-only-this-test-may-know-of";
const metricsToken = "a-token-of-the-metrics-canary";
let database: TestDatabase;
let smtp: TestSmtp;
let app: RunningApp;
let session: { id: string; path: string };

beforeAll(async () => {
	database = await createTestDatabase();
	smtp = await startSmtp();
	app = await startApp({
		DATABASE_URL: database.url,
		COOKIE_SECRET: secret,
		METRICS_TOKEN: metricsToken,
		SMTP_URL: smtp.url,
		MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
		ORGANIZER_EMAIL: "responsable@exemple.ca",
	});
	const workshop = aWorkshop();
	const workshopId = await givenWorkshop(database.db, workshop);
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
	const input = aSession({ meetings: [aMeeting(inAMonth)] });
	const id = await scheduleSession(database.db, workshopId, input, null, new Date());
	session = { id, path: paths.register("fr", workshop.slugFr) };
});

afterAll(async () => {
	await app.stop();
	await smtp.close();
	await database.drop();
});

async function post(path: string, form: Record<string, string>, headers: Record<string, string> = {}) {
	return fetch(app.url + path, {
		method: "POST",
		body: new URLSearchParams(form),
		headers: { "Sec-Fetch-Site": "same-origin", ...headers },
		redirect: "manual",
	});
}

test("the metrics answer their token alone, in the format of Prometheus", async () => {
	const ask = (authorization?: string) =>
		fetch(`${app.url}/metrics`, { headers: authorization ? { Authorization: authorization } : {} });
	expect((await ask()).status).toBe(401);
	expect((await ask("Bearer a-token-of-the-metrics-canarz")).status).toBe(401);
	await fetch(`${app.url}/`);
	const answer = await ask(`Bearer ${metricsToken}`);
	expect(answer.status).toBe(200);
	expect(answer.headers.get("Content-Type")).toContain("version=0.0.4");
	const text = await answer.text();
	for (const line of text.trim().split("\n")) {
		expect(line).toMatch(/^(# TYPE \w+ (counter|gauge|histogram)|\w+(\{[^}]*\})? -?[\d.e+-]+)$/);
	}
	expect(text).toMatch(/presence_requests_total\{method="GET",status="200"\} [1-9]/);
	expect(text).toContain("presence_database_up 1");
	expect(text).toMatch(/presence_emails\{state="waiting"\} \d/);
});

test("without a token in the environment there is no such address", async () => {
	const other = await startApp({ DATABASE_URL: database.url, ACCESS_LOG: "off" });
	const answer = await fetch(`${other.url}/metrics`, { headers: { Authorization: "Bearer undefined" } });
	expect(answer.status).toBe(404);
	expect(other.output()).not.toContain('"event":"request"');
	await other.stop();
});

test("each request leaves a line under the id that its answer carries, without its query", async () => {
	const ask = async () => {
		const answer = await fetch(`${app.url}/?atelier=canari-recherche`);
		return { body: await answer.text(), headers: Object.fromEntries(answer.headers) };
	};
	const answers = [await ask(), await ask()];
	const ids = answers.map(({ headers }) => headers["x-request-id"]!);
	expect(new Set(ids).size).toBe(2);
	// The second is answered from memory: all of the first, down to its nonce.
	const same = { "x-request-id": expect.any(String), date: expect.any(String) };
	expect(answers[1]).toEqual({ ...answers[0], headers: { ...answers[0]!.headers, ...same } });
	for (const requestId of ids) {
		await expect.poll(() => app.output()).toContain(requestId);
		const lines = app.output().split("\n");
		expect(JSON.parse(lines.find((one) => one.includes(requestId))!)).toEqual({
			at: expect.any(String),
			event: "request",
			requestId,
			method: "GET",
			path: "/",
			status: 200,
			milliseconds: expect.any(Number),
		});
	}
	expect(app.output()).not.toContain("canari-recherche");
});

test("a process that is asked to stop writes the lines of its last requests", async () => {
	const other = await startApp({ DATABASE_URL: database.url });
	const answer = await fetch(`${other.url}/health`);
	await other.stop();
	await expect.poll(() => other.output()).toContain(answer.headers.get("X-Request-Id"));
});

test("the site outlives the reader of its log", async () => {
	const other = await startApp({ DATABASE_URL: database.url });
	other.process.stdout!.destroy();
	for (let n = 0; n < 3; n++) {
		expect((await fetch(`${other.url}/health`)).status).toBe(200);
		await delay(50);
	}
	await other.stop();
});

test("health says whether the database is out of reach or not as expected, and the log says what it was", async () => {
	const health = async () => {
		const answer = await fetch(`${app.url}/health`);
		return { ...((await answer.json()) as object), status: answer.status };
	};
	await sql`alter table email rename to mail`.execute(database.db);
	const broken = await health();
	await sql`alter table mail rename to email`.execute(database.db);
	expect(broken).toMatchObject({ status: 503, database: "not as expected" });
	expect(app.output()).toMatch(/"event":"health.failed".*"code":"42P01"/);
	expect(await health()).toMatchObject({ status: 200, database: "ok", outbox: { stoppedSince: null } });
});

test("however many ask how it is, the database is asked once at a time", async () => {
	const trx = await database.db.startTransaction().execute();
	await sql`lock table email in access exclusive mode`.execute(trx);
	const asked = Array.from({ length: 50 }, () => fetch(`${app.url}/health`));
	const waiting = async () => {
		const { rows } = await sql<{ count: number }>`
			select count(*)::int as count from pg_locks join pg_database on pg_database.oid = database
			where datname = current_database() and not granted and relation = 'email'::regclass
		`.execute(database.db);
		return rows[0]!.count;
	};
	await expect.poll(waiting).toBeGreaterThan(0);
	await delay(300);
	// The two counts, what mail waits, and the worker's own.
	expect(await waiting()).toBeLessThanOrEqual(4);
	await trx.rollback().execute();
	for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
});

test("a database that does not answer is out of reach too, and whoever asks how it is does not wait with it", async () => {
	const trx = await database.db.startTransaction().execute();
	await sql`lock table email in access exclusive mode`.execute(trx);
	const signal = AbortSignal.timeout(15_000);
	const asked = await Promise.allSettled([1, 2].map(() => fetch(`${app.url}/health`, { signal })));
	await trx.rollback().execute();
	for (const one of asked) {
		expect(one.status).toBe("fulfilled");
		const answer = (one as PromiseFulfilledResult<Response>).value;
		expect(answer.status).toBe(503);
		expect(await answer.json()).toMatchObject({ database: "out of reach", outbox: null });
	}
	expect((await fetch(`${app.url}/health`)).status).toBe(200);
});

test("whoever finds a weakness is told whom to write to, once the firm has an address", async () => {
	const url = `${app.url}/.well-known/security.txt`;
	const setEmail = (email: string) => database.db.updateTable("firm").set({ email }).execute();
	await setEmail("");
	expect((await fetch(url)).status).toBe(404);
	await setEmail("info@exemple.ca");
	const answer = await fetch(url);
	expect(answer.headers.get("Content-Type")).toMatch(/^text\/plain; charset=utf-8$/i);
	const lines = (await answer.text()).trimEnd().split("\n");
	expect(lines).toEqual([
		"Contact: mailto:info@exemple.ca",
		expect.stringMatching(/^Expires: \d{4}-\d\d-\d\dT[\d:.]+Z$/),
		"Preferred-Languages: fr, en",
		`Canonical: ${url}`,
	]);
	const daysLeft = (new Date(lines[1]!.slice(9)).getTime() - Date.now()) / 86_400_000;
	expect(daysLeft).toBeGreaterThan(100);
	expect(daysLeft).toBeLessThan(365);
});

test("no name, address, token, code or cookie is in a log, and no token or code at rest in any table", async () => {
	const name = "Canari Delorme";
	const email = "canari.delorme@exemple.ca";
	const form = await (await fetch(app.url + session.path)).text();
	const key = /name="key" value="([^"]+)"/.exec(form)![1]!;
	const colleague = { name2: "Colette Canari", email2: "colette.canari@exemple.ca" };
	const booked = await post(session.path, {
		date: session.id,
		name,
		email,
		organization: "",
		key,
		news: "on",
		...colleague,
	});
	expect(booked.status).toBe(303);
	const bookingToken = booked.headers.get("Location")!.split("/").at(-1)!;
	expect((await fetch(`${app.url}/inscriptions/${bookingToken}`)).status).toBe(200);
	// Each person has their own message, and the contact that of the group.
	await expect.poll(() => smtp.arrived.length, { timeout: 15_000 }).toBe(3);
	const { id, bookingId } = await database.db
		.selectFrom("registration")
		.select(["id", "bookingId"])
		.where("email", "=", email)
		.executeTakeFirstOrThrow();
	const manageToken = signToken(secret, "manage", id, 1);
	const groupToken = signToken(secret, "group", bookingId, 1);
	const calendarToken = signToken(secret, "calendar", id, 1);
	const words = smtp.arrived.map(({ text }) => text).join("\n");
	for (const path of [paths.manage("fr", manageToken), paths.group("fr", groupToken)]) {
		expect(words).toContain(path);
		expect(await (await fetch(app.url + path)).text()).toContain(name);
	}
	const preferencesToken = new RegExp(`${paths.preferences("fr", "")}([^\\s"]+)`).exec(words)![1]!;
	expect(await (await fetch(app.url + paths.preferences("fr", preferencesToken))).text()).toContain(email);
	const own = await (await fetch(app.url + paths.manage("fr", manageToken))).text();
	expect(own).toContain(calendarToken);
	expect((await fetch(app.url + paths.ownCalendar("fr", calendarToken))).status).toBe(200);

	// Somebody signs in by the code of the email, and then by the cookie.
	const asked = await post("/organizer/sign-in", { email: "responsable@exemple.ca" });
	expect(asked.status).toBeLessThan(400);
	await expect.poll(() => smtp.arrived.length, { timeout: 15_000 }).toBe(4);
	const signIn = smtp.arrived[3]!;
	const code = /\b\d{6}\b/.exec(signIn.text!)![0];
	const linkToken = /\/organizer\/sign-in\/([^\s"?]+)/.exec(signIn.text!)![1]!;
	const entered = await post(`/organizer/sign-in/${linkToken}`, {});
	const cookie = /organizer=([^;]+)/.exec(entered.headers.get("Set-Cookie") ?? "")![1]!;
	const inside = await fetch(`${app.url}/organizer`, { headers: { Cookie: `organizer=${cookie}` } });
	expect(inside.status).toBe(200);
	const ownPage = await fetch(app.url + paths.organizer.own(), {
		headers: { Cookie: `organizer=${cookie}` },
	});
	const feedToken = /\/calendriers\/([^/"]+)\/seances\.ics/.exec(await ownPage.text())![1]!;
	expect((await fetch(app.url + paths.organizerCalendar(feedToken))).status).toBe(200);
	// An owner makes a token for other software, which reads with it, and shows it in places where it does not belong.
	const asOwner = { Cookie: `organizer=${cookie}` };
	const made = await post(paths.organizer.apiTokens(), { id: newId(), name: "Site web" }, asOwner);
	const apiToken = /pres_[\w-]{43}/.exec(await made.text())![0];
	const read = (path: string) => fetch(app.url + path, { headers: { Authorization: `Bearer ${apiToken}` } });
	const list = await read(paths.api.registrations(session.id));
	expect(await list.text()).toContain(email);
	expect((await read(paths.api.session(apiToken))).status).toBe(404);
	await sql`alter table meeting rename to rencontre`.execute(database.db);
	expect((await read(paths.api.sessions({ after: apiToken }))).status).toBe(400);
	expect((await read(`${paths.api.sessions()}?token=${apiToken}`)).status).toBe(500);
	await sql`alter table rencontre rename to meeting`.execute(database.db);
	// Errors too: their paths hold a token, and what Postgres says of them a row.
	await sql`alter table interest add constraint canary check (email is null) not valid`.execute(database.db);
	expect((await post(paths.interest("fr"), { email: "canari@exemple.ca", consent: "on" })).status).toBe(500);
	const stopped = await post(paths.unsubscribe(preferencesToken), {});
	expect(stopped.status).toBe(500);
	expect((await fetch(`${app.url}/ma-place/${manageToken}%ff`)).status).toBe(404);
	expect((await fetch(`${app.url}/unsubscribe/${preferencesToken}%0d%0a`)).status).toBe(404);
	await sql`alter table interest drop constraint canary`.execute(database.db);
	// The mail is marked, and its secrets erased, right after it left.
	await expect
		.poll(async () =>
			(await database.db.selectFrom("email").select("status").execute()).map(({ status }) => status),
		)
		.toEqual(["sent", "sent", "sent", "sent"]);

	const signature = (token: string) => token.split(".").at(-1)!;
	const secrets = {
		key: signature(key),
		bookingToken: signature(bookingToken),
		manageToken: signature(manageToken),
		groupToken: signature(groupToken),
		calendarToken: signature(calendarToken),
		preferencesToken: signature(preferencesToken),
		feedToken: signature(feedToken),
		linkToken,
		cookie,
		apiToken,
		secret,
		metricsToken,
	};
	await expect.poll(() => app.output().match(/"event":"request.failed".*"code":"23514"/g)).toHaveLength(2);
	await app.stop();
	// The console's own link is meant to be read there, once.
	const log = app.output();
	expect(log).toContain("/ma-place/…");
	const lines = log.split("\n").filter((line) => line.trim() && !line.startsWith("  "));
	for (const line of lines) expect(() => JSON.parse(line), line).not.toThrow();
	expect(new RegExp(`\\b${code}\\b`).test(log), "the code in the log").toBe(false);
	for (const [what, value] of Object.entries(secrets))
		expect(log.includes(value), `${what} in the log`).toBe(false);
	for (const personal of [name, "Delorme", email, ...Object.values(colleague)])
		expect(log).not.toContain(personal);

	const { rows: tables } = await sql<{ name: string }>`
		select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
	`.execute(database.db);
	expect(tables.length).toBeGreaterThan(15);
	for (const table of tables) {
		const { rows } = await sql<{
			row: string;
		}>`select t::text as row from ${sql.table(table.name)} t`.execute(database.db);
		const all = rows.map(({ row }) => row).join("\n");
		for (const [what, value] of Object.entries(secrets))
			expect(all.includes(value), `${what} in ${table.name}`).toBe(false);
		// A code is short: as a word of its own only.
		expect(
			new RegExp(`\\b${code}\\b`).test(all.replaceAll(/[0-9a-f-]{36}/g, "")),
			`the code in ${table.name}`,
		).toBe(false);
	}
});
