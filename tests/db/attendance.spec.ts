import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { takesAttendance } from "#app/domain/attendance.ts";
import { showReference } from "#app/domain/reference.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { type MeetingInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { countExpected, findAttended, listAttendance, listExpected } from "#db/queries/attendance.server.ts";
import { type AttendeeTab, countAttendees, listAttendees } from "#db/queries/attendees.server.ts";
import { listPlaceHistory } from "#db/queries/audit.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
	warmUp,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const { id: organizerId } = await givenOrganizer(db);

async function givenPeople(count: number) {
	const sessionId = await givenSession(db, {
		meetings: [aMeeting("2026-12-01"), aMeeting("2026-12-08")],
		capacity: Math.max(count, 10),
	});
	const people: string[] = [];
	for (let n = 0; n < count; n += 1) people.push((await givenRegistration(db, sessionId)).id);
	const { meetings } = (await findSessionDetails(db, sessionId))!;
	const [first = "", second = ""] = meetings.map(({ id }) => id);
	return { sessionId, people, first, second };
}

async function idsIn(sessionId: string, tab: AttendeeTab) {
	const { rows } = await listAttendees(db, { sessionId, tab, search: "" }, 1);
	return rows.map(({ id }) => id).sort();
}

async function countsOf(sessionId: string) {
	const { session } = (await findSessionDetails(db, sessionId))!;
	const { present, absent } = await countAttendees(db, session);
	return { present, absent };
}

test("who came to a meeting at least is present, who was looked for in vain is absent, the others are neither", async () => {
	const { sessionId, people, first, second } = await givenPeople(4);
	const [ann = "", bob = "", cleo = ""] = people;
	const record = (who: string[], at: string[], status: "present" | "partial" | "absent") =>
		recordAttendance(db, { sessionId, meetingIds: at, people: who }, status, organizerId, now);
	expect(await record([ann], [first, second], "present")).toBe(1);
	await record([bob], [first], "partial");
	await record([bob, cleo], [second], "absent");
	expect(await countsOf(sessionId)).toEqual({ present: 2, absent: 1 });
	expect(await idsIn(sessionId, "present")).toEqual([ann, bob].sort());
	expect(await idsIn(sessionId, "absent")).toEqual([cleo]);
	expect(await idsIn(sessionId, "confirmed")).toHaveLength(4);
	expect(await listAttendance(db, bob)).toMatchObject([
		{ meetingId: first, status: "partial" },
		{ meetingId: second, status: "absent" },
	]);
	expect(await findAttended(db, people)).toEqual(
		new Map([
			[ann, { came: 2, meetings: 2, partly: false, attestation: null }],
			[bob, { came: 1, meetings: 2, partly: true, attestation: null }],
			[cleo, { came: 0, meetings: 2, partly: false, attestation: null }],
		]),
	);
});

test("recording the same thing again, even at the same moment, is recorded once; taking it back leaves nothing", async () => {
	const { sessionId, people, first } = await givenPeople(3);
	const record = (status: "present" | null) =>
		recordAttendance(db, { sessionId, meetingIds: [first], people }, status, organizerId, now);
	await warmUp(db);
	expect(await Promise.all([record("present"), record("present"), record("present")])).toEqual([3, 3, 3]);
	await record(null);
	await record(null);
	expect(await countsOf(sessionId)).toEqual({ present: 0, absent: 0 });
	for (const id of people) {
		const { bookingId } = (await findRegistration(db, id))!;
		const actions = (await listPlaceHistory(db, { id, bookingId })).map(({ action }) => action);
		expect(actions.slice(-2)).toEqual(["attendance.present", "attendance.forgotten"]);
		expect(actions).toHaveLength(3);
	}
});

test("nothing is recorded of whoever has no seat here, nor at another session's meetings", async () => {
	const { sessionId, people, first } = await givenPeople(2);
	const elsewhere = await givenPeople(1);
	const [gone = "", here = ""] = people;
	await cancelRegistration(db, origin, gone, { organizerId }, now);
	const everyone = [gone, here, ...elsewhere.people];
	const record = (meetingId: string) =>
		recordAttendance(
			db,
			{ sessionId, meetingIds: [meetingId], people: everyone },
			"present",
			organizerId,
			now,
		);
	expect(await record(first)).toBe(1);
	await record(elsewhere.first);
	expect(await idsIn(sessionId, "present")).toEqual([here]);
	expect(await countsOf(elsewhere.sessionId)).toEqual({ present: 0, absent: 0 });
});

test("what was seen of somebody at one date says nothing of the date they move to", async () => {
	const { sessionId, people, first } = await givenPeople(1);
	const { workshop } = (await findSessionDetails(db, sessionId))!;
	const other = await scheduleSession(db, workshop.id, aSession(), organizerId, now);
	const [moves = ""] = people;
	await recordAttendance(db, { sessionId, meetingIds: [first], people }, "present", organizerId, now);
	expect((await switchSession(db, origin, moves, other, { organizerId }, now)).ok).toBe(true);
	expect(await countsOf(sessionId)).toEqual({ present: 0, absent: 0 });
	expect(await countsOf(other)).toEqual({ present: 0, absent: 0 });
	expect(await listAttendance(db, moves)).toEqual([]);
});

test("a meeting that is taken away takes with it who was seen there", async () => {
	const { sessionId, people, first, second } = await givenPeople(1);
	const asked = { sessionId, meetingIds: [first, second], people };
	await recordAttendance(db, asked, "present", organizerId, now);
	const shorter = aSession({ capacity: 1, meetings: [aMeeting("2026-12-01")] });
	const existing = { id: sessionId, revision: 1 };
	const by = { organizerId, tell: false };
	expect((await changeSession(db, origin, existing, shorter, by, now)).ok).toBe(true);
	expect(await listAttendance(db, people[0]!)).toMatchObject([{ meetingId: first }]);
});

test("a meeting keeps who was seen there when one before it is taken away or added, and gives it to no other day", async () => {
	const [first, storm, last] = ["2026-11-24", "2026-12-01", "2026-12-08"].map((day) => aMeeting(day));
	const sessionId = await givenSession(db, { capacity: 1, meetings: [first!, storm!, last!] });
	const people = [(await givenRegistration(db, sessionId)).id];
	const { meetings } = (await findSessionDetails(db, sessionId))!;
	const record = (n: number, status: "present" | "absent") =>
		recordAttendance(db, { sessionId, meetingIds: [meetings[n]!.id], people }, status, organizerId, now);
	await record(1, "absent");
	await record(2, "present");
	let revision = 0;
	const plan = async (...days: [MeetingInput, ...MeetingInput[]]) => {
		const input = aSession({ capacity: 1, meetings: days });
		const existing = { id: sessionId, revision: ++revision };
		expect(await changeSession(db, origin, existing, input, { organizerId, tell: false }, now)).toMatchObject(
			{
				ok: true,
			},
		);
		const details = (await findSessionDetails(db, sessionId))!;
		const seen = new Map((await listAttendance(db, people[0]!)).map((one) => [one.meetingId, one.status]));
		expect(details.meetings.map(({ position }) => position)).toEqual(days.map((_, index) => index + 1));
		return details.meetings.map(({ id, localDate }) => [localDate, seen.get(id)]);
	};

	expect(await plan(first!, last!)).toEqual([
		["2026-11-24", undefined],
		["2026-12-08", "present"],
	]);
	expect(await plan(first!, aMeeting("2026-12-02"), last!)).toEqual([
		["2026-11-24", undefined],
		["2026-12-02", undefined],
		["2026-12-08", "present"],
	]);
	expect(await plan(aMeeting("2026-12-08", "13:00"), aMeeting("2026-12-15"))).toEqual([
		["2026-12-08", "present"],
		["2026-12-15", undefined],
	]);
	expect(await plan(aMeeting("2026-12-09"), aMeeting("2026-12-15"))).toEqual([
		["2026-12-09", "present"],
		["2026-12-15", undefined],
	]);
});

test("attendance is asked for from the day of the first meeting", () => {
	const session = { startsAt: minutesLater(24 * 60) };
	expect(takesAttendance(session, now)).toBe(false);
	expect(takesAttendance(session, minutesLater(12 * 60))).toBe(true);
	expect(takesAttendance(session, minutesLater(90 * 24 * 60))).toBe(true);
});

test("a tap that is sent again, its answer lost, undoes nothing that another phone did since", async () => {
	const { sessionId, people, first } = await givenPeople(1);
	const asked = { sessionId, meetingIds: [first], people };
	const operation = randomUUID();
	const tap = () => recordAttendance(db, { ...asked, operation }, "present", organizerId, now);
	expect(await tap()).toBe(1);
	expect(await recordAttendance(db, { ...asked, operation: randomUUID() }, null, organizerId, now)).toBe(1);
	expect(await tap()).toBe(1);
	expect(await countsOf(sessionId)).toEqual({ present: 0, absent: 0 });
	// Without knowing the operation, it would.
	await recordAttendance(db, asked, "present", organizerId, now);
	expect(await countsOf(sessionId)).toEqual({ present: 1, absent: 0 });
});

/** The same tap heard three times at once, and undone twice by others: how often it was noted in each of 20 rounds. */
async function rushOfOneTap(isKnown: boolean): Promise<number[]> {
	const { sessionId, people, first } = await givenPeople(1);
	const asked = { sessionId, meetingIds: [first], people };
	const { id, bookingId } = (await findRegistration(db, people[0]!))!;
	const rounds: number[] = [];
	await warmUp(db);
	for (let before = 0; rounds.length < 20; ) {
		const tapped = { ...asked, operation: isKnown ? randomUUID() : undefined };
		const tap = () => recordAttendance(db, tapped, "present", organizerId, now);
		const undo = () => recordAttendance(db, asked, null, organizerId, now);
		await Promise.all([tap(), undo(), tap(), undo(), tap()]);
		await undo();
		const history = await listPlaceHistory(db, { id, bookingId });
		const noted = history.filter(({ action }) => action === "attendance.present").length;
		rounds.push(noted - before);
		before = noted;
	}
	return rounds;
}

test("one tap that is heard several times at once, with undos between, is noted once", async () => {
	expect(await rushOfOneTap(true)).toEqual(Array(20).fill(1));
	// The same rush of taps that nobody can tell apart notes some of them twice.
	expect(Math.max(...(await rushOfOneTap(false)))).toBeGreaterThan(1);
});

test("the door sees the confirmed people by name, with what was recorded at that meeting, and no address", async () => {
	const { sessionId, first, second } = await givenPeople(0);
	const [ann, noe] = await givenRegistrations(db, sessionId, [
		{ name: "Ann Zola", email: `perle-${randomUUID()}@exemple.ca`, organization: "Coop Nord" },
		{ name: "Noé Côté-Tremblay", organization: "" },
	]);
	const gone = await givenRegistration(db, sessionId, { name: "Guy Roy" });
	await recordAttendance(
		db,
		{ sessionId, meetingIds: [first], people: [ann!.id] },
		"present",
		organizerId,
		now,
	);
	await cancelRegistration(db, origin, gone.id, { organizerId }, now);
	const listed = async (meetingId: string, search = "") => {
		const { people, more } = await listExpected(db, { sessionId, meetingId, search });
		expect(more).toBe(false);
		return people.map(({ name, status }) => [name, status]);
	};
	expect(await listed(first)).toEqual([
		["Noé Côté-Tremblay", null],
		["Ann Zola", "present"],
	]);
	expect(await listed(second)).toEqual([
		["Noé Côté-Tremblay", null],
		["Ann Zola", null],
	]);
	expect(await listed(first, "tremblay noe")).toEqual([["Noé Côté-Tremblay", null]]);
	expect(await listed(first, "nord")).toEqual([["Ann Zola", "present"]]);
	// As it is kept, as it is printed beside the name, and as it is read aloud.
	const printed = `${showReference(noe!.reference)}-1`;
	for (const typed of [noe!.reference, printed, printed.toLowerCase(), printed.replaceAll("0", "o")])
		expect(await listed(first, typed)).toEqual([["Noé Côté-Tremblay", null]]);
	for (const typed of ["perle", "exemple.ca", ann!.email!, "100%", "_"])
		expect(await listed(first, typed)).toEqual([]);
	expect(await countExpected(db, { sessionId, meetingId: first })).toEqual({ came: 1, expected: 2 });
	expect(await countExpected(db, { sessionId, meetingId: second })).toEqual({ came: 0, expected: 2 });
	const [person] = (await listExpected(db, { sessionId, meetingId: first, search: "" })).people;
	expect(Object.keys(person!).sort()).toEqual(
		["id", "name", "organization", "position", "recordedAt", "reference", "status", "tokenVersion"].sort(),
	);
});

test("what a phone saw and says days later changes nothing that somebody else noted since, and what it noted itself", async () => {
	const { sessionId, first, people } = await givenPeople(1);
	const { id: atTheDoor } = await givenOrganizer(db, { email: "porte@exemple.ca" });
	const asked = { sessionId, meetingIds: [first], people };
	const heard = minutesLater(3000);
	const late = (status: "present" | null, by: string) =>
		recordAttendance(db, { ...asked, operation: randomUUID(), seenAt: now }, status, by, heard);
	await recordAttendance(db, asked, "absent", organizerId, minutesLater(60));
	await late("present", atTheDoor);
	await late(null, atTheDoor);
	const [kept] = await db
		.selectFrom("attendance")
		.selectAll()
		.where("registrationId", "=", people[0]!)
		.execute();
	expect(kept).toMatchObject({ status: "absent", recordedBy: organizerId });
	// Two taps of one phone within a second may look out of order.
	await late("present", organizerId);
	const [own] = await db
		.selectFrom("attendance")
		.selectAll()
		.where("registrationId", "=", people[0]!)
		.execute();
	expect(own).toMatchObject({ status: "present" });
});
