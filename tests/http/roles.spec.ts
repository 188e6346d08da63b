import { afterAll, beforeAll, expect, test } from "vitest";
import { type Role, roleReaches, roles } from "#app/domain/organizer.ts";
import { en } from "#app/i18n/en.ts";
import { newId } from "#db/id.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenOrganizerCookie } from "#tests/fixtures.ts";
import { routes as allRoutes } from "#tests/routes.ts";
import { addressOf, givenOneOfEach, type Named } from "./one-of-each.ts";
import { formsOf } from "./read-page.ts";
import { stored } from "./stored.ts";

/*
 * Every organizer address against every role, signed out included: its page, the head of its page, its data apart
 * from its page, that data one route at a time, and what it does when something is sent to it, from here or from
 * elsewhere. The addresses are those of remix.config.js: a new one is for organizers until it is named here.
 */
const leastOf: Record<string, Role | "anyone"> = {
	"organizer/sign-in": "anyone",
	"organizer/sign-in/:token": "anyone",
	"organizer/sign-out": "anyone",
	"organizer/check-in": "door",
	"organizer/sessions/:sessionId/check-in": "door",
	"organizer/settings/browsers": "door",
	"organizer/settings/api-tokens": "owner",
	"organizer/settings/incidents": "owner",
	"organizer/settings/incidents.csv": "owner",
	"organizer/settings/incidents/:incidentId": "owner",
	"organizer/settings/webhooks": "owner",
	"organizer/settings/webhooks/:webhookId": "owner",
	"organizer/settings/people": "owner",
	"organizer/settings/people/:organizerId": "owner",
};

type Reader = Role | "signed out";

const routes = allRoutes.filter(({ path }) => path.startsWith("organizer"));
const guarded = routes.filter(({ path }) => leastOf[path] !== "anyone");

let database: TestDatabase;
let app: RunningApp;
const cookies = new Map<Role, string>();
let named: Named;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	for (const role of roles) {
		const { id } = await givenOrganizer(db, { role });
		cookies.set(role, await givenOrganizerCookie(db, id));
	}
	named = await givenOneOfEach(db);
	app = await startApp({ DATABASE_URL: database.url });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

async function ask(path: string, reader: Reader, method: "GET" | "HEAD" | "POST" = "GET") {
	const headers = new Headers({ "Sec-Fetch-Site": "same-origin" });
	if (reader !== "signed out") headers.set("Cookie", cookies.get(reader)!);
	if (method === "POST") headers.set("Content-Type", "application/x-www-form-urlencoded");
	const response = await fetch(app.url + path, { method, headers, redirect: "manual" });
	return { status: response.status, location: response.headers.get("Location"), body: await response.text() };
}

/** A HEAD says what the GET says, and no more: only where to go after signing in is left out. */
async function expectSameHead(path: string, reader: Reader, read: Awaited<ReturnType<typeof ask>>) {
	const head = await ask(path, reader, "HEAD");
	const said = ({ status, location }: typeof head) => [status, location?.replace(/\?to=.*/, "")];
	expect(said(head), `HEAD ${path} as ${reader}`).toEqual(said(read));
}

/** What a reader who may not see something is told: where to sign in, where their own page is, or no. */
function isTurnedAway(reader: Reader, answer: Awaited<ReturnType<typeof ask>>): boolean {
	const { status, location, body } = answer;
	if (reader !== "signed out" && status === 403) return true;
	const target = reader === "signed out" ? "/organizer/sign-in" : "/organizer/check-in";
	if (status === 302) return location?.startsWith(target) === true;
	// Data asked for apart from its page says where to go in its own way, and says nothing else.
	return status === 202 && body.includes('"redirect"') && body.includes(`"${target}`);
}

test("the addresses of the back office are all here", () => {
	expect(guarded.length).toBeGreaterThan(15);
	const named = Object.keys(leastOf).filter((path) => !routes.some((route) => route.path === path));
	expect(named).toEqual([]);
});

test.each(guarded)(
	"$path turns away whoever is below its role, however it is asked",
	async ({ id, path }) => {
		const least = leastOf[path] ?? "organizer";
		const address = addressOf(path, named);
		const readers: Reader[] = ["signed out", ...roles];
		const before = await stored(database.db);
		for (const reader of readers.filter((one) => one === "signed out" || !roleReaches(one, least as Role))) {
			for (const asked of [address, `${address}.data`, `${address}.data?_routes=${encodeURIComponent(id)}`]) {
				const read = await ask(asked, reader);
				expect(isTurnedAway(reader, read), `GET ${asked} as ${reader}: ${read.status}`).toBe(true);
				await expectSameHead(asked, reader, read);
				const sent = await ask(asked, reader, "POST");
				const done = isTurnedAway(reader, sent) || sent.status === 405;
				expect(done, `POST ${asked} as ${reader}: ${sent.status}`).toBe(true);
			}
		}
		expect(await stored(database.db)).toEqual(before);
	},
);

test.each(guarded)("$path answers whoever has its role, and a GET changes nothing", async ({ path }) => {
	const least = (leastOf[path] ?? "organizer") as Role;
	const before = await stored(database.db);
	for (const role of roles.filter((one) => roleReaches(one, least))) {
		const address = addressOf(path, named);
		const answer = await ask(address, role);
		expect(isTurnedAway(role, answer), `GET ${path} as ${role}: ${answer.status}`).toBe(false);
		expect(answer.status, `GET ${path} as ${role}`).toBeLessThan(404);
		await expectSameHead(address, role, answer);
	}
	expect(await stored(database.db)).toEqual(before);
});

test("somebody at the door is led from the home page to what is theirs, and is shown no section", async () => {
	expect(await ask("/organizer", "door")).toMatchObject({
		status: 302,
		location: "/organizer/check-in",
	});
	for (const theirs of ["/organizer/check-in", "/organizer/settings/browsers"]) {
		const { status, body } = await ask(theirs, "door");
		expect(status).toBe(200);
		for (const hidden of ["/organizer/workshops", "/organizer/emails", "/organizer/settings/people"])
			expect(body).not.toContain(`href="${hidden}"`);
	}
});

test("whoever reads the back office in English is told in English that something is not there", async () => {
	await database.db.updateTable("organizer").set({ locale: "en" }).execute();
	const { status, body } = await ask(`/organizer/sessions/${newId()}`, "organizer");
	expect(status).toBe(404);
	expect(body).toContain(en.refused[404].title);
});

async function sendAsOwner(
	address: string,
	headers: Record<string, string>,
	body: BodyInit,
	method = "POST",
) {
	const answer = await fetch(app.url + address, {
		method,
		headers: { Cookie: cookies.get("owner")!, ...headers },
		body,
		redirect: "manual",
	});
	await answer.arrayBuffer();
	return answer.status;
}

/** What a browser says, and what somebody could make it say, of a form that no page of this site sends. */
function fromElsewhere(): Record<string, string>[] {
	const own = app.url;
	const { port } = new URL(own);
	return [
		{},
		{ "Sec-Fetch-Site": "cross-site" },
		{ "Sec-Fetch-Site": "same-site" },
		{ "Sec-Fetch-Site": "none" },
		{ "Sec-Fetch-Site": "SAME-ORIGIN" },
		{ "Sec-Fetch-Site": "none", Origin: "https://mal.example" },
		{ "Sec-Fetch-Site": "cross-site", Origin: own },
		{ "Sec-Fetch-Site": "same-site", Origin: own },
		{ Origin: "https://mal.example" },
		{ Origin: "null" },
		{ Origin: `${own}.mal.example` },
		{ Origin: `https://127.0.0.1:${port}` },
		{ Origin: `http://localhost:${port}` },
		{ Referer: `${own}/organizer` },
	];
}

function aList(): FormData {
	const form = new FormData();
	form.set("intent", "read");
	form.set("file", new Blob(["Nom,Courriel\nZoé Roy,zoe@exemple.ca"]), "liste.csv");
	return form;
}

test.each(routes)(
	"$path takes no form from elsewhere, though an owner's browser sends it",
	async ({ path }) => {
		const address = addressOf(path, named);
		const page = await ask(address, "owner");
		const forms = formsOf(page.body, address, app.url).filter(({ method }) => method === "post");
		const before = await stored(database.db);
		const type = { "Content-Type": "application/x-www-form-urlencoded" };
		const takesFiles = path.endsWith("/import");
		for (const headers of fromElsewhere()) {
			for (const action of [address, `${address}.data`]) {
				const status = await sendAsOwner(action, { ...type, ...headers }, "intent=cancel&confirm=yes");
				expect(status, `POST ${action} ${JSON.stringify(headers)}`).toBe(403);
			}
			if (takesFiles) expect(await sendAsOwner(address, headers, aList()), JSON.stringify(headers)).toBe(403);
		}
		// Whatever it holds: what its own forms would send, or what no form of this site does.
		const elsewhere = { "Sec-Fetch-Site": "cross-site" };
		for (const { action, fields } of forms) {
			const body = new URLSearchParams(fields.map(({ name, value }) => [name, value]));
			expect(await sendAsOwner(action, elsewhere, body), `POST ${action} ${body}`).toBe(403);
		}
		if (!takesFiles) expect(await sendAsOwner(address, elsewhere, aList())).toBe(400);
		for (const type of ["text/plain", "application/json"])
			expect(await sendAsOwner(address, { ...elsewhere, "Content-Type": type }, "intent=cancel"), type).toBe(
				400,
			);
		for (const method of ["PUT", "PATCH", "DELETE"]) {
			for (const action of [address, `${address}.data`]) {
				const status = await sendAsOwner(
					action,
					{ "Sec-Fetch-Site": "same-origin" },
					"intent=cancel",
					method,
				);
				expect(status, `${method} ${action}`).toBe(405);
			}
		}
		expect(await stored(database.db)).toEqual(before);
	},
);

test.each(routes)("$path looks at what an owner sends from this site", async ({ path }) => {
	const fromHere: Record<string, string>[] = [{ "Sec-Fetch-Site": "same-origin" }, { Origin: app.url }];
	for (const headers of fromHere) {
		const { id } = await givenOrganizer(database.db, { role: "owner" });
		const own = { ...headers, Cookie: await givenOrganizerCookie(database.db, id) };
		const form = { ...own, "Content-Type": "application/x-www-form-urlencoded" };
		const status = await sendAsOwner(addressOf(path, named), form, "");
		expect([403, 500, 503], `${path}: ${status}`).not.toContain(status);
		if (path.endsWith("/import")) expect(await sendAsOwner(addressOf(path, named), own, aList())).toBe(200);
	}
});
