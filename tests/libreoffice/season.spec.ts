import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { readXlsx } from "hucre";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatWhen } from "#app/i18n/format.ts";
import { fr } from "#app/i18n/fr.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	givenOrganizer,
	givenOrganizerCookie,
	givenWorkshop,
	seatsOf,
} from "#tests/fixtures.ts";
import { openOffice } from "./office.ts";

/*
 * A season: twenty dates, two hundred people who sign up through the public pages, ten moved in bulk through the back
 * office, and the files that it exports, opened by LibreOffice.
 */
const office = await openOffice();
let database: TestDatabase;
let app: RunningApp;
let cookie: string;

beforeAll(async () => {
	database = await createTestDatabase();
	cookie = await givenOrganizerCookie(database.db, (await givenOrganizer(database.db)).id);
	app = await startApp({ DATABASE_URL: database.url });
}, 60_000);

afterAll(async () => {
	await office.close();
	await app.stop();
	await database.drop();
});

function ask(path: string, form?: Record<string, string> | [string, string][]) {
	return fetch(app.url + path, {
		method: form ? "POST" : "GET",
		headers: { "Sec-Fetch-Site": "same-origin", Cookie: cookie },
		body: form && new URLSearchParams(form),
		redirect: "manual",
	});
}

async function openDates(count: number): Promise<{ ids: string[]; path: string }> {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const ids: string[] = [];
	for (let week = 0; week < count; week++) {
		const day = new Date(Date.now() + (30 + 7 * week) * 24 * 3600 * 1000).toISOString().slice(0, 10);
		const session = aSession({ capacity: 20, meetings: [aMeeting(day)] });
		ids.push(await scheduleSession(db, workshopId, session, null, new Date()));
	}
	const { slugFr } = await db
		.selectFrom("workshop")
		.select("slugFr")
		.where("id", "=", workshopId)
		.executeTakeFirstOrThrow();
	return { ids, path: `/ateliers/${slugFr}/inscription` };
}

const organizations = [
	"Coop Nord",
	"Œuvre du Cœur; Québec",
	"=1+1",
	"+1 514 555-0100",
	"00123",
	"« L’Été »\tinc.",
];

async function signUp(path: string, date: string, number: number): Promise<void> {
	const page = await (await fetch(app.url + path)).text();
	const key = /name="key" value="([^"]+)"/.exec(page)![1]!;
	const name = `Éloïse Côté-${number} 👩🏽‍🏫`;
	const form = { date, name, email: `personne.${number}@exemple.ca`, key };
	for (;;) {
		const answer = await ask(path, { ...form, organization: organizations[number % organizations.length]! });
		await answer.text();
		if (answer.status === 303) return;
		// Too many at once for this machine: the same form goes again, as its page proposes.
		if (answer.status !== 503) throw new Error(`${answer.status} for person ${number}`);
		await delay(200);
	}
}

test("two hundred people sign up, some are moved, and the exports hold every one of them where they are", async () => {
	const { db } = database;
	const { ids, path } = await openDates(20);
	const numbers = Array.from({ length: 200 }, (_, number) => number);
	for (let from = 0; from < numbers.length; from += 20) {
		await Promise.all(
			numbers.slice(from, from + 20).map((number) => signUp(path, ids[number % ids.length]!, number)),
		);
	}

	const [first, second] = ids as [string, string];
	const chosen = await db.selectFrom("registration").select("id").where("sessionId", "=", first).execute();
	const moved = await ask(`/organizer/sessions/${first}/chosen`, [
		["quoi", "deplacer"],
		["date", second],
		["key", randomUUID()],
		...chosen.map(({ id }): [string, string] => ["personne", id]),
	]);
	expect(moved.status).toBe(303);
	expect(await (await ask(moved.headers.get("Location")!)).text()).toContain(fr.organizer.deeds.undo);
	await db.updateTable("deed").set({ dueAt: new Date() }).execute();
	await expect
		.poll(async () => (await db.selectFrom("deed").select("state").executeTakeFirst())?.state, {
			timeout: 20_000,
		})
		.toBe("done");
	expect(await (await ask(moved.headers.get("Location")!)).text()).toContain(
		fr.organizer.attendeeList.moved(10),
	);
	expect(await seatsOf(db, first)).toMatchObject({ taken: 0, recount: { taken: 0 } });
	expect(await seatsOf(db, second)).toMatchObject({ taken: 20, recount: { taken: 20 } });

	// Their pages are found at the old addresses too.
	const [{ id }] = chosen as [{ id: string }];
	const old = await ask(`/organizer/sessions/${first}/registrations/${id}`);
	expect([old.status, old.headers.get("Location")]).toEqual([
		302,
		`/organizer/sessions/${second}/registrations/${id}`,
	]);

	const expected = await expectedRows();
	expect(expected).toHaveLength(200);
	for (const [file, reading] of [
		["attendees.xlsx", undefined],
		["attendees.csv", "CSV:59,34,76,1,1/2/2/2/3/2/4/2/5/2/6/2/7/2/8/2/9/2/10/2"],
	] as const) {
		const exported = new Uint8Array(await (await ask(`/organizer/${file}`)).arrayBuffer());
		const saved = await readXlsx(await office.convert(file, exported, "xlsx", reading));
		const [headings, ...rows] = saved.sheets[0]!.rows;
		const at = ["Nom", "Courriel", "Organisation", "État", "Séance"].map((heading) =>
			headings!.indexOf(heading),
		);
		const read = rows.map((row) => at.map((index) => row[index] ?? null));
		expect(read.sort(byEmail), file).toEqual(expected);
	}
}, 240_000);

function byEmail(a: unknown[], b: unknown[]): number {
	return String(a[1]) < String(b[1]) ? -1 : 1;
}

/** Everyone as the database has them, in the words of the exports. */
async function expectedRows() {
	const { db } = database;
	const people = await db
		.selectFrom("registration")
		.select(["name", "email", "organization", "sessionId"])
		.execute();
	const dates = new Map<string, string>();
	for (const { sessionId } of people) {
		const details = (await findSessionDetails(db, sessionId))!;
		dates.set(sessionId, formatWhen(details.meetings, "fr", details.session.zone));
	}
	const kept = (organization: string) => (organization === "=1+1" ? "'=1+1" : organization);
	return people
		.map(({ name, email, organization, sessionId }) => [
			name,
			email,
			kept(organization),
			fr.statusWord.confirmed,
			dates.get(sessionId),
		])
		.sort(byEmail);
}
