import { afterAll, beforeAll, expect, test } from "vitest";
import { type Locale, locales } from "#app/domain/locale.ts";
import { signToken } from "#app/domain/token.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { saveDraft } from "#app/use-cases/write-campaign.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	emailsAbout,
	givenOrganizer,
	givenOrganizerCookie,
	givenRegistration,
	givenSession,
	now,
} from "#tests/fixtures.ts";

/* What organizers and visitors see of somebody whose time is over. */
const secret = "a-secret-of-this-test-and-no-other-one";
let database: TestDatabase;
let app: RunningApp;
let sessionId: string;
let person: Awaited<ReturnType<typeof givenRegistration>>;
const cookies = new Map<Locale, string>();

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	sessionId = await givenSession(db);
	person = await givenRegistration(db, sessionId, { name: "Zoé Canari" });
	for (const locale of locales) {
		const { id } = await givenOrganizer(db, { locale });
		cookies.set(locale, await givenOrganizerCookie(db, id));
		const words = { subjectFr: "Zoé Canari", subjectEn: "", bodyFr: "Bonjour", bodyEn: "" };
		await saveDraft(db, sessionId, null, { ...words, audience: "confirmed" }, id, now);
	}
	expect(await erasePast(db, new Date("2028-12-02T07:00:00Z"))).toBe(1);
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

test.each(locales)(
	"organizers read of each page that somebody is erased, in their language (%s)",
	async (locale) => {
		const [email] = await emailsAbout(database.db, sessionId);
		const ask = async (path: string) => {
			const answer = await fetch(app.url + path, { headers: { Cookie: cookies.get(locale)! } });
			expect(answer.status, path).toBe(200);
			const body = await answer.text();
			expect(body, path).not.toContain("Canari");
			return body;
		};
		const { organizer } = paths;
		const word = dictionary(locale).organizer.erased;
		const list = await ask(organizer.session(sessionId));
		expect(list).toContain(`href="${organizer.registration(sessionId, person.id)}">${word}</a>`);
		for (const path of [
			organizer.attendees(),
			organizer.audit(),
			organizer.registration(sessionId, person.id),
			organizer.emails(),
			organizer.email(email!.id),
			organizer.message(sessionId),
		])
			expect(await ask(path), path).toContain(`>${word}</`);
		const page = await ask(organizer.registration(sessionId, person.id));
		expect(page).not.toContain('name="sortName"');
		expect(page).toContain(dictionary(locale).organizer.audit.actions["registration.erased"]);
		expect(await ask(organizer.email(email!.id))).not.toContain(
			`>${dictionary(locale).organizer.emails.resend}<`,
		);
		// The file still counts them.
		expect((await ask(organizer.csv(sessionId))).trim().split("\r\n")).toHaveLength(2);
	},
);

test("the links that they had are those of nobody", async () => {
	for (const path of [
		paths.manage("fr", signToken(secret, "manage", person.id)),
		paths.booked("fr", signToken(secret, "booking", person.bookingId)),
	])
		expect((await fetch(app.url + path)).status, path).toBe(404);
});

test.each(locales)(
	"the privacy page says how long, for people and for announcements (%s)",
	async (locale) => {
		const page = await (await fetch(app.url + paths.privacy(locale))).text();
		const { long, longAnnounced } = dictionary(locale).privacy;
		for (const sentence of [long(24), longAnnounced(24)]) expect(page).toContain(sentence);
	},
);
