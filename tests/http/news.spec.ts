import { afterAll, beforeAll, expect, test } from "vitest";
import { locales } from "#app/domain/locale.ts";
import { signToken } from "#app/domain/token.server.ts";
import { newFormKey } from "#app/http/form-key.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { aMeeting, aSession, aWorkshop, givenRegistration, givenWorkshop } from "#tests/fixtures.ts";

/* Where announcements are asked for, and what is kept of it. */
const secret = "a-secret-that-only-who-wants-news-may-know";
const firm = "Formation Exemple inc.";
const workshop = aWorkshop();
let database: TestDatabase;
let app: RunningApp;
let sessionId: string;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	const workshopId = await givenWorkshop(db, workshop);
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
	sessionId = await scheduleSession(
		db,
		workshopId,
		aSession({ meetings: [aMeeting(inAMonth)] }),
		null,
		new Date(),
	);
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

async function read(path: string) {
	return (await fetch(app.url + path)).text();
}

async function send(path: string, fields: Record<string, string>) {
	const headers = { "Sec-Fetch-Site": "same-origin" };
	const body = new URLSearchParams(fields);
	return (await fetch(app.url + path, { method: "POST", headers, body, redirect: "manual" })).status;
}

test.each(locales)(
	"wherever announcements are asked for, who asks is named, and what was shown is kept (%s)",
	async (locale) => {
		const { db } = database;
		const wording = dictionary(locale).interest.consent(firm);
		expect(wording).toContain(firm);
		const { id } = await givenRegistration(db, sessionId, { email: `page.${locale}@exemple.ca`, locale });
		const email = await db
			.selectFrom("email")
			.select("id")
			.where("registrationId", "=", id)
			.executeTakeFirstOrThrow();
		const slug = locale === "fr" ? workshop.slugFr : workshop.slugEn;
		const typed = { date: sessionId, name: "Zoé Roy", organization: "", key: newFormKey([secret]) };
		const asked: [path: string, fields: Record<string, string>][] = [
			[paths.interest(locale), { email: `news.${locale}@exemple.ca`, consent: "yes" }],
			[
				paths.register(locale, slug, sessionId),
				{ ...typed, email: `seat.${locale}@exemple.ca`, news: "yes" },
			],
			[paths.preferences(locale, signToken(secret, "preferences", email.id)), { intent: "start" }],
		];
		for (const [path, fields] of asked) {
			expect(await read(path), path).toContain(wording);
			expect(await send(path, fields), path).toBe(303);
		}
		const kept = await db
			.selectFrom("interest")
			.select(["source", "wording"])
			.where("locale", "=", locale)
			.orderBy("source")
			.execute();
		expect(kept).toEqual(["news", "preferences", "registration"].map((source) => ({ source, wording })));
	},
);

test.each(locales)(
	"whoever finds no date that suits them is one link away from the next ones (%s)",
	async (locale) => {
		const withoutDates = aWorkshop();
		await givenWorkshop(database.db, withoutDates);
		const slugOf = (one: typeof workshop) => (locale === "fr" ? one.slugFr : one.slugEn);
		const link = `href="${paths.interest(locale)}"`;
		for (const path of [
			paths.list(locale),
			`${paths.list(locale)}?mots=personne-ne-dit-cela`,
			paths.workshop(locale, slugOf(workshop)),
			paths.workshop(locale, slugOf(withoutDates)),
			paths.register(locale, slugOf(withoutDates)),
		])
			expect(await read(path), path).toContain(link);
	},
);
