import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { type SessionInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { newId } from "#db/id.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import {
	findSessionDetails,
	listUpcomingSessions,
	listWorkshopSessions,
} from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	aSignUp,
	emailsAbout,
	givenOrganizer,
	givenRegistrations,
	givenSession,
	givenWorkshop,
	minutesLater,
	now,
	origin,
	seatsOf,
	warmUp,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const organizer = await givenOrganizer(db);

function change(id: string, revision: number, changes: Partial<SessionInput>, at = now) {
	return changeSession(
		db,
		origin,
		{ id, revision },
		aSession(changes),
		{ organizerId: organizer.id, tell: false },
		at,
	);
}

async function sessionOf(id: string) {
	return (await findSessionDetails(db, id))!.session;
}

test("a new date has its meetings on the wall clock and as instants, and a line in the audit", async () => {
	const meetings: SessionInput["meetings"] = [
		aMeeting("2026-10-28", "13:00", "16:00"),
		aMeeting("2026-11-04", "13:00", "16:00"),
	];
	const workshopId = await givenWorkshop(db);
	const id = await scheduleSession(db, workshopId, aSession({ meetings }), organizer.id, now);
	const details = (await findSessionDetails(db, id))!;
	expect(details.meetings).toMatchObject([
		// The clocks change between the two: same wall time, another hour in Greenwich.
		{ position: 1, localDate: "2026-10-28", startsAt: new Date("2026-10-28T17:00:00Z") },
		{ position: 2, localDate: "2026-11-04", startsAt: new Date("2026-11-04T18:00:00Z") },
	]);
	expect(details.session).toMatchObject({
		startsAt: meetings[0].startsAt,
		endsAt: meetings[1]!.endsAt,
		publishedAt: now,
		revision: 1,
	});
	const audit = await db
		.selectFrom("audit")
		.select(["actor", "action", "organizerId", "workshopId"])
		.where("sessionId", "=", id)
		.execute();
	expect(audit).toEqual([
		{ actor: "organizer", action: "session.created", organizerId: organizer.id, workshopId },
	]);
});

test("a change made from an old page is a conflict and writes nothing", async () => {
	const id = await givenSession(db);
	expect(await change(id, 1, { capacity: 20 })).toMatchObject({ ok: true });
	expect(await change(id, 1, { capacity: 30 })).toEqual({ ok: false, reason: "conflict" });
	expect(await sessionOf(id)).toMatchObject({ capacity: 20, revision: 2 });
});

test("two organizers who save at once: one of them is told", async () => {
	const id = await givenSession(db);
	await warmUp(db);
	const results = await Promise.all([change(id, 1, { capacity: 20 }), change(id, 1, { capacity: 30 })]);
	expect(results.map(({ ok }) => ok).toSorted()).toEqual([false, true]);
	expect(results).toContainEqual({ ok: false, reason: "conflict" });
});

test("a sign-up in the meantime is no conflict: the organizer's page is about something else", async () => {
	const id = await givenSession(db);
	await givenRegistrations(db, id, [{}]);
	expect(await change(id, 1, { place: "Québec" })).toMatchObject({ ok: true });
	expect(await seatsOf(db, id)).toMatchObject({ taken: 1 });
});

test("a date that nobody knows cannot be changed", async () => {
	expect(await change(newId(), 1, {})).toEqual({ ok: false, reason: "unknown" });
});

test("more room goes to the people who wait, in order, and they are told", async () => {
	const id = await givenSession(db, { capacity: 1 });
	const [, ...waiting] = await givenRegistrations(db, id, Array(4).fill({}));
	await change(id, 1, { capacity: 3 });
	expect(await Promise.all(waiting.map(async (one) => (await findRegistration(db, one.id))?.status))).toEqual(
		["confirmed", "confirmed", "waitlisted"],
	);
	expect(await seatsOf(db, id)).toEqual({ taken: 3, waiting: 1, recount: { taken: 3, waiting: 1 } });
	const told = (await emailsAbout(db, id)).filter(({ kind }) => kind === "seated");
	expect(told.map(({ registrationId }) => registrationId)).toEqual([waiting[0]!.id, waiting[1]!.id]);
});

test("less room takes no seat away, and nobody is added until it fits again", async () => {
	const id = await givenSession(db, { capacity: 4 });
	const people = await givenRegistrations(db, id, Array(6).fill({}));
	await change(id, 1, { capacity: 2 });
	expect(await seatsOf(db, id)).toMatchObject({ taken: 4, waiting: 2 });
	expect(await registerTogether(db, origin, [aSignUp(id)], now)).toEqual([{ ok: false, reason: "full" }]);
	const takenAfter: number[] = [];
	for (const { id: leaving } of people.slice(0, 3)) {
		await cancelRegistration(db, origin, leaving, { attendee: true }, now);
		takenAfter.push((await seatsOf(db, id)).taken);
	}
	// Four, then three and two without anyone coming in; the third who leaves makes room for the first in line.
	expect(takenAfter).toEqual([3, 2, 2]);
	expect(await findRegistration(db, people[4]!.id)).toMatchObject({ status: "confirmed" });
	expect(await findRegistration(db, people[5]!.id)).toMatchObject({ status: "waitlisted" });
});

test("moving a meeting replaces it and raises the schedule's revision; another place does not", async () => {
	const meetings: SessionInput["meetings"] = [
		aMeeting("2026-12-01"),
		aMeeting("2026-12-08"),
		aMeeting("2026-12-15"),
	];
	const id = await givenSession(db, { meetings });
	await change(id, 1, { meetings, place: "Québec" });
	expect(await sessionOf(id)).toMatchObject({ revision: 2, scheduleRevision: 0 });
	await change(id, 2, { meetings: [meetings[0], aMeeting("2026-12-09"), meetings[2]!] });
	expect(await sessionOf(id)).toMatchObject({ revision: 3, scheduleRevision: 1 });
	const days = (await findSessionDetails(db, id))!.meetings.map(({ localDate }) => localDate);
	expect(days).toEqual(["2026-12-01", "2026-12-09", "2026-12-15"]);
});

test("the date of publication is that of the first time, until it is a draft again", async () => {
	const id = await givenSession(db, { published: false });
	const publishedAfter = async (published: boolean, revision: number) => {
		await change(id, revision, { published }, minutesLater(revision));
		return (await sessionOf(id)).publishedAt;
	};
	expect((await sessionOf(id)).publishedAt).toBeNull();
	expect(await publishedAfter(true, 1)).toEqual(minutesLater(1));
	expect(await publishedAfter(true, 2)).toEqual(minutesLater(1));
	expect(await publishedAfter(false, 3)).toBeNull();
});

test("a workshop shows its published dates to come, with their meetings, in date order", async () => {
	const workshopId = await givenWorkshop(db);
	const schedule = (day: string, changes: Partial<SessionInput> = {}) =>
		scheduleSession(db, workshopId, aSession({ meetings: [aMeeting(day)], ...changes }), null, now);
	const later = await schedule("2026-12-08", { online: true, joinUrl: "https://exemple.ca/salle" });
	const sooner = await schedule("2026-12-01");
	await schedule("2026-12-02", { published: false });
	await schedule("2026-11-20");
	const listed = await listWorkshopSessions(db, workshopId, now);
	expect(listed.map(({ id }) => id)).toEqual([sooner, later]);
	// What opens the room is not for whoever reads the list.
	expect(JSON.stringify([listed, await listUpcomingSessions(db, now)])).not.toContain("exemple.ca/salle");
	expect(listed[0]!.meetings).toEqual([
		{ startsAt: new Date("2026-12-01T14:30:00Z"), endsAt: new Date("2026-12-01T21:30:00Z") },
	]);
});
