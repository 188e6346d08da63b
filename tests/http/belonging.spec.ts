import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Role } from "#app/domain/organizer.ts";
import { hashToken } from "#app/domain/token.server.ts";
import { newId } from "#db/id.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenOrganizerCookie, givenPasskey } from "#tests/fixtures.ts";
import { routes } from "#tests/routes.ts";
import { addressOf, givenOneOfEach, type Named, queries } from "./one-of-each.ts";
import { filledIn, formsOf } from "./read-page.ts";
import { stored } from "./stored.ts";

/*
 * Every organizer address that names something: that thing, the same below another than its own, and nothing at all. What
 * is sent there is what the page of that thing sends.
 */
const paths = routes.map(({ path }) => path).filter((path) => /^organizer.*:\w+Id/.test(path));
const below = paths.filter((path) => idsIn(path).length > 1);

let database: TestDatabase;
let app: RunningApp;
let owner: string;

beforeAll(async () => {
	database = await createTestDatabase();
	owner = await givenOrganizerCookie(database.db, (await givenOrganizer(database.db, { role: "owner" })).id);
	app = await startApp({ DATABASE_URL: database.url });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

// What was planned for half a minute later would be done in the middle of another test.
afterEach(async () => {
	await database.db.deleteFrom("deed").execute();
	await database.db.deleteFrom("campaign").execute();
});

function idsIn(path: string): string[] {
	return [...path.matchAll(/:(\w+Id)/g)].map(([, name]) => name!);
}

async function ask(address: string, sent?: URLSearchParams, cookie = owner) {
	const headers = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
	const init: RequestInit = sent ? { method: "POST", body: sent } : {};
	const answer = await fetch(app.url + address, { ...init, headers, redirect: "manual" });
	return {
		status: answer.status,
		location: answer.headers.get("Location"),
		body: await answer.text(),
	};
}

/** What the page at an address sends to that same address: each form once for each of its buttons. */
function sentBy(html: string, address: string): URLSearchParams[] {
	const sent = formsOf(html, address, app.url)
		.filter(({ method, action }) => method === "post" && action === address)
		.flatMap(filledIn);
	return sent.length > 0 ? sent : [new URLSearchParams()];
}

/** How a wrong address is refused. Two say where to go instead: they show nothing there, and do nothing. */
function refusalOf(path: string, named: Named, own: Named, method: "GET" | "POST") {
	// Only a button leads there.
	if (path === "organizer/actions/:deedId" && method === "GET")
		return { status: 302, location: "/organizer" };
	// Somebody who was moved to another date is found from their page of the date before.
	const place = "organizer/sessions/:sessionId/registrations/:registrationId";
	if (path === place && named.registrationId === own.registrationId)
		return { status: 302, location: addressOf(path, own) };
	return { status: 404 };
}

/** Asks for a wrong address, and sends there what the page of `own` sends to its own. */
async function expectRefused(path: string, named: Named, own: Named, forms: URLSearchParams[]) {
	const address = addressOf(path + (queries[path] ?? ""), named);
	const before = await stored(database.db);
	expect(await ask(address), address).toMatchObject(refusalOf(path, named, own, "GET"));
	for (const form of forms) {
		const answer = await ask(address, form);
		// A page that takes no form takes none for anything.
		if (answer.status === 405) continue;
		expect(answer, `${address} ${form}`).toMatchObject(refusalOf(path, named, own, "POST"));
	}
	expect(await stored(database.db)).toEqual(before);
}

test("the addresses that name something are all here", () => {
	expect(paths.length).toBeGreaterThan(20);
	expect(below.length).toBeGreaterThanOrEqual(3);
});

test.each(paths)("%s is about what it names, and about nothing else", async (path) => {
	const own = await givenOneOfEach(database.db);
	const address = addressOf(path + (queries[path] ?? ""), own);
	const page = await ask(address);
	expect([200, 302], `GET ${address}`).toContain(page.status);
	const forms = sentBy(page.body, address);
	for (const name of idsIn(path)) await expectRefused(path, { ...own, [name]: newId() }, own, forms);
	if (below.includes(path)) {
		const { sessionId, workshopId } = await givenOneOfEach(database.db);
		await expectRefused(path, { ...own, sessionId: sessionId!, workshopId: workshopId! }, own, forms);
	}
	for (const form of forms) {
		const { status } = await ask(address, form);
		// 409: the form before has changed it.
		expect([200, 303, 405, 409], `POST ${address} ${form}`).toContain(status);
	}
});

/** What the pages of a date, or of its workshop, send about `own`: each of these forms names something of it. */
function formsAbout(own: Named, { sessionId, workshopId }: Named): [address: string, form: string][] {
	const person = `personne=${own.registrationId}`;
	const message = "audience=confirmed&subjectFr=Autre&subjectEn=&bodyFr=Autre&bodyEn=";
	return [
		[`/organizer/workshops/${workshopId}/questions`, `question=${own.questionId}&intent=archive`],
		[`/organizer/workshops/${workshopId}/questions`, `question=${own.questionId}&intent=restore`],
		[`/organizer/sessions/${sessionId}/attendance`, `${person}&meeting=all&seen=present`],
		[`/organizer/sessions/${sessionId}/chosen`, `${person}&quoi=renvoyer&key=${newId()}`],
		[`/organizer/sessions/${sessionId}/chosen`, `${person}&quoi=annuler&key=${newId()}`],
		[`/organizer/sessions/${sessionId}/message?brouillon=${own.campaignId}`, message],
	];
}

test("a form sent below another date or workshop leaves what it names as it was", async () => {
	const { db } = database;
	const own = await givenOneOfEach(db);
	const elsewhere = formsAbout(own, await givenOneOfEach(db));
	for (const [i, [address, form]] of formsAbout(own, own).entries()) {
		const [other, sameForm] = elsewhere[i]!;
		const before = await stored(db);
		expect((await ask(other, new URLSearchParams(sameForm))).status, `${other} ${form}`).toBeLessThan(500);
		expect(await stored(db), `${other} ${form}`).toEqual(before);
		expect((await ask(address, new URLSearchParams(form))).status, `${address} ${form}`).toBe(303);
		expect(await stored(db), `${address} ${form}`).not.toEqual(before);
	}
});

test("nobody is moved to a date of another workshop", async () => {
	const own = await givenOneOfEach(database.db);
	const { sessionId: elsewhere } = await givenOneOfEach(database.db);
	const before = await stored(database.db);
	const form = { quoi: "deplacer", personne: own.registrationId!, date: elsewhere!, key: newId() };
	const { status } = await ask(`/organizer/sessions/${own.sessionId}/chosen`, new URLSearchParams(form));
	expect(status).toBe(404);
	expect(await stored(database.db)).toEqual(before);
});

test("a message that is not there is not stopped, and a draft of another date is not written over", async () => {
	const own = await givenOneOfEach(database.db);
	const { campaignId } = await givenOneOfEach(database.db);
	const stop = await ask(`/organizer/messages/${newId()}`, new URLSearchParams({ intent: "stop" }));
	const message = { audience: "confirmed", subjectFr: "Autre", subjectEn: "", bodyFr: "Autre", bodyEn: "" };
	const address = `/organizer/sessions/${own.sessionId}/message?brouillon=${campaignId}`;
	const over = await ask(address, new URLSearchParams(message));
	expect([stop.status, over.status]).toEqual([404, 404]);
});

test("nobody ends a browser or removes a passkey but their own", async () => {
	const { db } = database;
	const [own, other] = [await givenSignedIn("organizer"), await givenSignedIn("door")];
	const before = await stored(db);
	for (const form of [other.browser, other.passkey]) {
		const { status } = await ask("/organizer/settings/browsers", new URLSearchParams(form), own.cookie);
		expect(status).toBe(303);
	}
	expect(await stored(db)).toEqual(before);
	for (const form of [other.passkey, other.browser])
		await ask("/organizer/settings/browsers", new URLSearchParams(form), other.cookie);
	const left = await stored(db);
	expect(left.passkey).toHaveLength(before.passkey!.length - 1);
	expect(left.organizer_cookie).toHaveLength(before.organizer_cookie!.length - 1);
});

/** Somebody signed in, with a passkey: their cookie, and the forms that end the one and remove the other. */
async function givenSignedIn(role: Role) {
	const { id: organizerId } = await givenOrganizer(database.db, { role });
	const cookie = await givenOrganizerCookie(database.db, organizerId);
	return {
		cookie,
		browser: { browser: hashToken(cookie.replace("organizer=", "")) },
		passkey: { passkey: await givenPasskey(database.db, organizerId) },
	};
}
