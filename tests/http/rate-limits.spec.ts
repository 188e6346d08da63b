import { readdirSync, readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { questionField } from "#app/forms/answers-form.ts";
import { newFormKey } from "#app/http/form-key.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	aWorkshop,
	givenOrganizer,
	givenQuestion,
	givenRegistrations,
	givenWorkshop,
} from "#tests/fixtures.ts";
import { formsOf } from "./read-page.ts";

/* Every limit of the site, reached over HTTP from behind a proxy; which ones there are is read in the source. */
const secret = "a-secret-that-only-the-impatient-may-know";
const mostBookings = 3;
const workshop = aWorkshop();

let database: TestDatabase;
let app: RunningApp;
let sessionId: string;
let questionId: string;
let places: Awaited<ReturnType<typeof givenRegistrations>>;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
	const workshopId = await givenWorkshop(db, workshop);
	const session = aSession({ capacity: 500, meetings: [aMeeting(inAMonth)] });
	sessionId = await scheduleSession(db, workshopId, session, null, new Date());
	questionId = await givenQuestion(db, workshopId, { askedAt: "after" });
	places = await givenRegistrations(db, sessionId, [{}, {}, {}, {}]);
	// The page of a confirmation leads its emails elsewhere for an hour.
	const createdAt = new Date();
	for (const table of ["booking", "registration"] as const)
		await db.updateTable(table).set({ createdAt }).execute();
	app = await startApp({
		DATABASE_URL: database.url,
		COOKIE_SECRET: secret,
		TRUST_PROXY_HOPS: "1",
		BOOKINGS_PER_HOUR: String(mostBookings),
	});
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

/** Counts begin again with each hour, or ten minutes: never within a test. */
beforeEach(async () => {
	const period = 600_000;
	const left = period - (Date.now() % period);
	if (left < 15_000) await delay(left);
}, 30_000);

let clients = 0;
function aClient(): string {
	clients += 1;
	return `198.51.${Math.floor(clients / 256)}.${clients % 256}`;
}

type Form = { path: string; fields: Record<string, string> };

async function send({ path, fields }: Form, forwarded: string, at = app.url) {
	const answer = await fetch(at + path, {
		method: "POST",
		headers: { "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": forwarded },
		body: new URLSearchParams(fields),
		redirect: "manual",
	});
	return {
		status: answer.status,
		retryAfter: Number(answer.headers.get("Retry-After")),
		html: await answer.text(),
	};
}

function aSignUpForm(): Form {
	const fields = {
		date: sessionId,
		name: 'Zoé "Roy"',
		email: someone(),
		organization: "Coop Nord",
		key: newFormKey([secret]),
	};
	return { path: paths.register("fr", workshop.slugFr), fields };
}

let people = 0;
function someone(): string {
	people += 1;
	return `personne.${people}@exemple.ca`;
}

test.each([
	["a lost link", paths.lostLink("fr"), () => places[0]!.email ?? ""],
	["an organizer's code", paths.organizer.signIn(), () => "responsable@exemple.ca"],
])(
	"the answer to whoever asks for %s comes no sooner or later for an address that is known",
	async (_, path, known) => {
		for (const email of [known(), someone()]) {
			const before = performance.now();
			const { status } = await send({ path, fields: { intent: "ask", email } }, aClient());
			expect(status).toBe(200);
			// Slower than the work behind it has ever been: what shows is the floor.
			expect(performance.now() - before).toBeGreaterThan(295);
		}
	},
);

const hour = 3600;
const tenMinutes = 600;

type Limit = {
	kind: string;
	/** Whose requests are counted: those of one client whoever they are about, those about one subject, or those of one client about one. */
	of: "client" | "subject" | "both";
	most: number;
	within: number;
	/** What is answered to whoever is within the limit. */
	served: number;
	sentence: string;
	/** A form about the first subject, or about another. */
	form(subject: number): Form;
};

const addresses = [someone(), someone()];
const addressOf = (subject: number) => addresses[subject] ?? someone();
const signIn = (fields: Record<string, string>) => ({ path: paths.organizer.signIn(), fields });
const askForCode = (email: string) => signIn({ intent: "send", email });
const enterCode = (email: string) => signIn({ intent: "enter", email, code: "000000" });
const manage = (subject: number) =>
	signToken(secret, "manage", places[subject]!.id, places[subject]!.tokenVersion);
const own = (subject: number) => ({ name: "Zoé Roy", email: places[subject]!.email!, locale: "fr" });

function correctGroup(subject: number): Form {
	const { id, bookingId } = places[subject]!;
	const path = paths.group("fr", signToken(secret, "group", bookingId));
	return { path, fields: { intent: "correct", person: id, ...own(subject) } };
}

const limits: Limit[] = [
	{
		kind: "booking",
		of: "client",
		most: mostBookings,
		within: hour,
		served: 303,
		sentence: fr.register.errors.tooMany,
		form: aSignUpForm,
	},
	{
		kind: "named",
		of: "both",
		most: 30,
		within: hour,
		served: 303,
		sentence: fr.manage.correct.errors.tooMany,
		form: (subject) => correctGroup(subject + 2),
	},
	{
		kind: "interest",
		of: "client",
		most: 30,
		within: hour,
		served: 303,
		sentence: fr.interest.errors.tooMany,
		form: () => ({ path: paths.interest("fr"), fields: { email: someone(), consent: "on" } }),
	},
	{
		kind: "lost-link",
		of: "client",
		most: 30,
		within: hour,
		served: 200,
		sentence: fr.lostLink.errors.tooMany,
		form: () => ({ path: paths.lostLink("fr"), fields: { email: someone() } }),
	},
	{
		kind: "lost-link",
		of: "both",
		most: 5,
		within: hour,
		served: 200,
		sentence: fr.lostLink.errors.tooMany,
		form: (subject) => ({ path: paths.lostLink("fr"), fields: { email: addressOf(subject) } }),
	},
	{
		kind: "sign-in",
		of: "client",
		most: 60,
		within: tenMinutes,
		served: 200,
		sentence: fr.organizer.signIn.errors.tooMany,
		form: () => askForCode(someone()),
	},
	{
		kind: "sign-in-code",
		of: "client",
		most: 60,
		within: tenMinutes,
		served: 400,
		sentence: fr.organizer.signIn.errors.tooMany,
		form: () => enterCode(someone()),
	},
	{
		kind: "sign-in-code",
		of: "subject",
		most: 15,
		within: tenMinutes,
		served: 400,
		sentence: fr.organizer.signIn.errors.tooMany,
		form: (subject) => enterCode(addressOf(subject)),
	},
	{
		kind: "sign-in-passkey",
		of: "client",
		most: 60,
		within: tenMinutes,
		served: 400,
		sentence: fr.organizer.signIn.errors.tooMany,
		form: () => signIn({ intent: "passkey", credential: "{}" }),
	},
	{
		kind: "correct-address",
		of: "subject",
		most: 5,
		within: hour,
		served: 303,
		sentence: fr.booked.correct.errors.tooMany,
		form: (subject) => ({
			path: paths.booked("fr", signToken(secret, "booking", places[subject]!.bookingId)),
			fields: { email: places[subject]!.email! },
		}),
	},
	{
		kind: "correct",
		of: "subject",
		most: 10,
		within: hour,
		served: 303,
		sentence: fr.manage.correct.errors.tooMany,
		form: (subject) => ({ path: paths.placeAction("fr", manage(subject), "correct"), fields: own(subject) }),
	},
	{
		kind: "give",
		of: "subject",
		most: 5,
		within: hour,
		// To themselves, which is refused: a place that is given away has another link.
		served: 400,
		sentence: fr.manage.give.errors.tooMany,
		form: (subject) => ({ path: paths.placeAction("fr", manage(subject), "give"), fields: own(subject) }),
	},
	{
		kind: "correct-group",
		of: "subject",
		most: 60,
		within: hour,
		served: 303,
		sentence: fr.manage.correct.errors.tooMany,
		form: correctGroup,
	},
	{
		kind: "answers",
		of: "subject",
		most: 30,
		within: hour,
		served: 303,
		sentence: fr.questions.errors.tooMany,
		form: (subject) => ({
			path: paths.booked("fr", signToken(secret, "booking", places[subject]!.bookingId)),
			fields: { intent: "answers", [questionField(questionId)]: "Menuisière" },
		}),
	},
];

/** What buttons, boxes and passkeys send. */
const unwritten = ["intent", "consent", "credential"];

test("the limits of the source are all here", () => {
	const kinds = ["app/routes", "app/http"].flatMap((folder) =>
		readdirSync(folder).flatMap((name) => {
			const source = readFileSync(`${folder}/${name}`, "utf8");
			const named = /(?:withinLimit(?:For)?\(context, |\{ kind: )"([\w-]+)"(?=, (?!words))/g;
			return [...source.matchAll(named)].flatMap(([, kind]) => kind ?? []);
		}),
	);
	// What software is told when it asks too much is in api.spec.ts.
	const known = [...limits.map(({ kind }) => kind), "sign-in-code-day", "api", "api-refused"];
	expect([...new Set(kinds)].sort()).toEqual([...new Set(known)].sort());
});

test.each(limits)(
	"$kind: the $of that goes beyond $most is told when to come back, and keeps what was typed",
	async ({ of, most, within, served, sentence, form }) => {
		const client = aClient();
		const first = (): [Form, string] =>
			of === "client" ? [form(2), client] : [form(0), of === "both" ? client : aClient()];
		const answers = await Promise.all(Array.from({ length: most }, () => send(...first())));
		expect(answers.map(({ status }) => status)).toEqual(Array(most).fill(served));

		const [typed, from] = first();
		const secondsLeft = () => within - ((Date.now() / 1000) % within);
		const leftBefore = secondsLeft();
		const refused = await send(typed, from);
		expect(refused.status).toBe(429);
		expect(refused.html).toContain(sentence);
		expect(refused.retryAfter).toBeGreaterThanOrEqual(secondsLeft());
		expect(refused.retryAfter).toBeLessThan(leftBefore + 1);
		const kept = formsOf(refused.html, typed.path, app.url).flatMap(({ fields }) => fields);
		for (const [name, value] of Object.entries(typed.fields).filter(([name]) => !unwritten.includes(name))) {
			const held = kept.some(
				(field) => field.name === name && [field.value, ...field.choices].includes(value),
			);
			expect(held, `${name}=${value}`).toBe(true);
		}

		const another = await (of === "client" ? send(form(2), aClient()) : send(form(1), from));
		expect(another.status).toBe(served);
		if (of === "both") expect((await send(form(0), aClient())).status).toBe(served);
	},
);

test("whoever asks for code after code for an organizer keeps them neither from the last one nor from signing in", async () => {
	const { email } = await givenOrganizer(database.db);
	for (let n = 0; n < 7; n += 1) expect((await send(askForCode(email), aClient())).status).toBe(200);
	const sent = database.db.selectFrom("email").select("id").where("toAddress", "=", email);
	expect(await sent.execute()).toHaveLength(5);
});

test("a code is guessed at a few times a day only, from wherever", async () => {
	const { email } = await givenOrganizer(database.db);
	await send(enterCode(email), aClient());
	const day = sql`update rate set count = 45 where key like 'sign-in-code-day:%' returning key`;
	expect((await day.execute(database.db)).rows.length).toBeGreaterThan(0);
	const { status, html } = await send(enterCode(email), aClient());
	expect([status, html.includes(fr.organizer.signIn.errors.tooManyToday)]).toEqual([429, true]);
});

test("a client is known by what the last proxy says of it, whatever stands before", async () => {
	const client = aClient();
	const forged = ["", "127.0.0.1, ", "::1, ", "198.18.0.1, 198.18.0.2,", "x\t,"];
	const statuses = [];
	for (const before of forged) statuses.push((await send(aSignUpForm(), before + client)).status);
	expect(statuses).toEqual([303, 303, 303, 429, 429]);
	expect((await send(aSignUpForm(), `${client}, ${aClient()}`)).status).toBe(303);
});

test("people of one place who wait for a date that is held keep nobody of that place from another", async () => {
	const workshopId = await givenWorkshop(database.db);
	const session = aSession({ meetings: [aMeeting("2050-01-10")] });
	const held = await scheduleSession(database.db, workshopId, session, null, new Date());
	const form = aSignUpForm();
	const client = aClient();
	await database.db.transaction().execute(async (trx) => {
		await lockSession(trx, held);
		const waiting = send({ ...form, fields: { ...form.fields, date: held } }, client);
		await delay(300);
		const first = await Promise.race([send(aSignUpForm(), client), waiting, delay(3000)]);
		expect(first).toMatchObject({ status: 303 });
	});
});

test("an IPv6 subscriber counts as one, and an IPv4 address stays itself however it is written", async () => {
	const wider = ["2001:db8:1:2::1", "2001:db8:1:2::2", "2001:db8:1:2:ffff::3", "2001:db8:1:2:9::9"];
	const client = aClient();
	const mapped = [`${client}:50123`, `::ffff:${client}`, `[::FFFF:${client}]:443`, client];
	for (const written of [wider, mapped]) {
		const statuses = [];
		for (const address of written) statuses.push((await send(aSignUpForm(), address)).status);
		expect(statuses).toEqual([303, 303, 303, 429]);
	}
	expect((await send(aSignUpForm(), "2001:db8:1:3::1")).status).toBe(303);
});

test("what is counted names no person and no network", async () => {
	const client = aClient();
	const { path, fields } = aSignUpForm();
	for (const form of [
		{ path, fields },
		{ path: paths.lostLink("fr"), fields: { email: someone() } },
		{ path: paths.interest("fr"), fields: { email: someone(), consent: "on" } },
		askForCode(someone()),
		enterCode(someone()),
	])
		await send(form, client);
	await expect
		.poll(async () => {
			const rates = await database.db.selectFrom("rate").select("key").execute();
			const kinds = new Set(rates.map(({ key }) => key.split(":")[0]));
			return ["booking", "named", "lost-link", "interest", "sign-in", "sign-in-code"].filter(
				(kind) => !kinds.has(kind),
			);
		})
		.toEqual([]);
	const { rows } = await sql<{ text: string }>`select rate::text as text from rate`.execute(database.db);
	expect(rows.length).toBeGreaterThan(6);
	for (const { text } of rows) expect(text).not.toMatch(/@|exemple|\d+\.\d+\.\d+|2001:/);
});

const reachable = Object.values(networkInterfaces())
	.flatMap((all) => all ?? [])
	.find(({ family, internal }) => family === "IPv4" && !internal)?.address;

test("without a declared proxy, X-Forwarded-For is not read", async () => {
	const bare = await startApp({
		DATABASE_URL: database.url,
		COOKIE_SECRET: secret,
		BOOKINGS_PER_HOUR: "1",
		HOST: "0.0.0.0",
	});
	try {
		const named = aClient();
		const counted = () =>
			database.db.selectFrom("rate").select("key").where("key", "like", "booking:%").execute();
		const before = await counted();
		// From this machine itself nobody is counted: whoever is behind an undeclared proxy would share its address.
		for (let n = 0; n < 3; n += 1) expect((await send(aSignUpForm(), named, bare.url)).status).toBe(303);
		expect(await counted()).toEqual(before);

		// From elsewhere, another name at each request is of no help. A machine without a network has no elsewhere.
		if (!reachable) return;
		const { port } = new URL(bare.url);
		const statuses = [];
		for (const name of [aClient(), aClient(), "127.0.0.1"])
			statuses.push((await send(aSignUpForm(), name, `http://${reachable}:${port}`)).status);
		expect(statuses).toEqual([303, 429, 429]);
	} finally {
		await bare.stop();
	}
});
