import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiLimits, apiPageSize } from "#app/http/api.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { revokeApiToken } from "#app/use-cases/api-tokens.server.ts";
import { archiveWorkshop } from "#app/use-cases/archive-workshop.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { saveAnswers } from "#app/use-cases/save-answers.server.ts";
import { newId } from "#db/id.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aSignUp,
	givenApiToken,
	givenOrganizer,
	givenOrganizerCookie,
	givenQuestion,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWebhook,
	origin,
} from "#tests/fixtures.ts";
import { problemsOfPage } from "#tests/html-rules.ts";
import { routes } from "#tests/routes.ts";
import { addressOf, givenOneOfEach, type Named } from "./one-of-each.ts";
import { formsOf } from "./read-page.ts";
import { stored } from "./stored.ts";

/* What other software reads, and the page on which an owner lets it. */
const dayMs = 24 * 3600_000;
const words = fr.organizer.apiTokens;

let database: TestDatabase;
let app: RunningApp;
let ownerId: string;
let cookie: string;
let token: string;
let named: Named;
let clients = 0;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	({ id: ownerId } = await givenOrganizer(db, { role: "owner" }));
	cookie = await givenOrganizerCookie(db, ownerId);
	token = await givenApiToken(db, ownerId);
	named = await givenOneOfEach(db);
	app = await startApp({ DATABASE_URL: database.url, TRUST_PROXY_HOPS: "1" });
});
afterAll(async () => {
	await app.stop();
	await database.drop();
});

function inDays(days: number): string {
	return new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);
}

function aClient(): string {
	clients += 1;
	return `198.51.100.${clients}`;
}

type Asked = { authorization?: string; method?: string; headers?: Record<string, string>; body?: string };

async function ask(address: string, asked: Asked = {}) {
	const { authorization = `Bearer ${token}`, method = "GET", body } = asked;
	const headers = { ...(authorization && { Authorization: authorization }), ...asked.headers };
	const answer = await fetch(new URL(address, app.url), { method, headers, body, redirect: "manual" });
	const text = await answer.text();
	return { status: answer.status, headers: answer.headers, body: text === "" ? null : JSON.parse(text) };
}

/** Every page from this address on, as it is read by following `next`. */
async function readAll(address: string, afterFirst?: () => Promise<void>) {
	const data: { id: string }[] = [];
	const sizes: number[] = [];
	for (let next: string | null = address; next; ) {
		const { status, body } = await ask(next);
		expect(status).toBe(200);
		data.push(...body.data);
		sizes.push(body.data.length);
		next = body.next;
		if (sizes.length === 1) await afterFirst?.();
	}
	return { data, sizes };
}

async function readingsOf(sessionId: string) {
	const rows = await database.db
		.selectFrom("audit")
		.select(["action", "actor", "data"])
		.where("sessionId", "=", sessionId)
		.where("action", "=", "api.read")
		.execute();
	return rows;
}

const apiRoutes = routes.filter(({ path }) => path.startsWith("api/"));

test("the addresses of the API are all here", () => {
	expect(apiRoutes.map(({ path }) => path)).toEqual([
		paths.api.sessions().slice(1),
		paths.api.session(":sessionId").slice(1),
		paths.api.registrations(":sessionId").slice(1),
		paths.api.registration(":registrationId").slice(1),
	]);
});

test("docs/api.md names every address, and the limits in force", () => {
	const docs = readFileSync("docs/api.md", "utf8");
	for (const { path } of apiRoutes) expect(docs).toContain(`| \`/${path}\` |`);
	for (const limit of [apiPageSize, apiLimits.perMinute, apiLimits.refusedPerHour])
		expect(docs).toMatch(new RegExp(`(at most|more than) ${limit} `));
});

test.each(apiRoutes)("$path answers a token in force alone, in a header alone", async ({ path }) => {
	const { db } = database;
	const address = addressOf(path, named);
	expect((await ask(address)).status).toBe(200);
	expect((await ask(address, { authorization: `bearer ${token}` })).status).toBe(200);
	const revoked = await givenApiToken(db, ownerId);
	const { id } = await db
		.selectFrom("apiToken")
		.select("id")
		.orderBy("id", "desc")
		.limit(1)
		.executeTakeFirstOrThrow();
	expect((await ask(address, { authorization: `Bearer ${revoked}` })).status).toBe(200);
	await revokeApiToken(db, id, ownerId, new Date());
	const { tokenHash } = await db
		.selectFrom("apiToken")
		.select("tokenHash")
		.limit(1)
		.executeTakeFirstOrThrow();
	const before = await stored(db);
	const strangers: Asked[] = [
		{ authorization: "" },
		{ authorization: "", headers: { Cookie: cookie } },
		{ authorization: `Bearer ${revoked}` },
		{ authorization: `Bearer ${token}x` },
		{ authorization: `Bearer ${token.slice(0, -1)}` },
		{ authorization: `Bearer ${tokenHash}` },
		{ authorization: `Basic ${Buffer.from(`x:${token}`).toString("base64")}` },
		{ authorization: token },
		{ authorization: "Bearer " },
	];
	for (const asked of strangers) {
		const { status, headers, body } = await ask(address, asked);
		expect(status, JSON.stringify(asked)).toBe(401);
		expect(headers.get("WWW-Authenticate")).toMatch(asked.authorization ? /^Bearer error=/ : /^Bearer$/);
		expect(headers.get("Content-Type")).toBe("application/problem+json");
		expect(headers.get("Cache-Control")).toBe("no-store");
		expect(body).toMatchObject({ type: "about:blank", title: "Unauthorized", status: 401 });
	}
	expect((await ask(`${address}?token=${token}&access_token=${token}`, { authorization: "" })).status).toBe(
		401,
	);
	expect(await stored(db)).toEqual(before);
});

test.each(apiRoutes)("$path is read and never written to, by no page of another site", async ({ path }) => {
	const address = addressOf(path, named);
	const methods = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
	for (const method of methods) {
		const { status, headers, body } = await ask(address, {
			method,
			headers: { Cookie: cookie, Origin: app.url, "Sec-Fetch-Site": "same-origin" },
			body: method === "OPTIONS" ? undefined : "a=b",
		});
		expect([method, status, headers.get("Allow")]).toEqual([method, 405, "GET, HEAD"]);
		expect(body).toMatchObject({ title: "Method Not Allowed", status: 405 });
	}
	const read = await ask(address, { headers: { Origin: "https://mal.example" } });
	expect(read.headers.get("Content-Type")).toMatch(/^application\/json/);
	expect(read.headers.get("Cache-Control")).toBe("no-store");
	expect(read.headers.get("Access-Control-Allow-Origin")).toBeNull();
	expect(read.headers.get("Set-Cookie")).toBeNull();
	expect(read.headers.get("X-Content-Type-Options")).toBe("nosniff");
	const head = await ask(address, { method: "HEAD" });
	expect([head.status, head.body]).toEqual([200, null]);
	expect((await fetch(`${app.url}${address}.data`, { headers: { Cookie: cookie } })).status).toBe(404);
});

test("what is not there, and what cannot be asked for, is refused as a problem", async () => {
	const { sessionId, registrationId } = named;
	const refusals: [address: string, status: number][] = [
		[paths.api.session(newId()), 404],
		[paths.api.session("x"), 404],
		[paths.api.registrations(newId()), 404],
		[paths.api.registration(newId()), 404],
		[paths.api.registration("x"), 404],
		[paths.api.session(registrationId!), 404],
		["/api", 404],
		["/api/v1", 404],
		["/api/v2/sessions", 404],
		["/api/v1/sessions/%00", 404],
		[paths.api.registrations(sessionId!, "x"), 400],
		[`${paths.api.registrations(sessionId!)}?after=`, 400],
		[paths.api.sessions({ after: "x" }), 400],
		[paths.api.sessions({ after: `99999999999999999_${sessionId}` }), 400],
		[paths.api.sessions({ after: `1_${sessionId}_` }), 400],
		[paths.api.sessions({ from: "2026-02-30" }), 400],
		[paths.api.sessions({ from: "hier" }), 400],
		[`${paths.api.sessions()}?from=`, 400],
	];
	for (const [address, status] of refusals) {
		const answer = await ask(address);
		expect([answer.status, answer.headers.get("Content-Type")], address).toEqual([
			status,
			"application/problem+json",
		]);
		expect(answer.body.status).toBe(status);
	}
	for (const from of ["0000-01-01", "9999-12-31"])
		expect((await ask(paths.api.sessions({ from }))).status, from).toBe(200);
	const last = `9999999999999_${sessionId}`;
	expect((await ask(paths.api.sessions({ after: last }))).body).toEqual({ data: [], next: null });
});

test("the dates from today on come in order, page by page; what is not published is not there", async () => {
	const { db } = database;
	const day = 400;
	const expected: string[] = [];
	for (let n = 0; n < apiPageSize + 20; n += 1)
		expected.push(await givenSession(db, { meetings: [aMeeting(inDays(day + Math.floor(n / 3)))] }));
	const draft = await givenSession(db, { meetings: [aMeeting(inDays(day))], published: false });
	const hidden = await givenSession(db, { meetings: [aMeeting(inDays(day))] });
	await sql`update workshop set published_at = null where id = (select workshop_id from session where id = ${hidden})`.execute(
		db,
	);
	const cancelled = expected[5]!;
	await db.updateTable("session").set({ cancelledAt: new Date() }).where("id", "=", cancelled).execute();
	const past = await givenSession(db, { meetings: [aMeeting(inDays(30))] });
	const times = { startsAt: new Date("2025-03-03T14:00:00Z"), endsAt: new Date("2025-03-03T20:00:00Z") };
	await db.updateTable("session").set(times).where("id", "=", past).execute();
	for (const id of [draft, hidden]) {
		expect((await ask(paths.api.session(id))).status).toBe(404);
		expect((await ask(paths.api.registrations(id))).status).toBe(404);
	}
	expect((await ask(paths.api.session(cancelled))).body.state).toBe("cancelled");

	const { data, sizes } = await readAll(paths.api.sessions({ from: inDays(day - 2) }));
	expect(sizes).toEqual([apiPageSize, 20]);
	expect(data.map(({ id }) => id)).toEqual(expected);
	const upcoming = (await readAll(paths.api.sessions())).data.map(({ id }) => id);
	expect(upcoming).toEqual(expect.arrayContaining([named.sessionId, ...expected]));
	expect(upcoming).not.toContain(past);
	const since = (await readAll(paths.api.sessions({ from: "2025-03-03" }))).data.map(({ id }) => id);
	expect(since[0]).toBe(past);
	expect((await readAll(paths.api.sessions({ from: "2025-03-04" }))).data[0]!.id).not.toBe(past);
	const [first] = (await ask(paths.api.sessions({ from: inDays(day - 2) }))).body.data;
	expect((await ask(paths.api.session(expected[0]!))).body).toEqual(first);
	expect(first.url.fr).toMatch(`${app.url}/ateliers/`);
});

test("a date of a workshop that was put away keeps its people, takes nobody more, and has no page to share", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { meetings: [aMeeting(inDays(60))] });
	await givenRegistration(db, sessionId);
	const { workshopId } = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const before = (await ask(paths.api.session(sessionId))).body;
	expect((await fetch(before.url.fr)).status).toBe(200);
	await archiveWorkshop(db, workshopId, true, ownerId, new Date());
	await expect.poll(async () => (await fetch(before.url.fr)).status).toBe(404);
	const nowhere = { fr: null, en: null };
	const after = {
		...before,
		state: "closed",
		url: nowhere,
		workshop: { ...before.workshop, url: nowhere },
	};
	expect((await ask(paths.api.session(sessionId))).body).toEqual(after);
	const listed = (await readAll(paths.api.sessions())).data;
	expect(listed.find(({ id }) => id === sessionId)).toEqual(after);
	expect((await ask(paths.api.registrations(sessionId))).body.data).toHaveLength(1);
	await db.updateTable("session").set({ cancelledAt: new Date() }).where("id", "=", sessionId).execute();
	expect((await ask(paths.api.session(sessionId))).body.state).toBe("cancelled");
});

test("everybody on a list is read once, in order, while others sign up", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { capacity: 5000, meetings: [aMeeting(inDays(40))] });
	const people = await givenRegistrations(db, sessionId, Array(2 * apiPageSize + 50).fill({}));
	await givenRegistration(db, await givenSession(db));
	const again = aSignUp(sessionId, { email: people[0]!.email! });
	await registerTogether(db, origin, [again], new Date());
	const late: string[] = [];
	const { data, sizes } = await readAll(paths.api.registrations(sessionId), async () => {
		late.push(...(await givenRegistrations(db, sessionId, [{}, {}])).map(({ id }) => id));
		await db
			.updateTable("registration")
			.set({ name: "Aaron", sortName: "Aaron" })
			.where("id", "=", people.at(-1)!.id)
			.execute();
	});
	const ids = people.map(({ id }) => id).sort();
	expect(data.map(({ id }) => id)).toEqual([...ids, ...late.sort()]);
	expect(sizes).toEqual([apiPageSize, apiPageSize, 52]);
	const one = (await ask(paths.api.registration(ids[0]!))).body;
	expect(one).toEqual(data[0]);
	const repeated = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where("status", "=", "repeated")
		.executeTakeFirstOrThrow();
	expect((await ask(paths.api.registration(repeated.id))).status).toBe(404);
});

test("what a group owes is said once, with what each person answered", async () => {
	const { db } = database;
	await db.updateTable("firm").set({ gstNumber: "123456789 RT0001", qstNumber: "" }).execute();
	const sessionId = await givenSession(db, { priceCents: 10_000, meetings: [aMeeting(inDays(40))] });
	const group = { ...aGroup(sessionId, 3), poNumber: "PO-7" };
	await registerTogether(db, origin, [group], new Date());
	const { workshopId } = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const questionId = await givenQuestion(db, workshopId, { labelFr: "Métier?", labelEn: "" });
	const second = (await readAll(paths.api.registrations(sessionId))).data[1]!.id;
	await saveAnswers(db, second, [{ questionId, value: "Menuisière" }], new Date());
	const read = (await ask(paths.api.registrations(sessionId))).body.data;
	const due = { subtotal_cents: 30_000, gst_cents: 1500, qst_cents: null, total_cents: 31_500 };
	expect(read.map((one: { to_invoice: unknown }) => one.to_invoice)).toEqual([due, null, null]);
	expect(read[1]).toMatchObject({
		po_number: "PO-7",
		price_cents: 10_000,
		position: 2,
		answers: [
			{
				question_id: questionId,
				question: { fr: "Métier?", en: null },
				value: "Menuisière",
				text: { fr: "Menuisière", en: "Menuisière" },
			},
		],
	});
	expect(read[0].answers).toEqual([]);
});

test("the log says once a day which token read whose places, and nothing when only dates were read", async () => {
	const { db } = database;
	const sessionId = await givenSession(db, { capacity: 500, meetings: [aMeeting(inDays(50))] });
	const people = await givenRegistrations(db, sessionId, [{}, {}]);
	await ask(paths.api.sessions());
	await ask(paths.api.session(sessionId));
	expect(await readingsOf(sessionId)).toEqual([]);
	const addresses = [paths.api.registrations(sessionId), paths.api.registration(people[0]!.id)];
	await Promise.all([...addresses, ...addresses, ...addresses].map((address) => ask(address)));
	const other = await givenApiToken(db, ownerId, "Facturation");
	await ask(addresses[1]!, { authorization: `Bearer ${other}` });
	const readings = await readingsOf(sessionId);
	expect(readings.map(({ actor, action }) => [actor, action])).toEqual([
		["system", "api.read"],
		["system", "api.read"],
	]);
	const { html } = await open(`${paths.organizer.audit()}?seance=${sessionId}`);
	for (const name of ["Site web", "Facturation"])
		expect(html).toContain(
			`<b>${fr.organizer.audit.token(name)}</b> ${fr.organizer.audit.actions["api.read"]}`,
		);
});

test("that a token is used is noted by the hour", async () => {
	const { db } = database;
	const own = await givenApiToken(db, ownerId, "Horloge");
	const usedAt = async () =>
		(
			await db
				.selectFrom("apiToken")
				.select("lastUsedAt")
				.where("name", "=", "Horloge")
				.executeTakeFirstOrThrow()
		).lastUsedAt;
	const use = () => ask(paths.api.sessions(), { authorization: `Bearer ${own}` });
	expect(await usedAt()).toBeNull();
	await use();
	const first = (await usedAt())!;
	expect(Date.now() - first.getTime()).toBeLessThan(10_000);
	await use();
	expect(await usedAt()).toEqual(first);
	const hourAgo = new Date(Date.now() - 3601_000);
	await db.updateTable("apiToken").set({ lastUsedAt: hourAgo }).where("name", "=", "Horloge").execute();
	await use();
	expect((await usedAt())!.getTime()).toBeGreaterThan(hourAgo.getTime());
});

test("a token that asks too much, and a place that is wrong too often, are told when to come back", async () => {
	const left = 60_000 - (Date.now() % 60_000);
	if (left < 10_000) await new Promise((resolve) => setTimeout(resolve, left));
	const own = await givenApiToken(database.db, ownerId);
	const use = () => ask(paths.api.session(named.sessionId!), { authorization: `Bearer ${own}` });
	await Promise.all(Array.from({ length: apiLimits.perMinute }, use));
	const refused = await use();
	expect(refused.status).toBe(429);
	expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
	expect(refused.body).toMatchObject({ title: "Too Many Requests", status: 429 });
	expect((await ask(paths.api.session(named.sessionId!))).status).toBe(200);

	const from = (client: string, authorization: string) =>
		ask(paths.api.sessions(), { authorization, headers: { "X-Forwarded-For": client } });
	const client = aClient();
	const wrong = `Bearer pres_${"x".repeat(43)}`;
	const tries = await Promise.all(
		Array.from({ length: apiLimits.refusedPerHour }, () => from(client, wrong)),
	);
	expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([401]));
	expect((await from(client, wrong)).status).toBe(429);
	expect((await from(aClient(), wrong)).status).toBe(401);
	expect((await from(client, `Bearer ${token}`)).status).toBe(200);
});

test("a database that is not as expected is said in JSON, without what it said", async () => {
	const { db } = database;
	await sql`alter table meeting rename to rencontre`.execute(db);
	const { status, headers, body } = await ask(paths.api.sessions());
	await sql`alter table rencontre rename to meeting`.execute(db);
	expect([status, headers.get("Content-Type")]).toEqual([500, "application/problem+json"]);
	expect(body).toEqual({ type: "about:blank", title: "Internal Server Error", status: 500 });
});

async function open(address: string, Cookie = cookie) {
	const answer = await fetch(app.url + address, { headers: { Cookie }, redirect: "manual" });
	const html = (await answer.text()).replaceAll("<!-- -->", "");
	return { status: answer.status, headers: answer.headers, html };
}

async function send(fields: Record<string, string>, headers: Record<string, string> = {}) {
	const answer = await fetch(app.url + paths.organizer.apiTokens(), {
		method: "POST",
		headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin", ...headers },
		body: new URLSearchParams(fields),
		redirect: "manual",
	});
	const { status } = answer;
	return { status, headers: answer.headers, html: await answer.text() };
}

async function newForm(name: string): Promise<Record<string, string>> {
	const { html } = await open(paths.organizer.apiTokens());
	const form = formsOf(html, paths.organizer.apiTokens(), app.url).find(({ fields }) =>
		fields.some((field) => field.name === "name"),
	)!;
	return { id: form.fields.find((field) => field.name === "id")!.value, name };
}

test("an owner makes a token, which is shown once, works at once, and is revoked", async () => {
	const form = await newForm("Tableur <b>");
	const made = await send(form);
	expect(made.status).toBe(200);
	expect(made.headers.get("Cache-Control")).toContain("no-store");
	expect(problemsOfPage(made.html)).toEqual([]);
	const [shown] = /pres_[\w-]{43}/.exec(made.html)!;
	expect(made.html).toContain(
		`curl -H &quot;Authorization: Bearer ${shown}&quot; ${app.url}/api/v1/sessions`,
	);
	expect(made.html).toContain("Tableur &lt;b&gt;");
	expect((await ask(paths.api.sessions(), { authorization: `Bearer ${shown}` })).status).toBe(200);
	const later = await open(paths.organizer.apiTokens());
	expect(later.html).not.toContain("pres_");
	expect(later.html).toContain(words.revokeOf("Tableur &lt;b&gt;"));

	const again = await send(form);
	expect(again.status).toBe(409);
	expect(again.html).toContain(words.errors.made);
	expect(again.html).not.toContain("pres_");
	const { id } = form;
	const asked = await open(paths.organizer.apiTokens(id));
	expect(asked.html).toContain(words.revokeLede);
	expect(problemsOfPage(asked.html)).toEqual([]);
	expect((await ask(paths.api.sessions(), { authorization: `Bearer ${shown}` })).status).toBe(200);
	const revoked = await send({ revoke: id! });
	expect([revoked.status, revoked.headers.get("Location")]).toEqual([
		303,
		`${paths.organizer.apiTokens()}?revoque`,
	]);
	expect((await ask(paths.api.sessions(), { authorization: `Bearer ${shown}` })).status).toBe(401);
	expect((await send({ revoke: id! })).status).toBe(303);
	expect((await open(paths.organizer.apiTokens(id))).html).not.toContain(words.revokeLede);
	expect((await open(paths.organizer.apiTokens())).html).not.toContain("Tableur");
	const told = await database.db
		.selectFrom("audit")
		.select(["action", "organizerId"])
		.where(sql<boolean>`data->>'token' = ${id!}`)
		.orderBy("id")
		.execute();
	expect(told).toEqual([
		{ action: "api-token.created", organizerId: ownerId },
		{ action: "api-token.revoked", organizerId: ownerId },
	]);
	const log = await open(paths.organizer.audit());
	expect(log.html).toContain(`${fr.organizer.audit.actions["api-token.revoked"]} · Tableur &lt;b&gt;`);
});

test("a name is asked for, and what was typed is kept", async () => {
	const nameless = await send(await newForm("  "));
	expect(nameless.status).toBe(400);
	expect(nameless.html).toContain(words.errors.name);
	expect(problemsOfPage(nameless.html)).toEqual([]);
	const long = await send(await newForm("x".repeat(81)));
	expect([long.status, long.html.includes("x".repeat(81))]).toEqual([400, true]);
	expect((await send({ name: "Sans formulaire" })).status).toBe(404);
	expect((await send({ name: "x", id: newId() }, { "Sec-Fetch-Site": "cross-site" })).status).toBe(403);
});

test("who is no owner neither sees the tokens nor makes one, and is led to what is theirs", async () => {
	const { db } = database;
	const { id } = await givenOrganizer(db);
	const theirs = await givenOrganizerCookie(db, id);
	expect((await open(paths.organizer.apiTokens(), theirs)).status).toBe(403);
	const before = await stored(db);
	expect((await send({ id: newId(), name: "Site" }, { Cookie: theirs })).status).toBe(403);
	expect(await stored(db)).toEqual(before);
	const { html } = await open(paths.organizer.integrations(), theirs);
	expect(html).toContain(`href="${paths.organizer.embed()}"`);
	expect(html).not.toContain(paths.organizer.apiTokens());
	expect((await open(paths.organizer.integrations())).html).toContain(
		`href="${paths.organizer.apiTokens()}"`,
	);
});

test("the list of tokens says of which year a use is: they live for years", async () => {
	const { db } = database;
	await givenApiToken(db, ownerId, "Vieux tableur");
	const times = {
		createdAt: new Date("2023-03-01T15:00:00Z"),
		lastUsedAt: new Date("2024-11-20T15:46:00Z"),
	};
	await db.updateTable("apiToken").set(times).where("name", "=", "Vieux tableur").execute();
	const { html } = await open(paths.organizer.apiTokens());
	expect(html).toContain("1er mars 2023, 10 h");
	expect(html).toContain("20 nov. 2024, 10 h 46");
});

test("of a token whose maker has left, owners are told", async () => {
	const { db } = database;
	const { id } = await givenOrganizer(db, { role: "owner", name: "Ancienne Propriétaire" });
	await givenApiToken(db, id, "Vieux lien");
	expect((await open(paths.organizer.apiTokens())).html).not.toContain(words.makerLeft);
	await db.updateTable("organizer").set({ revokedAt: new Date() }).where("id", "=", id).execute();
	expect((await open(paths.organizer.apiTokens())).html).toContain(words.makerLeft);
});

test("while software can read who signed up, the privacy page says so", async () => {
	const { db } = database;
	const page = async () => (await open(paths.privacy("fr"), "")).html;
	expect(await page()).toContain(fr.privacy.whoSoftware);
	await db.updateTable("webhook").set({ endedAt: new Date(), url: "" }).execute();
	expect(await page()).toContain(fr.privacy.whoSoftware);
	await db.updateTable("apiToken").set({ revokedAt: new Date() }).execute();
	expect(await page()).not.toContain(fr.privacy.whoSoftware);
	await givenWebhook(db, ownerId);
	expect(await page()).toContain(fr.privacy.whoSoftware);
});
