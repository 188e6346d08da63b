import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { queueDueReminders } from "#app/use-cases/queue-reminders.server.ts";
import { type SessionInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { openDatabase } from "#db/client.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	emailsAbout,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	origin,
	warmUp,
} from "#tests/fixtures.ts";
import { deliverAll, givenMailServer } from "./delivery.ts";

const { db, url, drop } = await createTestDatabase();
afterAll(drop);
afterEach(async () => {
	await db.updateTable("session").set({ cancelledAt: new Date() }).execute();
	await db.updateTable("email").set({ status: "cancelled" }).where("status", "=", "queued").execute();
});

const organizer = await givenOrganizer(db);

/** Toronto time, in the winter of the tests. */
function at(text: string): Date {
	return new Date(`${text}:00-05:00`);
}
const monday10 = at("2026-11-30T10:00");

function remind(now: Date): Promise<number> {
	return queueDueReminders(db, origin, now);
}

async function remindersOf(sessionId: string) {
	const emails = await emailsAbout(db, sessionId);
	return emails.filter(({ kind }) => kind === "reminder");
}

async function move(id: string, changes: Partial<SessionInput>, now: Date) {
	const { revision } = await db
		.selectFrom("session")
		.select("revision")
		.where("id", "=", id)
		.executeTakeFirstOrThrow();
	const result = await changeSession(
		db,
		origin,
		{ id, revision },
		aSession(changes),
		{ organizerId: organizer.id, tell: false },
		now,
	);
	if (!result.ok) throw new Error(result.reason);
}

test("everyone with a seat is reminded the weekday before at ten, once, in their language", async () => {
	const id = await givenSession(db);
	await givenRegistrations(db, id, [{ locale: "fr" }, { locale: "en" }]);
	expect(await remind(at("2026-11-30T09:59"))).toBe(0);
	expect(await remind(monday10)).toBe(2);
	expect(await remind(monday10)).toBe(0);
	expect(await remind(at("2026-12-01T09:29"))).toBe(0);
	const reminders = await remindersOf(id);
	expect(reminders.map(({ subject }) => subject.replaceAll("\u00a0", " "))).toEqual([
		"Rappel : Les médias sociaux en entreprise, mardi 1er décembre",
		"Reminder: Social media at work, Tuesday, December 1",
	]);
	for (const { calendar, text, expiresAt } of reminders) {
		expect(calendar).toContain("DTSTART;TZID=America/Toronto:20261201T093000");
		expect(text).toContain("{{manage_url}}");
		expect(expiresAt).toEqual(at("2026-12-01T09:30"));
	}
});

test("nobody is reminded who waits, has left, or whose session is cancelled", async () => {
	const id = await givenSession(db, { capacity: 2 });
	const [stays, leaves, seated, waits] = await givenRegistrations(db, id, Array(4).fill({}));
	await cancelRegistration(db, origin, leaves!.id, { attendee: true }, at("2026-11-24T10:00"));
	expect(await remind(monday10)).toBe(2);
	const reminded = (await remindersOf(id)).map(({ registrationId }) => registrationId);
	expect(reminded.sort()).toEqual([stays!.id, seated!.id].sort());
	expect(reminded).not.toContain(waits!.id);

	const cancelled = await givenSession(db);
	await givenRegistration(db, cancelled);
	await db.updateTable("session").set({ cancelledAt: monday10 }).where("id", "=", cancelled).execute();
	expect(await remind(monday10)).toBe(0);
});

test("a reminder that has not left goes away with the person", async () => {
	const id = await givenSession(db);
	const person = await givenRegistration(db, id);
	await remind(monday10);
	await cancelRegistration(db, origin, person.id, { attendee: true }, monday10);
	expect(await remindersOf(id)).toMatchObject([{ status: "cancelled" }]);
	expect(await remind(at("2026-11-30T10:01"))).toBe(0);
});

test("whoever was told of the date since the reminder was due gets no reminder", async () => {
	const id = await givenSession(db);
	const late = await givenRegistration(db, id);
	const email = { createdAt: at("2026-11-30T10:30") };
	await db.updateTable("email").set(email).where("registrationId", "=", late.id).execute();
	const early = await givenRegistration(db, id);
	expect(await remind(at("2026-11-30T11:00"))).toBe(1);
	expect(await remindersOf(id)).toMatchObject([{ registrationId: early.id }]);
});

test("where seats are sent as invitations, an invitation counts as having been told", async () => {
	await db.updateTable("firm").set({ calendarInvitations: true }).execute();
	onTestFinished(async () => {
		await db.updateTable("firm").set({ calendarInvitations: false }).execute();
	});
	const id = await givenSession(db);
	const late = await givenRegistration(db, id);
	const [invitation] = await emailsAbout(db, id);
	expect(invitation).toMatchObject({ kind: "confirmation", calendarMethod: "REQUEST" });
	expect(invitation!.calendar!.replaceAll("\r\n ", "")).toContain(`:mailto:${late.email}\r\n`);
	const email = { createdAt: at("2026-11-30T10:30") };
	await db.updateTable("email").set(email).where("registrationId", "=", late.id).execute();
	expect(await remind(at("2026-11-30T11:00"))).toBe(0);
	await cancelRegistration(db, origin, late.id, { attendee: true }, at("2026-11-30T12:00"));
	const [, withdrawal] = await emailsAbout(db, id);
	expect(withdrawal).toMatchObject({ kind: "cancellation", calendarMethod: "CANCEL" });
});

test("a session that moves is followed: the old reminder does not leave, the new one does", async () => {
	const id = await givenSession(db);
	await givenRegistration(db, id);
	await remind(monday10);
	await move(id, { meetings: [aMeeting("2026-12-08")] }, at("2026-11-30T10:05"));
	expect(await remindersOf(id)).toMatchObject([{ status: "cancelled" }]);
	expect(await remind(at("2026-11-30T10:06"))).toBe(0);
	expect(await remind(at("2026-12-07T10:00"))).toBe(1);
	const [, second] = await remindersOf(id);
	expect(second).toMatchObject({
		status: "queued",
		subject: expect.stringContaining("mardi 8\u00a0décembre"),
	});
});

test("a change that moves nothing reminds nobody twice", async () => {
	const id = await givenSession(db);
	await givenRegistration(db, id);
	await remind(monday10);
	await move(id, { capacity: 40 }, at("2026-11-30T10:05"));
	expect(await remind(at("2026-11-30T10:06"))).toBe(0);
});

test("each meeting has its reminder, as many days before as the session says, or none", async () => {
	const meetings: SessionInput["meetings"] = [aMeeting("2026-12-01"), aMeeting("2026-12-08")];
	const plan = { reminderDays: 2, reminderWeekdays: false, reminderTime: "07:30" };
	const id = await givenSession(db, { meetings, ...plan });
	await givenRegistration(db, id);
	const none = await givenSession(db, { reminderDays: null });
	await givenRegistration(db, none);
	expect(await remind(at("2026-11-29T07:29"))).toBe(0);
	expect(await remind(at("2026-11-29T07:30"))).toBe(1);
	expect(await remind(at("2026-12-06T07:30"))).toBe(1);
	const [first, second] = await remindersOf(id);
	expect(first!.text).toContain("la rencontre 1 sur 2");
	expect(second!.text).toContain("la rencontre 2 sur 2");
});

test("after an outage, who can still come is reminded, and nobody of a meeting that has begun", async () => {
	const id = await givenSession(db);
	await givenRegistration(db, id);
	expect(await remind(at("2026-12-01T09:30"))).toBe(0);
	expect(await remind(at("2026-12-01T08:00"))).toBe(1);
	const { smtp, transport } = await givenMailServer();
	await deliverAll(db, transport, at("2026-12-01T09:30"));
	expect(await remindersOf(id)).toMatchObject([{ status: "cancelled" }]);
	expect(smtp.arrived.map(({ subject }) => subject).join()).not.toContain("Rappel");
});

test("only an online session's reminder has the link to join", async () => {
	const joinUrl = "https://visio.exemple.ca/salle";
	const id = await givenSession(db, { online: true, place: "", address: "", joinUrl });
	await givenRegistration(db, id);
	await remind(monday10);
	const [email] = await remindersOf(id);
	expect(email!.html).toContain(`href="${joinUrl}"`);
	expect(email!.text).toContain(joinUrl);
	expect(email!.calendar).toContain(joinUrl);
});

test("any number of instances queue one reminder for each person", async () => {
	const id = await givenSession(db, { capacity: 300 });
	await givenRegistrations(db, id, Array(250).fill({}));
	const instances = Array.from({ length: 4 }, () => openDatabase({ connectionString: url }));
	for (const instance of instances) onTestFinished(instance.close);
	await Promise.all(instances.map((instance) => warmUp(instance.db)));
	const queued = await Promise.all(
		instances.flatMap((instance) => [0, 1].map(() => queueDueReminders(instance.db, origin, monday10))),
	);
	expect(queued.reduce((sum, count) => sum + count, 0)).toBe(250);
	const reminders = await remindersOf(id);
	expect(reminders).toHaveLength(250);
	expect(new Set(reminders.map(({ registrationId }) => registrationId)).size).toBe(250);
});

test("whoever is reminded of one date and moves to another is reminded of that one too", async () => {
	const id = await givenSession(db);
	const person = await givenRegistration(db, id);
	expect(await remind(monday10)).toBe(1);
	const { workshop } = (await findSessionDetails(db, id))!;
	const later = aSession({ meetings: [aMeeting("2026-12-08")] });
	const other = await scheduleSession(db, workshop.id, later, null, monday10);
	const by = { organizerId: organizer.id };
	expect(await switchSession(db, origin, person.id, other, by, monday10)).toEqual({ ok: true });
	expect(await remind(at("2026-12-07T10:00"))).toBe(1);
	expect(await remind(at("2026-12-07T10:01"))).toBe(0);
	expect((await remindersOf(other)).at(-1)!.subject).toMatch(/mardi 8.décembre$/);
});

test("a reminder that has not left when the room changes is written again with the new one", async () => {
	const id = await givenSession(db);
	await givenRegistration(db, id);
	expect(await remind(monday10)).toBe(1);
	await db.updateTable("email").set({ status: "sent" }).where("kind", "=", "confirmation").execute();
	await move(id, { place: "Québec, Limoilou" }, at("2026-11-30T10:05"));
	expect(await remind(at("2026-11-30T10:06"))).toBe(1);
	expect(await remind(at("2026-11-30T10:07"))).toBe(0);
	const reminders = await remindersOf(id);
	expect(reminders.map(({ status }) => status)).toEqual(["cancelled", "queued"]);
	expect(reminders[1]!.text).toContain("Limoilou");
});
