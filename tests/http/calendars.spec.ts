import { afterAll, beforeAll, expect, test } from "vitest";
import { locales } from "#app/domain/locale.ts";
import { signToken } from "#app/domain/token.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { renewCalendar } from "#app/use-cases/change-own.server.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";
import { type SessionInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWorkshop,
	minutesLater,
	now,
	origin,
} from "#tests/fixtures.ts";
import { eventsOf } from "../exports/calendars.ts";

const secret = "a-secret-that-only-these-calendars-may-know";
const joinUrl = "https://visio.exemple.ca/salle";

let database: TestDatabase;
let app: RunningApp;

beforeAll(async () => {
	database = await createTestDatabase();
	app = await startApp({ DATABASE_URL: database.url, COOKIE_SECRET: secret });
});
afterAll(async () => {
	await app.stop();
	await database.drop();
});

/** A date far enough to come that the running app, which lives today, still shows it. */
function aFarSession(changes: Partial<SessionInput> = {}) {
	return givenSession(database.db, {
		meetings: [aMeeting("2031-02-11"), aMeeting("2031-02-18")],
		...changes,
	});
}

async function subscribe(path: string, headers: Record<string, string> = {}) {
	const answer = await fetch(app.url + path, { headers });
	return { status: answer.status, etag: answer.headers.get("ETag") ?? "", content: await answer.text() };
}

type Place = { id: string; tokenVersion: number };
const ownCalendar = (place: Place, locale: "fr" | "en" = "fr") =>
	paths.ownCalendar(locale, signToken(secret, "calendar", place.id, place.tokenVersion));

test("a person's calendar has all their dates, at one address; what they cancelled stays, as cancelled", async () => {
	const { db } = database;
	const email = "zoe.calendrier@exemple.ca";
	const online = await aFarSession({ online: true, place: "", address: "", joinUrl });
	const first = await givenRegistration(db, online, { email });
	const second = await givenRegistration(db, await aFarSession(), { email: email.toUpperCase() });
	await givenRegistration(db, online);
	const full = await aFarSession({ capacity: 1 });
	const [, waits] = await givenRegistrations(db, full, [{}, { email }]);
	expect(waits!.status).toBe("waitlisted");

	const before = await subscribe(ownCalendar(first));
	const events = eventsOf(before.content);
	expect(events).toHaveLength(4);
	expect(events.map(({ uid }) => uid.replace("-2@", "@"))).toEqual(
		expect.arrayContaining([first.calendarUid, second.calendarUid]),
	);
	expect(before.content).toContain(joinUrl);
	expect(await subscribe(ownCalendar(first), { "If-None-Match": before.etag })).toMatchObject({
		status: 304,
	});

	await cancelRegistration(db, origin, first.id, { attendee: true }, now);
	const after = await subscribe(ownCalendar(second), { "If-None-Match": before.etag });
	expect(after.status).toBe(200);
	const cancelled = eventsOf(after.content).filter(({ status }) => status === "CANCELLED");
	expect(cancelled.map(({ uid }) => uid)).toContain(first.calendarUid);
	expect(cancelled[0]!.sequence).toBe(1);
	expect(after.content).not.toContain(joinUrl);
	expect((await subscribe(ownCalendar(second, "en"))).content).toContain("Social media at work");
});

test("correcting the address ends the calendar's own, and somebody else's opens nothing", async () => {
	const { db } = database;
	const place = await givenRegistration(db, await aFarSession());
	expect((await subscribe(ownCalendar(place))).status).toBe(200);
	const { name, locale } = place;
	const to = { name, locale, email: "autre.adresse@exemple.ca" };
	await correctPlace(db, origin, place.id, to, { attendee: true }, minutesLater(1));
	expect((await subscribe(ownCalendar(place))).status).toBe(404);
	const manage = signToken(secret, "manage", place.id, place.tokenVersion + 1);
	expect((await subscribe(paths.ownCalendar("fr", manage))).status).toBe(404);
});

test("an organizer's calendar has every date with its seats until its address is renewed", async () => {
	const { db } = database;
	const organizer = await givenOrganizer(db);
	const id = await aFarSession({ capacity: 12, minimum: 3 });
	await givenRegistration(db, id);
	const gone = await aFarSession();
	await db.updateTable("session").set({ cancelledAt: now }).where("id", "=", gone).execute();
	const draft = await aFarSession({ published: false });
	const address = paths.organizerCalendar(signToken(secret, "organizer-calendar", organizer.id));
	const { content, etag } = await subscribe(address);
	const events = eventsOf(content);
	const of = (sessionId: string) => events.filter(({ uid }) => uid.includes(sessionId));
	expect(of(id)).toMatchObject([{ status: "TENTATIVE" }, { status: "TENTATIVE" }]);
	expect(of(id)[0]!.description).toContain("1 sur 12");
	expect(of(gone)).toMatchObject([{ status: "CANCELLED" }, { status: "CANCELLED" }]);
	expect(of(draft)).toEqual([]);
	expect((await subscribe(address, { "If-None-Match": etag })).status).toBe(304);

	await renewCalendar(db, organizer.id, now);
	expect((await subscribe(address)).status).toBe(404);
	const next = paths.organizerCalendar(signToken(secret, "organizer-calendar", organizer.id, 2));
	expect((await subscribe(next)).status).toBe(200);
	await db.updateTable("organizer").set({ revokedAt: now }).where("id", "=", organizer.id).execute();
	expect((await subscribe(next)).status).toBe(404);
});

test("the public calendar answers whoever has it already that nothing changed", async () => {
	await aFarSession();
	const { status, etag, content } = await subscribe("/ateliers.ics");
	expect(status).toBe(200);
	expect(eventsOf(content).length).toBeGreaterThan(0);
	expect((await subscribe("/ateliers.ics", { "If-None-Match": etag })).status).toBe(304);
});

test.each(locales)("the page of a confirmation stops telling the date that was left (%s)", async (locale) => {
	const { db } = database;
	const workshopId = await givenWorkshop(db);
	const [left = "", right = ""] = await Promise.all(
		["2031-03-04", "2031-03-11"].map((day) =>
			scheduleSession(db, workshopId, aSession({ meetings: [aMeeting(day)] }), null, now),
		),
	);
	const place = await givenRegistration(db, left, { locale });
	const token = signToken(secret, "booking", place.bookingId);
	const words = dictionary(locale).booked;
	const told = async () => {
		const { content } = await subscribe(paths.booked(locale, token));
		const entry = await subscribe(paths.bookedCalendar(locale, token));
		return {
			title: /<h1>(.*?)<\/h1>/.exec(content)![1],
			day: /2031/.test(content.replace(/<[^>]*>/g, "")),
			entry: /DTSTART[^\r]*20310304/.test(entry.content) || entry.status,
		};
	};

	const reserved = { title: words.confirmedTitle, day: true, entry: true };
	expect(await told()).toEqual(reserved);
	await switchSession(db, origin, place.id, right, { attendee: true }, now);
	expect(await told()).toEqual({ title: words.movedTitle, day: false, entry: 404 });
	await switchSession(db, origin, place.id, left, { attendee: true }, now);
	expect(await told()).toEqual(reserved);
});
