import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newFormKey } from "#app/http/form-key.server.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	aWorkshop,
	givenOrganizer,
	givenOrganizerCookie,
	givenWorkshop,
} from "#tests/fixtures.ts";

/* What a client calls this site is written nowhere: each header that could name it has a name of its own here. */
const publicUrl = "https://ateliers.exemple.ca";
const secret = "a-secret-that-only-the-forgers-want-to-know";
const forgery = "forged.example";
const forged: Record<string, string> = {
	Host: `host.${forgery}`,
	"X-Forwarded-Host": `x-forwarded-host.${forgery}`,
	"X-Forwarded-Proto": `x-forwarded-proto.${forgery}`,
	"X-Forwarded-Port": `x-forwarded-port.${forgery}`,
	"X-Forwarded-Prefix": `/x-forwarded-prefix.${forgery}`,
	"X-Forwarded-Server": `x-forwarded-server.${forgery}`,
	"X-Original-Host": `x-original-host.${forgery}`,
	"X-Original-URL": `https://x-original-url.${forgery}/`,
	"X-Rewrite-URL": `https://x-rewrite-url.${forgery}/`,
	Forwarded: `host=forwarded.${forgery};proto=https`,
	Referer: `https://referer.${forgery}/`,
};

const workshop = aWorkshop();
const oldSlug = `ancien-${workshop.slugFr}`;
let database: TestDatabase;
let app: RunningApp;
let sessionId: string;
let owner: { email: string; cookie: string };

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
	const session = aSession({ meetings: [aMeeting(inAMonth)] });
	const workshopId = await givenWorkshop(db, workshop);
	await db.insertInto("workshopSlug").values({ locale: "fr", slug: oldSlug, workshopId }).execute();
	sessionId = await scheduleSession(db, workshopId, session, null, new Date());
	const { id, email } = await givenOrganizer(db, { role: "owner" });
	owner = { email, cookie: `__Host-${await givenOrganizerCookie(db, id)}` };
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret, PUBLIC_URL: publicUrl });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

type Answer = { status: number; headers: string; location: string; body: string };

/** As a client that chooses every header, Host included; `fetch` would not let it. */
function ask(path: string, form?: Record<string, string>, headers = forged): Promise<Answer> {
	const { port } = new URL(app.url);
	const sent = form && String(new URLSearchParams(form));
	const own = {
		Cookie: path.startsWith("/organizer/emails") ? owner.cookie : "",
		...(sent && { "Content-Type": "application/x-www-form-urlencoded", Origin: publicUrl }),
	};
	return new Promise((resolve, reject) => {
		const method = sent ? "POST" : "GET";
		const asked = request({ port, host: "127.0.0.1", path, method, headers: { ...headers, ...own } });
		asked.on("error", reject);
		asked.on("response", async (answer) => {
			let body = "";
			for await (const chunk of answer.setEncoding("latin1")) body += chunk;
			const { location = "" } = answer.headers;
			resolve({ status: answer.statusCode!, headers: answer.rawHeaders.join("\n"), location, body });
		});
		asked.end(sent);
	});
}

/** The sites that a text links to, but for the vocabularies that it is written in and the map. */
function sitesIn(text: string): string[] {
	const found = [...text.matchAll(/https?:\/\/[^\s"'<>\\/]+/g)].map(([site]) => site);
	return [...new Set(found)].filter((site) => !/\/\/(www\.w3|schema|www\.openstreetmap)\.org$/.test(site));
}

function expectOwnName({ headers, location, body }: Answer, asked: string): void {
	expect(body, asked).not.toContain(forgery);
	expect(headers, asked).not.toContain(forgery);
	if (!location.startsWith("/")) expect(location === "" || new URL(location).origin === publicUrl).toBe(true);
}

const { slugFr, slugEn } = workshop;

test.each([
	[paths.list("fr"), 200],
	[paths.list("en"), 200],
	[paths.workshop("fr", slugFr), 200],
	[paths.workshop("en", slugEn), 200],
	[paths.register("fr", slugFr), 200],
	[paths.register("fr", oldSlug), 301],
	[paths.feed("fr"), 200],
	[paths.atom("en"), 200],
	[paths.privacy("fr"), 200],
	["/favicon.svg", 200],
	["/robots.txt", 200],
	["/sitemap.xml", 404],
	["/rien", 404],
	["//mal.example/", 404],
	["/organizer", 302],
	["/organizer/sign-in", 200],
	["/unsubscribe/x", 302],
	["/health", 200],
])("%s is of the public address", async (path, status) => {
	const target = `http://target.${forgery}${path}`;
	for (const asked of [path, target]) {
		const answer = await ask(asked);
		expect(answer.status, asked).toBe(status);
		expectOwnName(answer, asked);
	}
	// Nor is it kept for whoever asks next.
	expectOwnName(await ask(path, undefined, {}), path);
	const { headers, body } = await ask(path);
	if (/text\/(html|calendar)|atom/.test(headers) && status === 200)
		expect(sitesIn(body).filter((site) => site !== publicUrl)).toEqual([]);
});

test("a form is answered, and its emails are written, in the name of the public address", async () => {
	const key = newFormKey([secret]);
	const zoe = { name: "Zoé Roy", email: "zoe@exemple.ca", organization: "", news: "on" };
	const signedUp = await ask(paths.register("fr", slugFr), { date: sessionId, key, ...zoe });
	expect([signedUp.status, signedUp.location]).toEqual([303, expect.stringMatching(/^\/inscriptions\//)]);
	const lost = await ask(paths.lostLink("fr"), { email: zoe.email });
	const signIn = await ask(paths.organizer.signIn(), { intent: "send", email: owner.email });
	const foreign = await ask(paths.list("fr"), { x: "" }, { ...forged, "Sec-Fetch-Site": "cross-site" });
	expect([lost.status, signIn.status, foreign.status]).toEqual([200, 200, 403]);
	const booked = await ask(signedUp.location);
	for (const answer of [signedUp, lost, signIn, foreign, booked]) expectOwnName(answer, "a form");
	expect(sitesIn(booked.body)).toContain(publicUrl);

	const emails = await database.db.selectFrom("email").selectAll().execute();
	expect(emails.map(({ kind }) => kind)).toEqual(
		expect.arrayContaining(["confirmation", "lost-link", "sign-in"]),
	);
	for (const email of emails) {
		expect(JSON.stringify(email)).not.toContain(forgery);
		const shown = await ask(paths.organizer.emailBody(email.id));
		expectOwnName(shown, email.kind);
		// What signs somebody in is shown to nobody and forgotten once it left: without SMTP the console has it.
		const [status, sites] = email.kind === "sign-in" ? [404, []] : [200, [publicUrl]];
		expect([shown.status, sitesIn(shown.body)], email.kind).toEqual([status, sites]);
	}
	const links = app.output().match(/https?:\S+\/organizer\/sign-in\/\S+/g)!;
	expect([links.length, sitesIn(app.output())]).toEqual([2, [publicUrl]]);
	expect(app.output()).not.toContain(forgery);
});
