import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { newId } from "#db/id.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	emailsAbout,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
	seatsOf,
	warmUp,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const attendee = { attendee: true } as const;

function cancel(id: string, at = now) {
	return cancelRegistration(db, origin, id, attendee, at);
}

async function statusOf(id: string) {
	return (await findRegistration(db, id))?.status;
}

async function auditAbout(sessionId: string) {
	return db
		.selectFrom("audit")
		.select(["actor", "action", "organizerId", "bookingId", "registrationId", "data"])
		.where("sessionId", "=", sessionId)
		.where("action", "in", ["registration.cancelled", "registration.seated", "waitlist.skipped"])
		.orderBy("id")
		.execute();
}

test("cancelling frees the seat and says so", async () => {
	const sessionId = await givenSession(db);
	const [zoe] = await givenRegistrations(db, sessionId, [{ name: "Zoé Roy" }, {}]);
	expect(await cancel(zoe!.id, minutesLater(5))).toEqual({ ok: true });
	expect(await findRegistration(db, zoe!.id)).toMatchObject({
		status: "cancelled",
		cancelReason: "attendee",
		cancelledAt: minutesLater(5),
	});
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 1,
		waiting: 0,
		recount: { taken: 1, waiting: 0 },
	});
	expect((await emailsAbout(db, sessionId)).at(-1)).toMatchObject({
		kind: "cancellation",
		registrationId: zoe!.id,
		toName: "Zoé Roy",
		subject: "Inscription annulée\u00a0: Les médias sociaux en entreprise, mardi 1er\u00a0décembre",
	});
	expect(await auditAbout(sessionId)).toEqual([
		{
			actor: "attendee",
			action: "registration.cancelled",
			organizerId: null,
			bookingId: zoe!.bookingId,
			registrationId: zoe!.id,
			data: { was: "confirmed" },
		},
	]);
});

test("the calendar's entry is withdrawn: same UID, a higher SEQUENCE", async () => {
	const sessionId = await givenSession(db);
	const { id, calendarUid } = await givenRegistration(db, sessionId);
	await cancel(id);
	const [confirmed, cancelled] = (await emailsAbout(db, sessionId)).map(({ calendarMethod, calendar }) => {
		const file = new ICAL.Component(ICAL.parse(calendar!));
		const event = file.getFirstSubcomponent("vevent")!;
		const of = (name: string) => event.getFirstPropertyValue(name);
		return {
			methods: [calendarMethod, file.getFirstPropertyValue("method")],
			uid: of("uid"),
			sequence: of("sequence"),
			status: of("status"),
		};
	});
	expect(confirmed).toEqual({
		methods: ["PUBLISH", "PUBLISH"],
		uid: calendarUid,
		sequence: 0,
		status: "CONFIRMED",
	});
	expect(cancelled).toEqual({
		methods: ["CANCEL", "CANCEL"],
		uid: calendarUid,
		sequence: 1,
		status: "CANCELLED",
	});
});

test("a freed seat goes at once to the first who waits, who is told", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [seated, first, second] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	await cancel(seated!.id, minutesLater(5));
	expect([await statusOf(first!.id), await statusOf(second!.id)]).toEqual(["confirmed", "waitlisted"]);
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 1,
		waiting: 1,
		recount: { taken: 1, waiting: 1 },
	});
	const sent = (await emailsAbout(db, sessionId)).slice(3);
	expect(sent).toMatchObject([
		{ kind: "cancellation", registrationId: seated!.id },
		{ kind: "seated", registrationId: first!.id, calendarMethod: "PUBLISH", dueAt: minutesLater(5) },
	]);
	expect(await auditAbout(sessionId)).toMatchObject([
		{ action: "registration.cancelled", registrationId: seated!.id },
		{ actor: "system", action: "registration.seated", registrationId: first!.id },
	]);
	const entries = await db
		.selectFrom("waitlistEntry")
		.select(["bookingId", "state", "endedAt"])
		.where("sessionId", "=", sessionId)
		.orderBy("seq")
		.execute();
	expect(entries).toEqual([
		{ bookingId: first!.bookingId, state: "confirmed", endedAt: minutesLater(5) },
		{ bookingId: second!.bookingId, state: "waiting", endedAt: null },
	]);
});

test("the line is served in its order, one freed seat after the other", async () => {
	const sessionId = await givenSession(db, { capacity: 3 });
	const people = await givenRegistrations(db, sessionId, Array(6).fill({}));
	for (const { id } of people.slice(0, 2)) await cancel(id);
	expect(await Promise.all(people.map(({ id }) => statusOf(id)))).toEqual([
		"cancelled",
		"cancelled",
		"confirmed",
		"confirmed",
		"confirmed",
		"waitlisted",
	]);
});

test("leaving the line frees no seat, withdraws no calendar entry, and those behind move up", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [seated, first, second] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	await cancel(first!.id);
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 1,
		waiting: 1,
		recount: { taken: 1, waiting: 1 },
	});
	const told = (await emailsAbout(db, sessionId)).at(-1)!;
	expect(told).toMatchObject({ kind: "cancellation", registrationId: first!.id, calendar: null });
	expect(told.text).toContain("Vous n’êtes plus sur la liste d’attente.");
	await cancel(seated!.id);
	expect(await statusOf(second!.id)).toBe("confirmed");
	expect(await statusOf(first!.id)).toBe("cancelled");
});

test("a party too large for what is free is passed over, and why is written down", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [seated, party, alone] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	await db.updateTable("waitlistEntry").set({ size: 2 }).where("bookingId", "=", party!.bookingId).execute();
	await cancel(seated!.id);
	expect([await statusOf(party!.id), await statusOf(alone!.id)]).toEqual(["waitlisted", "confirmed"]);
	expect(await auditAbout(sessionId)).toContainEqual({
		actor: "system",
		action: "waitlist.skipped",
		organizerId: null,
		bookingId: party!.bookingId,
		registrationId: null,
		data: { reason: "party-too-large", size: 2, free: 1 },
	});
	const { skips } = await db
		.selectFrom("waitlistEntry")
		.select("skips")
		.where("bookingId", "=", party!.bookingId)
		.executeTakeFirstOrThrow();
	expect(skips).toBe(1);
});

test("cancelling twice changes nothing the second time, even when both come at once", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [seated, ...waiting] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	await warmUp(db);
	const results = await Promise.all(Array.from({ length: 4 }, () => cancel(seated!.id)));
	expect(results).toEqual(Array(4).fill({ ok: true }));
	expect(await cancel(seated!.id, minutesLater(60 * 24 * 30))).toEqual({ ok: true });
	expect(await Promise.all(waiting.map(({ id }) => statusOf(id)))).toEqual(["confirmed", "waitlisted"]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, waiting: 1 });
	expect((await emailsAbout(db, sessionId)).slice(3).map(({ kind }) => kind)).toEqual([
		"cancellation",
		"seated",
	]);
	expect(await auditAbout(sessionId)).toHaveLength(2);
});

test("past the deadline, or once it has begun, an attendee can no longer cancel", async () => {
	const deadline = minutesLater(10);
	const withDeadline = await givenRegistration(db, await givenSession(db, { cancelUntil: deadline }));
	const without = await givenRegistration(db, await givenSession(db));
	const start = new Date("2026-12-01T14:30:00Z");
	for (const [registration, at] of [
		[withDeadline, deadline],
		[without, start],
	] as const) {
		expect(await cancel(registration.id, at)).toEqual({ ok: false, reason: "too-late" });
		expect(await statusOf(registration.id)).toBe("confirmed");
		expect(await emailsAbout(db, registration.sessionId)).toHaveLength(1);
		expect(await cancel(registration.id, new Date(at.getTime() - 1))).toEqual({ ok: true });
	}
});

test("whoever waits may leave the list past the deadline, until the date begins", async () => {
	const sessionId = await givenSession(db, { capacity: 1, cancelUntil: minutesLater(10) });
	const [, first, second] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	expect(await cancel(first!.id, minutesLater(20))).toEqual({ ok: true });
	const start = new Date("2026-12-01T14:30:00Z");
	expect(await cancel(second!.id, start)).toEqual({ ok: false, reason: "too-late" });
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, waiting: 1 });
});

test("past the deadline nobody is seated without being asked, since they could not give the seat up again", async () => {
	const { id: organizerId } = await givenOrganizer(db);
	const sessionId = await givenSession(db, {
		capacity: 1,
		waitlistMode: "automatic",
		cancelUntil: minutesLater(10),
	});
	const [seated, waiting] = await givenRegistrations(db, sessionId, [{}, {}]);
	await cancelRegistration(db, origin, seated!.id, { organizerId }, minutesLater(20));
	expect(await statusOf(waiting!.id)).toBe("offered");
	expect(await cancel(waiting!.id, minutesLater(30))).toEqual({ ok: true });
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 0, waiting: 0 });
});

test("an organizer is not bound by the deadline, and the audit says who", async () => {
	const { id: organizerId } = await givenOrganizer(db);
	const sessionId = await givenSession(db, { cancelUntil: minutesLater(-10) });
	const { id } = await givenRegistration(db, sessionId);
	expect(await cancelRegistration(db, origin, id, { organizerId }, now)).toEqual({ ok: true });
	expect(await findRegistration(db, id)).toMatchObject({ status: "cancelled", cancelReason: "organizer" });
	expect(await auditAbout(sessionId)).toMatchObject([{ actor: "organizer", organizerId }]);
});

test("once the session has begun, a freed seat goes to nobody", async () => {
	const { id: organizerId } = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 1 });
	const [seated, waiting] = await givenRegistrations(db, sessionId, [{}, {}]);
	const started = new Date("2026-12-01T15:00:00Z");
	await cancelRegistration(db, origin, seated!.id, { organizerId }, started);
	expect(await statusOf(waiting!.id)).toBe("waitlisted");
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 0, waiting: 1 });
});

test("a registration that nobody knows is said to be unknown", async () => {
	expect(await cancel(newId())).toEqual({ ok: false, reason: "unknown" });
});

test("after everybody has come and gone at once, the seats taken are those that a recount finds", async () => {
	const sessionId = await givenSession(db, { capacity: 7 });
	const people = await givenRegistrations(db, sessionId, Array(30).fill({}));
	await Promise.all(people.slice(0, 20).map(({ id }) => cancel(id)));
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 7,
		waiting: 3,
		recount: { taken: 7, waiting: 3 },
	});
	expect(await Promise.all(people.slice(20, 27).map(({ id }) => statusOf(id)))).toEqual(
		Array(7).fill("confirmed"),
	);
});
