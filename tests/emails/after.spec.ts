import { afterAll, afterEach, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { queueDueThanks } from "#app/use-cases/queue-thanks.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	emailsAbout,
	givenRegistration,
	givenRegistrations,
	givenSession,
	now,
	origin,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
afterEach(() => db.updateTable("session").set({ thanks: false }).execute());

const nextMorning = new Date("2026-12-02T09:00:00-05:00");
const feedbackUrl = "https://avis.exemple.ca/decembre";

async function thanksOf(sessionId: string) {
	return (await emailsAbout(db, sessionId)).filter(({ kind }) => kind === "thanks");
}

test("the morning after the last meeting, who had a seat is thanked, once, in their language", async () => {
	const id = await givenSession(db, { capacity: 3, feedbackUrl });
	const [french, english, left] = await givenRegistrations(db, id, [{}, { locale: "en" }, {}, {}]);
	await cancelRegistration(db, origin, left!.id, { attendee: true }, now);
	expect(await queueDueThanks(db, origin, new Date("2026-12-02T08:59:00-05:00"))).toBe(0);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(3);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(0);
	const [first, second] = await thanksOf(id);
	expect(first).toMatchObject({ registrationId: french!.id, locale: "fr" });
	expect(first!.subject.replace("\u00a0", " ")).toBe(
		"Merci de votre participation : Les médias sociaux en entreprise",
	);
	expect(first!.html).toContain(`href="${feedbackUrl}"`);
	expect(second).toMatchObject({ registrationId: english!.id, locale: "en" });
});

test("a course is over when its last meeting is, and instances together thank once", async () => {
	const meetings: [ReturnType<typeof aMeeting>, ReturnType<typeof aMeeting>] = [
		aMeeting("2026-12-01"),
		aMeeting("2026-12-08"),
	];
	const id = await givenSession(db, { meetings });
	await givenRegistration(db, id);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(0);
	const morning = new Date("2026-12-09T09:00:00-05:00");
	await Promise.all([1, 2, 3].map(() => queueDueThanks(db, origin, morning)));
	expect(await thanksOf(id)).toHaveLength(1);
});

test("who was thanked for one date and moved to another is thanked for that one too", async () => {
	const id = await givenSession(db, { feedbackUrl });
	const person = await givenRegistration(db, id);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(1);
	const { workshop } = (await findSessionDetails(db, id))!;
	const later = aSession({ meetings: [aMeeting("2026-12-08")] });
	const other = await scheduleSession(db, workshop.id, later, null, now);
	await db.updateTable("registration").set({ sessionId: other }).where("id", "=", person.id).execute();
	const morning = new Date("2026-12-09T09:00:00-05:00");
	expect(await queueDueThanks(db, origin, morning)).toBe(1);
	expect(await queueDueThanks(db, origin, morning)).toBe(0);
	expect(await thanksOf(other)).toHaveLength(2);
});

test("who was recorded as absent throughout is not thanked; who missed one meeting of two is", async () => {
	const meetings: [ReturnType<typeof aMeeting>, ReturnType<typeof aMeeting>] = [
		aMeeting("2026-11-24"),
		aMeeting("2026-12-01"),
	];
	const id = await givenSession(db, { meetings });
	const [absent, once, unknown] = await givenRegistrations(db, id, [{}, {}, {}]);
	const { meetings: held } = (await findSessionDetails(db, id))!;
	const record = (registrationId: string, meeting: number, status: "present" | "absent") =>
		db
			.insertInto("attendance")
			.values({ registrationId, meetingId: held[meeting]!.id, status, recordedAt: now })
			.execute();
	await record(absent!.id, 0, "absent");
	await record(absent!.id, 1, "absent");
	await record(once!.id, 0, "absent");
	await record(once!.id, 1, "present");
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(2);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(0);
	const thanked = (await thanksOf(id)).map(({ registrationId }) => registrationId);
	expect(thanked.sort()).toEqual([once!.id, unknown!.id].sort());
});

test("nobody is thanked for a date that was cancelled, or where an organizer wants no thanks", async () => {
	const cancelled = await givenSession(db);
	await givenRegistration(db, cancelled);
	await db.updateTable("session").set({ cancelledAt: now }).where("id", "=", cancelled).execute();
	const silent = await givenSession(db, { thanks: false });
	await givenRegistration(db, silent);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(0);
});

test("without a feedback page the thanks lead to the person's own page, and the workshop's page serves every session", async () => {
	const id = await givenSession(db);
	await givenRegistration(db, id);
	await queueDueThanks(db, origin, nextMorning);
	const [plain] = await thanksOf(id);
	expect(plain!.html).toContain('href="{{manage_url}}"');
	expect(plain!.text).not.toContain("Deux minutes");

	const other = await givenSession(db);
	await db
		.updateTable("workshop")
		.set({ feedbackUrl })
		.where("id", "=", (eb) => eb.selectFrom("session").select("workshopId").where("id", "=", other))
		.execute();
	await givenRegistration(db, other);
	await queueDueThanks(db, origin, nextMorning);
	expect((await thanksOf(other))[0]!.text).toContain(feedbackUrl);
});

test("whoever was erased is not looked for every minute", async () => {
	const id = await givenSession(db, { feedbackUrl });
	const [gone] = await givenRegistrations(db, id, [{}, {}, {}]);
	const after = new Date("2026-12-01T18:00:00-05:00");
	await eraseRegistration(db, origin, gone!.id, { attendee: true }, after);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(2);
	expect(await queueDueThanks(db, origin, nextMorning)).toBe(0);
});
