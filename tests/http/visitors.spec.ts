import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { newId } from "#db/id.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenRegistration, givenSession } from "#tests/fixtures.ts";
import remix from "../../remix.config.js";

/*
 * Every public address against every visitor: who holds its token, who changed a letter of it, who holds another's or one
 * made for something else. The addresses are those of remix.config.js, so that a new one is tried before it is thought of.
 */
const secret = "a-secret-that-only-these-visitors-may-know";

type Route = { id: string; path: string };
const routes: Route[] = [];
remix.routes?.((addRoutes) => {
	addRoutes((path = "", file, options) => {
		const id = options && "id" in options ? options.id! : file.replace(/\.tsx?$/, "");
		if (!path.startsWith("organizer") && path !== "*") routes.push({ id, path });
	});
	return {};
});
const withToken = routes.filter(({ path }) => path.includes(":token"));

let database: TestDatabase;
let app: RunningApp;
const params: Record<string, string> = { status: "404" };
/** The genuine tokens of this site, by purpose: each opens its own addresses and no other. */
let genuine: Record<"manage" | "booking" | "group" | "form" | "calendar" | "organizer-calendar", string>;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	params.sessionId = await givenSession(db, { capacity: 5 });
	const registration = await givenRegistration(db, params.sessionId, { name: "Canari Delorme" });
	const { bookingId } = registration;
	const organizer = await givenOrganizer(db);
	genuine = {
		manage: signToken(secret, "manage", registration.id, registration.tokenVersion),
		booking: signToken(secret, "booking", bookingId),
		group: signToken(secret, "group", bookingId),
		form: signToken(secret, "form", bookingId),
		calendar: signToken(secret, "calendar", registration.id, registration.tokenVersion),
		"organizer-calendar": signToken(secret, "organizer-calendar", organizer.id, organizer.calendarVersion),
	};
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

test.each(withToken)(
	"$path opens to one kind of token alone, and to none that was tampered with",
	async (route) => {
		const opened: string[] = [];
		for (const [purpose, token] of Object.entries(genuine)) {
			const answer = await ask(addressOf(route, token));
			await answer.arrayBuffer();
			if (answer.status !== 404) opened.push(purpose);
			const last = token.at(-1) === "A" ? "B" : "A";
			for (const tampered of [
				token.slice(0, -1) + last,
				`${newId()}${token.slice(36)}`,
				token.slice(0, 36),
				"x",
			]) {
				const refused = await ask(addressOf(route, tampered));
				expect(refused.status, tampered).toBe(404);
				expect(await refused.text()).not.toContain("Delorme");
				const notDone = await send(addressOf(route, tampered), sameOrigin);
				expect([404, 405], `POST ${tampered}`).toContain(notDone.status);
			}
		}
		expect(opened.length, opened.join()).toBeLessThanOrEqual(1);
		expect(opened).not.toContain("form");
	},
);

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
	const rowsBefore = await countRows();
	for (const token of route.path.includes(":token") ? Object.values(genuine) : [""]) {
		const address = addressOf(route, token);
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
			const answer = await send(address, headers as Record<string, string>, "intent=cancel&confirm=yes");
			expect(answer.status, JSON.stringify(headers)).toBe(403);
		}
		// The same from this site gets further: to the action, or to a page that takes none.
		expect((await send(address, sameOrigin)).status).not.toBe(403);
		for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS"]) {
			expect((await ask(address, { method })).status, method).toBe(405);
		}
	}
	if (!route.path.includes(":token")) expect(await countRows()).toEqual(rowsBefore);
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

test.each(routes)("$path: a GET, which mail scanners follow, changes nothing", async (route) => {
	const before = await countRows();
	for (const token of route.path.includes(":token") ? Object.values(genuine) : [""]) {
		await (await ask(`${addressOf(route, token)}?intent=cancel&confirm=yes`)).arrayBuffer();
		await (await ask(addressOf(route, token), { method: "HEAD" })).arrayBuffer();
	}
	expect(await countRows()).toEqual(before);
});

async function countRows() {
	const { db } = database;
	const registrations = await db.selectFrom("registration").select(["id", "status"]).orderBy("id").execute();
	const audit = await db.selectFrom("audit").select("id").orderBy("id").execute();
	return { registrations, audit };
}
