import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type RunningApp, startApp } from "../app-process.ts";
import { createTestDatabase, type TestDatabase } from "../database.ts";
import { aMeeting, aSession, givenWorkshop, seatsOf } from "../fixtures.ts";

/*
 * Whole server processes on one database, and people who speak HTTP to them as browsers do. What each person was told is
 * kept, and compared with what the database holds in the end.
 */
let database: TestDatabase;
let apps: [RunningApp, RunningApp];
let origin: string;

type Told = { email: string; status: number; location: string | null };

beforeAll(async () => {
	database = await createTestDatabase();
	const first = await startApp(environment());
	origin = first.url;
	apps = [first, await startApp({ ...environment(), PUBLIC_URL: origin })];
});

/** Nobody is asked to come back later: everyone of the rush is in the race. */
function environment() {
	return { DATABASE_URL: database.url, SIGN_UPS_AT_ONCE: "2000" };
}

afterAll(async () => {
	await Promise.all(apps.map((app) => app.stop()));
	await database.drop();
});

async function openSession(capacity: number): Promise<{ id: string; path: string }> {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
	const input = aSession({ capacity, waitlistMode: "none", meetings: [aMeeting(inAMonth)] });
	const id = await scheduleSession(db, workshopId, input, null, new Date());
	const { slugFr } = await db
		.selectFrom("workshop")
		.select("slugFr")
		.where("id", "=", workshopId)
		.executeTakeFirstOrThrow();
	return { id, path: `/ateliers/${slugFr}/inscription` };
}

/** A showing of the form, and how to send it to either instance: the same key each time. */
async function person(app: RunningApp, session: { id: string; path: string }, number: number) {
	const page = await fetch(app.url + session.path);
	const key = /name="key" value="([^"]+)"/.exec(await page.text())![1]!;
	const email = `personne.${number}@exemple.ca`;
	const body = new URLSearchParams({
		date: session.id,
		name: `Personne ${number}`,
		email,
		organization: "",
		key,
	});
	return async (to: RunningApp): Promise<Told> => {
		const answer = await fetch(to.url + session.path, {
			method: "POST",
			body,
			headers: { Origin: origin },
			redirect: "manual",
		});
		await answer.text();
		return { email, status: answer.status, location: answer.headers.get("Location") };
	};
}

async function people(session: { id: string; path: string }, count: number) {
	const all: Awaited<ReturnType<typeof person>>[] = [];
	for (let from = 0; from < count; from += 20) {
		const numbers = Array.from({ length: Math.min(20, count - from) }, (_, index) => from + index);
		all.push(...(await Promise.all(numbers.map((number) => person(apps[number % 2]!, session, number)))));
	}
	return all;
}

/** Everything promised to people, against what is stored. Each line is a broken promise. */
async function brokenPromises(sessionId: string, capacity: number, told: Told[]): Promise<string[]> {
	const seats = await seatsOf(database.db, sessionId);
	const rows = await database.db
		.selectFrom("registration")
		.select(["email", "status"])
		.where("sessionId", "=", sessionId)
		.execute();
	const emails = await database.db
		.selectFrom("email")
		.innerJoin("registration", "registration.id", "email.registrationId")
		.select("registration.email")
		.where("registration.sessionId", "=", sessionId)
		.execute();
	const broken: string[] = [];
	if (seats.recount.taken > capacity) broken.push(`oversold: ${seats.recount.taken} of ${capacity}`);
	if (seats.recount.taken !== seats.taken)
		broken.push(`counted ${seats.taken}, there are ${seats.recount.taken}`);
	for (const { email, status } of told) {
		const own = rows.filter((row) => row.email === email).length;
		if (own !== (status === 303 ? 1 : 0)) broken.push(`${email} was answered ${status} and has ${own}`);
		const mails = emails.filter((mail) => mail.email === email).length;
		if (mails !== own) broken.push(`${email} has ${own} seats and ${mails} emails`);
	}
	return broken;
}

test("200 people race for 10 seats on two processes: ten have one, and everyone was told the truth", async () => {
	const session = await openSession(10);
	const everyone = await people(session, 200);
	const told = await Promise.all(everyone.map((send, index) => send(apps[index % 2]!)));
	expect(told.filter(({ status }) => status === 303)).toHaveLength(10);
	expect(told.filter(({ status }) => status === 409)).toHaveLength(190);
	expect(await brokenPromises(session.id, 10, told)).toEqual([]);

	// The harness sees what it is meant to see: one seat too many, put there behind the app's back.
	const { id: _, ...extra } = await database.db
		.selectFrom("registration")
		.selectAll()
		.where("sessionId", "=", session.id)
		.limit(1)
		.executeTakeFirstOrThrow();
	await database.db
		.insertInto("registration")
		.values({
			...extra,
			id: crypto.randomUUID(),
			position: 2,
			email: "de.trop@exemple.ca",
			calendarUid: crypto.randomUUID(),
		})
		.execute();
	expect(await brokenPromises(session.id, 10, told)).toEqual([
		"oversold: 11 of 10",
		"counted 10, there are 11",
	]);
});

test("a process killed in the rush loses nobody: those who got no answer send again, and have one seat", async () => {
	const session = await openSession(500);
	const everyone = await people(session, 200);
	const [stays, dies] = apps;
	let answered = 0;
	const told = await Promise.all(
		everyone.map(async (send, index) => {
			// People do not click in the same millisecond; the process dies in the middle of them.
			await new Promise((resolve) => setTimeout(resolve, index * 2));
			for (;;) {
				try {
					const answer = await send(dies.process.killed ? stays : apps[index % 2]!);
					answered += 1;
					if (answered === 60) dies.process.kill("SIGKILL");
					return answer;
				} catch {
					// The connection was cut: nobody knows whether the seat was taken, so the same form goes again.
				}
			}
		}),
	);
	expect(dies.process.killed).toBe(true);
	expect(told.every(({ status }) => status === 303)).toBe(true);
	expect(await brokenPromises(session.id, 500, told)).toEqual([]);
	apps[1] = await startApp({ ...environment(), PUBLIC_URL: origin });
});

test("a process asked to stop answers what it has begun, then ends", async () => {
	const session = await openSession(500);
	const everyone = await people(session, 60);
	const [stays, leaves] = apps;
	// A connection that never says anything does not keep the process alive.
	const silent = connect(Number(new URL(leaves.url).port), "127.0.0.1").on("error", () => {});
	const sent = everyone.map((send) => send(leaves).catch(() => null));
	await new Promise((resolve) => setTimeout(resolve, 30));
	const [exitCode, answers] = await Promise.all([leaves.stop("SIGTERM"), Promise.all(sent)]);
	expect(exitCode).toBe(0);
	silent.destroy();
	// What never reached the process goes to the other one.
	const told = await Promise.all(answers.map((answer, index) => answer ?? everyone[index]!(stays)));
	expect(told.every(({ status }) => status === 303)).toBe(true);
	expect(await brokenPromises(session.id, 500, told)).toEqual([]);
	apps[1] = await startApp({ ...environment(), PUBLIC_URL: origin });
});
