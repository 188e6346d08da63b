import { afterAll, beforeAll, expect, test } from "vitest";
import { readConfig } from "#app/config.server.ts";
import { type Purpose, signToken } from "#app/domain/token.server.ts";
import { isApi } from "#app/http/api.server.ts";
import type { Metrics } from "#app/http/metrics.server.ts";
import { createSite, type SiteContext } from "#app/http/site.server.ts";
import { paths } from "#app/paths.ts";
import { newId } from "#db/id.ts";
import { recordInterest } from "#db/queries/interest.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenAttestation, givenOrganizer, givenRegistration, givenSession } from "#tests/fixtures.ts";
import { routes as allRoutes, type Route } from "#tests/routes.ts";
import { purposeOf } from "./filled-site.ts";
import { stored } from "./stored.ts";

/*
 * Every public address against every visitor: who holds its token, who changed a letter of it, who holds another's or one
 * made for something else. The addresses are those of remix.config.js, so that a new one is tried before it is thought of.
 */
const secret = "a-secret-that-only-these-visitors-may-know";

const routes = allRoutes.filter(({ path }) => !path.startsWith("organizer") && path !== "*");
const withToken = routes.filter(({ path }) => path.includes(":token"));

let database: TestDatabase;
let app: RunningApp;
const params: Record<string, string> = { status: "404" };
type Tokens = Record<Purpose, string>;
/** The genuine tokens of Canari Delorme, by purpose: each opens its own addresses and no other. */
let genuine: Tokens;
/** For each purpose, what is no token of it: genuine ones of other purposes, and those changed, outdated or of another site. */
let forged: Record<Purpose, string[]>;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	params.sessionId = await givenSession(db, { capacity: 5 });
	const own = await givenPerson("Canari Delorme");
	await givenAttestation(db, own.manage.id);
	const other = await givenPerson("Perruche Savard");
	genuine = tokensOf(own);
	const others = tokensOf(other);
	const purposes = Object.keys(genuine) as Purpose[];
	const forgeriesOf = (purpose: Purpose) => {
		const [id, signature] = genuine[purpose].split(".") as [string, string];
		const { version } = own[purpose];
		return [
			"x",
			...purposes.filter((one) => one !== purpose).map((one) => genuine[one]),
			`${id}.${signature.slice(0, -1)}${signature.endsWith("A") ? "B" : "A"}`,
			`${others[purpose].split(".")[0]}.${signature}`,
			`${id}.${others[purpose].split(".")[1]}`,
			`${newId()}.${signature}`,
			...purposes.filter((one) => one !== purpose).map((one) => signToken(secret, one, id, version)),
			signToken(secret, purpose, id, version + 1),
			signToken("another-secret-that-is-not-of-this-site", purpose, id, version),
			id,
		];
	};
	forged = Object.fromEntries(purposes.map((purpose) => [purpose, forgeriesOf(purpose)])) as typeof forged;
	const { slugFr, slugEn } = await db
		.selectFrom("workshop")
		.select(["slugFr", "slugEn"])
		.executeTakeFirstOrThrow();
	params.slug = slugFr;
	params.slugEn = slugEn;
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

type Subject = { id: string; version: number };

/** Somebody with a seat, who got an email, and an organizer: what each purpose's token is about. */
async function givenPerson(name: string): Promise<Record<Purpose, Subject>> {
	const { db } = database;
	const registration = await givenRegistration(db, params.sessionId!, { name });
	const organizer = await givenOrganizer(db);
	const email = await db
		.selectFrom("email")
		.select("id")
		.where("registrationId", "=", registration.id)
		.executeTakeFirstOrThrow();
	const place = { id: registration.id, version: registration.tokenVersion };
	const booking = { id: registration.bookingId, version: 1 };
	return {
		manage: place,
		calendar: place,
		"check-in": place,
		booking,
		group: booking,
		form: booking,
		preferences: { id: email.id, version: 1 },
		"organizer-calendar": { id: organizer.id, version: organizer.calendarVersion },
	};
}

function tokensOf(subjects: Record<Purpose, Subject>): Tokens {
	const signed = Object.entries(subjects).map(([purpose, { id, version }]) => [
		purpose,
		signToken(secret, purpose as Purpose, id, version),
	]);
	return Object.fromEntries(signed);
}

/** Canari Delorme asks for announcements, unless they get them already. */
async function givenInterest(): Promise<void> {
	const { db } = database;
	const { toAddress } = await db
		.selectFrom("email")
		.select("toAddress")
		.where("id", "=", genuine.preferences.split(".")[0]!)
		.executeTakeFirstOrThrow();
	const announcement = { email: toAddress, locale: "fr", wording: "Oui", source: "news" } as const;
	await recordInterest(db, [announcement], new Date());
}

function addressOf({ id, path }: Route, token = ""): string {
	const slug = id.startsWith("en/") ? params.slugEn : params.slug;
	const values: Record<string, string | undefined> = { ...params, slug, token };
	const filled = path.replaceAll(/:(\w+)/g, (_, name) => values[name] ?? newId());
	return `${app.url}/${filled}`;
}

function ask(address: string, init: RequestInit = {}) {
	return fetch(address, { redirect: "manual", ...init });
}

function send(address: string, headers: Record<string, string>, body = "") {
	return ask(address, {
		method: "POST",
		body,
		headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
	});
}

const sameOrigin = { "Sec-Fetch-Site": "same-origin" };

test("there are addresses to try, with a token and without", () => {
	expect(withToken.length).toBeGreaterThanOrEqual(14);
	expect(routes.length - withToken.length).toBeGreaterThanOrEqual(16);
});

test.each(withToken)("$path opens to the token that was made for it, and to no other", async (route) => {
	await givenInterest();
	const before = await stored(database.db);
	const purpose = purposeOf(route.path)!;
	const opened = await ask(addressOf(route, genuine[purpose]));
	expect(opened.status).toBeLessThan(400);
	await opened.arrayBuffer();
	for (const token of forged[purpose]) {
		const refused = await ask(addressOf(route, token));
		expect(refused.status, token).toBe(404);
		expect(await refused.text()).not.toMatch(/Delorme|Savard/);
		const notDone = await send(addressOf(route, token), sameOrigin, forgedForm());
		expect([404, 405], `POST ${token}`).toContain(notDone.status);
	}
	expect(await stored(database.db)).toEqual(before);
});

/** What would end the place of whoever the tokens are about, on each of the pages that a token opens. */
function forgedForm(): string {
	const person = genuine.manage.split(".")[0]!;
	return `intent=cancel&confirm=yes&person=${person}&name=Autre&email=autre@exemple.ca`;
}

test.each(routes)("$path: a GET, which mail scanners follow, changes nothing", async (route) => {
	await givenInterest();
	const before = await stored(database.db);
	for (const token of route.path.includes(":token") ? Object.values(genuine) : [""]) {
		await (await ask(`${addressOf(route, token)}?${forgedForm()}`)).arrayBuffer();
		await (await ask(addressOf(route, token), { method: "HEAD" })).arrayBuffer();
	}
	expect(await stored(database.db)).toEqual(before);
});

/** What stands before Remix, and so in no list of it. */
const outside = [
	"GET /.well-known/security.txt",
	"GET /health",
	"GET /metrics",
	"GET /unsubscribe/:token",
	"POST /mail/bounces",
	"POST /unsubscribe/:token",
];

test("the addresses that are not Remix's are known", () => {
	const context = { config: readConfig({ METRICS_TOKEN: "a-token-of-nobody" }) } as SiteContext;
	const site = createSite(context, () => Promise.reject(), {} as Metrics);
	const own = site.routes.filter(({ path }) => !path.includes("*"));
	expect([...new Set(own.map(({ method, path }) => `${method} ${path}`))].sort()).toEqual(outside);
});

test("one click unsubscribes with an email's own token, wherever it comes from, and with no other", async () => {
	const { db } = database;
	await givenInterest();
	const stillWanted = async () =>
		(await db.selectFrom("interest").select("id").where("endedAt", "is", null).execute()).length;
	const unsubscribe = (token: string) => app.url + paths.unsubscribe(token);

	for (const token of forged.preferences) {
		expect((await send(unsubscribe(token), {})).status, token).toBe(404);
	}
	for (const method of ["GET", "HEAD"]) {
		const looked = await ask(unsubscribe(genuine.preferences), { method });
		expect([looked.status, looked.headers.get("Location")]).toEqual([
			302,
			paths.preferences("fr", genuine.preferences),
		]);
	}
	expect(await stillWanted()).toBe(1);
	expect((await send(unsubscribe(genuine.preferences), { "Sec-Fetch-Site": "cross-site" })).status).toBe(204);
	expect(await stillWanted()).toBe(0);
});

test("a site that told nobody how to report bounces or to read its figures opens these to nobody", async () => {
	for (const Authorization of [
		"",
		"Bearer",
		"Bearer ",
		"Bearer null",
		"Bearer undefined",
		`Bearer ${secret}`,
	]) {
		expect((await send(app.url + paths.bounces(), { Authorization }, "x")).status, Authorization).toBe(401);
		const figures = await ask(`${app.url}/metrics`, { headers: { Authorization } });
		expect(figures.status, Authorization).toBe(404);
	}
	const health = await (await ask(app.url + paths.health())).text();
	expect(health).not.toMatch(/@|Delorme|Savard/);
});

test.each(withToken)("$path is kept by nobody and indexed by nobody", async (route) => {
	for (const token of Object.values(genuine)) {
		const answer = await ask(addressOf(route, token));
		const text = await answer.text();
		if (answer.status !== 200) continue;
		// A calendar that was subscribed to is kept by its subscriber, who asks each time whether it is still the same.
		const isFeed = /(ateliers|workshops|seances)\.ics$/.test(route.path);
		expect(answer.headers.get("Cache-Control")).toContain(isFeed ? "private, no-cache" : "no-store");
		if (answer.headers.get("Content-Type")?.includes("html")) expect(text).toContain('content="noindex"');
	}
});

test.each(routes)("$path: what is sent from elsewhere is refused, whoever sends it", async (route) => {
	await givenInterest();
	const before = await stored(database.db);
	const purpose = purposeOf(route.path);
	const address = addressOf(route, purpose && genuine[purpose]);
	for (const headers of [
		{},
		{ Origin: "https://mal.example" },
		{ Origin: "null" },
		{ Origin: `${app.url}.mal.example` },
		{ "Sec-Fetch-Site": "cross-site" },
		{ "Sec-Fetch-Site": "same-site" },
		{ "Sec-Fetch-Site": "none" },
		{ "Sec-Fetch-Site": "cross-site", Origin: app.url },
		{ Origin: "https://mal.example", "X-Forwarded-Host": "mal.example", Host: "mal.example" },
	]) {
		const answer = await send(address, headers as Record<string, string>, forgedForm());
		expect(answer.status, JSON.stringify(headers)).toBe(isApi(`/${route.path}`) ? 405 : 403);
	}
	for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
		expect((await ask(address, { method })).status, method).toBe(405);
	}
	expect(await stored(database.db)).toEqual(before);
	// The same from this site gets further: to the action, or to a page that takes none.
	expect((await send(address, sameOrigin)).status).not.toBe(403);
});

test.each(routes)(
	"$path never repeats the host that a client names, and runs no script of its own text",
	async (route) => {
		const address = addressOf(route, genuine.manage);
		const answer = await ask(address, {
			headers: {
				"X-Forwarded-Host": "mal.example",
				"X-Forwarded-Proto": "https",
				Forwarded: "host=mal.example",
			},
		});
		const text = await answer.text();
		expect(text).not.toContain("mal.example");
		expect(answer.headers.get("Location") ?? "").not.toContain("mal.example");
		const csp = answer.headers.get("Content-Security-Policy")!;
		expect(csp).toContain("default-src 'none'");
		// A framed email styles its own text; nothing ever runs a script that this site did not write.
		expect(csp).not.toMatch(/script-src[^;]*unsafe|unsafe-eval/);
		if (!route.path.startsWith("dev/")) expect(csp).not.toContain("unsafe");
		expect(answer.headers.get("X-Content-Type-Options")).toBe("nosniff");
		expect(text).not.toMatch(/\son\w+="|\sstyle="|<script(?![^>]*(src=|application\/ld\+json))/);
	},
);
