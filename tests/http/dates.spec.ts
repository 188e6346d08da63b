import { afterAll, beforeAll, expect, test } from "vitest";
import { locales } from "#app/domain/locale.ts";
import { formatDeadline, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { writtenOut } from "#db/queries/emails.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { aMeeting, aSession, aWorkshop, givenRegistration, givenWorkshop, zone } from "#tests/fixtures.ts";

/* What a date says of itself on the pages that announce it. */
const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600_000).toISOString().slice(0, 10);
let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
	database = await createTestDatabase();
	app = await startApp({ DATABASE_URL: database.url });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

/** A date of a workshop of its own, and its page in a language. */
async function givenDate(changes: Parameters<typeof aSession>[0]) {
	const workshop = aWorkshop();
	const workshopId = await givenWorkshop(database.db, workshop);
	const session = aSession({ meetings: [aMeeting(inDays(40))], ...changes });
	await scheduleSession(database.db, workshopId, session, null, new Date());
	return async (locale: "fr" | "en") => {
		const slug = locale === "fr" ? workshop.slugFr : workshop.slugEn;
		return (await fetch(app.url + paths.workshop(locale, slug))).text();
	};
}

test.each(locales)("a date that opens later says the hour too, on its day (%s)", async (locale) => {
	const opensAt = new Date(`${inDays(2)}T17:00:00Z`);
	const read = await givenDate({ opensAt });
	const opens = dictionary(locale).seats.opensOn(formatDeadline(opensAt, locale, zone));
	expect(await read(locale)).toContain(opens);
});

test.each(locales)("a date in a room of another zone than the firm’s names its zone (%s)", async (locale) => {
	const { db } = database;
	const named = formatZone(new Date(), locale, "America/Halifax");
	const [away, here] = [await givenDate({ zone: "America/Halifax" }), await givenDate({})];
	expect((await away(locale)).match(/<h3>.*?<\/h3>/)?.[0]).toContain(named);
	expect((await here(locale)).match(/<h3>.*?<\/h3>/)?.[0]).not.toContain(
		formatZone(new Date(), locale, zone),
	);
	const { id } = await db
		.selectFrom("session")
		.select("id")
		.where("zone", "=", "America/Halifax")
		.orderBy("createdAt", "desc")
		.executeTakeFirstOrThrow();
	const { id: registrationId } = await givenRegistration(db, id, { locale });
	const [email] = await writtenOut(db).where("registrationId", "=", registrationId).execute();
	expect(email!.text).toContain(named);
	expect(await (await fetch(app.url + paths.atom(locale))).text()).toContain(named);
});

test.each(locales)(
	"a date says until when its seats may be cancelled, as long as they may (%s)",
	async (locale) => {
		const cancelUntil = new Date(`${inDays(2)}T17:00:00Z`);
		const words = dictionary(locale).workshop;
		const until = words.cancelUntil(formatDeadline(cancelUntil, locale, zone));
		const read = await givenDate({ cancelUntil });
		expect((await read(locale)).replaceAll("<sup>er</sup>", "er")).toContain(until);
		const late = await givenDate({ cancelUntil: new Date(0) });
		expect(await late(locale)).toContain(words.cancelNoMore);
		const without = await givenDate({});
		expect(await without(locale)).not.toContain(words.cancelNoMore);
	},
);

test("where the first date is full, the page's button and the form's choice are the next one with a seat", async () => {
	const { db } = database;
	const workshop = aWorkshop();
	const workshopId = await givenWorkshop(db, workshop);
	const [full, free] = await Promise.all(
		[40, 47].map((days) => {
			const session = aSession({ capacity: 1, meetings: [aMeeting(inDays(days))] });
			return scheduleSession(db, workshopId, session, null, new Date());
		}),
	);
	await givenRegistration(db, full!);
	const read = async (path: string) => (await fetch(app.url + path)).text();
	const button = /<a class="button" href="([^"]+)"/;
	const page = await read(paths.workshop("fr", workshop.slugFr));
	expect(button.exec(page)?.[1]).toBe(paths.register("fr", workshop.slugFr, free));
	const form = await read(paths.register("fr", workshop.slugFr));
	expect(/<input[^>]*name="date"[^>]*checked=""[^>]*>/.exec(form)?.[0]).toContain(free);
	const asked = await read(paths.register("fr", workshop.slugFr, full));
	expect(/<input[^>]*name="date"[^>]*checked=""[^>]*>/.exec(asked)?.[0]).toContain(full);
});
