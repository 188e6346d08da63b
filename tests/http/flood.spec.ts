import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Locale } from "#app/domain/locale.ts";
import { newFormKey } from "#app/http/form-key.server.ts";
import { en } from "#app/i18n/en.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { aMeeting, aSession, aWorkshop, givenWorkshop, seatsOf } from "#tests/fixtures.ts";
import { formsOf } from "./read-page.ts";

const secret = "a-secret-that-only-the-flood-may-know";
const workshop = aWorkshop();
let database: TestDatabase;
let app: RunningApp;
let sessionId: string;

beforeAll(async () => {
	database = await createTestDatabase();
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
	const session = aSession({ capacity: 100, meetings: [aMeeting(inAMonth)] });
	sessionId = await scheduleSession(
		database.db,
		await givenWorkshop(database.db, workshop),
		session,
		null,
		new Date(),
	);
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret, SIGN_UPS_AT_ONCE: "1" });
}, 60_000);

afterAll(async () => {
	await app.stop();
	await database.drop();
});

function send(locale: Locale, form: Record<string, string>, headers: Record<string, string> = {}) {
	const slug = locale === "fr" ? workshop.slugFr : workshop.slugEn;
	return fetch(app.url + paths.register(locale, slug), {
		method: "POST",
		headers: { "Sec-Fetch-Site": "same-origin", ...headers },
		body: new URLSearchParams(form),
		redirect: "manual",
	});
}

/** The answer to a form sent to an address as it is written. */
async function answerTo(address: string, form: Record<string, string>): Promise<string> {
	const { hostname, port } = new URL(app.url);
	const headers = { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" };
	const asked = request({ hostname, port, method: "POST", path: address, headers });
	asked.end(new URLSearchParams(form).toString());
	const [answer] = (await once(asked, "response")) as [IncomingMessage];
	return text(answer);
}

let people = 0;
function aForm(name = "Zoé Roy"): Record<string, string> {
	people += 1;
	return { date: sessionId, name, email: `personne.${people}@exemple.ca`, key: newFormKey([secret]) };
}

test("whoever comes in a flood is turned away with what they wrote, and has their seat when they send it again", async () => {
	const typed = { fr: aForm(`"><script>alert('Zoé & Guy')</script>`), en: aForm("Heather O'Neill") };
	const inside: Promise<Response>[] = [];
	// Somebody keeps the date locked: nobody is answered, and more keep coming.
	await database.db.transaction().execute(async (trx) => {
		await lockSession(trx, sessionId);
		for (let n = 0; n < 20; n += 1) inside.push(send("fr", aForm()));
		await delay(1500);
		for (const locale of ["fr", "en"] as const) {
			const answer = await send(locale, typed[locale]);
			const page = await answer.text();
			expect(answer.status).toBe(503);
			expect(answer.headers.get("Retry-After")).toBe("5");
			expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
			expect(answer.headers.get("Cache-Control")).toBe("private, no-store");
			expect(answer.headers.get("X-Request-Id")).toMatch(/^[0-9a-f-]{36}$/);
			expect(page).toContain((locale === "fr" ? fr : en).refused.kept);
			expect(page).not.toContain("<script>alert");
			const again = formsOf(page, "/", app.url).find(({ method }) => method === "post")!;
			expect(Object.fromEntries(again.fields.map(({ name, value }) => [name, value]))).toEqual(typed[locale]);
			expect(again.action).toBe(paths.register(locale, locale === "fr" ? workshop.slugFr : workshop.slugEn));
		}
		// What no page of this site sends is not turned into a form of this site.
		const foreign = await send("fr", aForm("Ailleurs"), { "Sec-Fetch-Site": "cross-site" });
		expect([foreign.status, (await foreign.text()).includes("Ailleurs")]).toEqual([403, false]);
		const long = await send("fr", { ...aForm(), name: "x".repeat(300_000) });
		expect([long.status, (await long.text()).length < 20_000]).toEqual([413, true]);
		const many = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`field-${n}`, ""]));
		const wordy = await send("fr", { ...aForm(), ...many });
		expect([wordy.status, (await wordy.text()).length < 20_000]).toEqual([503, true]);
		// However the address is written, it leads through the same door.
		const address = paths.register("fr", workshop.slugFr);
		for (const written of [
			address.replace("inscription", "%69nscriptio%6E"),
			address.replace("ateliers", "Ateliers"),
			`http://presence.exemple${address}`,
			`${address}/?date=x`,
			`${address}//`,
			`/x/..${address}`,
			`/x/%2e%2e${address}`,
			address.replace("/inscription", "/./inscription"),
			`${address}#x`,
		]) {
			const page = await answerTo(written, aForm());
			expect(page, written).toContain(fr.refused.kept);
			expect(formsOf(page, "/", app.url)[0]?.action, written).toMatch(/^\/ateliers\//i);
		}
	});
	for (const answer of await Promise.all(inside)) expect(answer.status).toBe(303);
	for (const locale of ["fr", "en"] as const) expect((await send(locale, typed[locale])).status).toBe(303);
	expect(await seatsOf(database.db, sessionId)).toMatchObject({ taken: 22 });
	expect(app.output()).toContain('"status":503');
	expect(app.output()).not.toContain("personne.");
});

/** Opens a connection that says this and no more; nothing that is answered is read. */
function sayTo(server: RunningApp, words: string): Socket {
	const socket = connect(Number(new URL(server.url).port), "127.0.0.1").on("error", () => {});
	socket.pause().write(words);
	return socket;
}

const formHead = (length: number) =>
	[
		`POST ${paths.register("fr", workshop.slugFr)} HTTP/1.1`,
		"Host: x",
		"Sec-Fetch-Site: same-origin",
		"Content-Type: application/x-www-form-urlencoded",
		`Content-Length: ${length}`,
		"\r\n",
	].join("\r\n");

test("forty who send their form slowly keep nobody from signing up", async () => {
	const slow = Array.from({ length: 40 }, () => sayTo(app, `${formHead(10)}n`));
	try {
		await delay(1_000);
		for (let n = 0; n < 3; n += 1) expect((await send("fr", aForm())).status).toBe(303);
		await delay(1500);
		expect((await send("fr", aForm())).status).toBe(303);
	} finally {
		for (const socket of slow) socket.destroy();
	}
});

test("a form longer than any is refused as such, whether it says so or not", async () => {
	const long = { ...aForm(), name: "x".repeat(300_000) };
	expect((await send("fr", long)).status).toBe(413);
	const chunked = await fetch(app.url + paths.register("fr", workshop.slugFr), {
		method: "POST",
		headers: { "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded" },
		body: new Blob([new URLSearchParams(long).toString()]).stream(),
		duplex: "half",
	} as RequestInit);
	expect(chunked.status).toBe(413);
});

test.runIf(process.platform === "linux")(
	"a thousand who connect while the process is busy are all at its door, and none has to knock again",
	async () => {
		const asManyAsLinuxAllows = Number(await readFile("/proc/sys/net/core/somaxconn", "utf8"));
		const port = Number(new URL(app.url).port);
		app.process.kill("SIGSTOP");
		const people = Array.from({ length: 1000 }, () => connect(port, "127.0.0.1").on("error", () => {}));
		try {
			await expect
				.poll(() => people.filter(({ connecting }) => !connecting).length, { timeout: 5_000 })
				.toBeGreaterThanOrEqual(Math.min(1000, asManyAsLinuxAllows));
		} finally {
			app.process.kill("SIGCONT");
			for (const person of people) person.destroy();
		}
	},
);
