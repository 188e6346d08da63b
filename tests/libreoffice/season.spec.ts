import { readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { readXlsx } from "hucre";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatWhen } from "#app/i18n/format.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { type RunningApp, signInByConsole, startApp } from "#tests/app-process.ts";
import { findBrowser } from "#tests/browser.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { setUpSeason } from "#tests/e2e/set-up-season.ts";
import { seatsOf } from "#tests/fixtures.ts";
import { openOffice } from "./office.ts";

/*
 * A whole season, from an empty database: twenty dates set up through the pages in a browser, two hundred people who sign
 * up with the public forms, ten moved with ticks, and the files that the pages export, opened by LibreOffice.
 */
const office = await openOffice();
const { attendees, attendeeList, deeds } = fr.organizer;
let database: TestDatabase;
let app: RunningApp;
let browser: Browser;
let page: Page;

beforeAll(async () => {
	database = await createTestDatabase();
	app = await startApp({ DATABASE_URL: database.url });
	browser = await chromium.launch(await findBrowser());
	page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
	const [name = "", value = ""] = (await signInByConsole(app)).split("=");
	await page.context().addCookies([{ name, value, url: app.url }]);
}, 60_000);

afterAll(async () => {
	await office.close();
	await browser.close();
	await app.stop();
	await database.drop();
});

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
		const organization = organizations[number % organizations.length]!;
		const answer = await fetch(app.url + path, {
			method: "POST",
			headers: { "Sec-Fetch-Site": "same-origin" },
			body: new URLSearchParams({ ...form, organization }),
			redirect: "manual",
		});
		await answer.text();
		if (answer.status === 303) return;
		// Too many at once for this machine: the same form goes again, as its page proposes.
		if (answer.status !== 503) throw new Error(`${answer.status} for person ${number}`);
		await delay(200);
	}
}

/** The dates as they follow each other, with the address of their form. */
async function datesOfTheSeason() {
	const rows = await database.db
		.selectFrom("session")
		.innerJoin("workshop", "workshop.id", "session.workshopId")
		.select(["session.id", "joinUrl", "slugFr"])
		.orderBy("startsAt")
		.execute();
	return rows.map(({ slugFr, ...date }) => ({ ...date, path: paths.register("fr", slugFr) }));
}

test("a season is set up from nothing, two hundred people sign up, some are moved, and LibreOffice reads each where they are", async () => {
	const { db } = database;
	await setUpSeason(page, app.url);
	const dates = await datesOfTheSeason();
	expect(dates).toHaveLength(20);
	const numbers = Array.from({ length: 200 }, (_, number) => number);
	for (let from = 0; from < numbers.length; from += 20) {
		await Promise.all(
			numbers.slice(from, from + 20).map((number) => {
				const { id, path } = dates[number % dates.length]!;
				return signUp(path, id, number);
			}),
		);
	}

	// Everyone of the first date online goes to the second, which has room for both.
	const [first, second] = dates.filter(({ joinUrl }) => joinUrl !== "").map(({ id }) => id) as [
		string,
		string,
	];
	await page.goto(app.url + paths.organizer.session(first));
	const one = await db.selectFrom("registration").select("id").where("sessionId", "=", first).execute();
	await page.getByLabel(attendeeList.chooseAll).check();
	await page.locator("#chosen").getByRole("button", { name: attendeeList.move }).click();
	await page.locator(`[name=date][value="${second}"]`).check();
	await page.getByRole("button", { name: attendeeList.moveYes(10) }).click();
	await page.getByRole("button", { name: deeds.undo }).waitFor();
	await db.updateTable("deed").set({ dueAt: new Date() }).execute();
	await page.getByRole("heading", { name: attendeeList.moved(10) }).waitFor();
	expect(await seatsOf(db, first)).toMatchObject({ taken: 0, recount: { taken: 0 } });
	expect(await seatsOf(db, second)).toMatchObject({ taken: 20, recount: { taken: 20 } });

	// Their pages are found at the old addresses too.
	const person = `/registrations/${one[0]!.id}`;
	await page.goto(app.url + paths.organizer.session(first) + person);
	expect(page.url()).toBe(app.url + paths.organizer.session(second) + person);

	const expected = await expectedRows();
	expect(expected).toHaveLength(200);
	for (const [kind, file, reading] of [
		["xlsx", "attendees.xlsx", undefined],
		["csv", "attendees.csv", "CSV:59,34,76,1,1/2/2/2/3/2/4/2/5/2/6/2/7/2/8/2/9/2/10/2"],
	] as const) {
		await page.goto(app.url + paths.organizer.attendees());
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("link", { name: attendees[kind] }).click(),
		]);
		const exported = new Uint8Array(await readFile(await download.path()));
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
