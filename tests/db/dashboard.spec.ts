import { afterAll, expect, test } from "vitest";
import { archiveWorkshop } from "#app/use-cases/archive-workshop.server.ts";
import { cancelSession } from "#app/use-cases/cancel-session.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { newId } from "#db/id.ts";
import { countSignUpsByHour, listMeetingsBetween, listToDo } from "#db/queries/dashboard.server.ts";
import { findSessionDetails, listSessionsForOrganizer } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	givenAttestation,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	now,
	origin,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const organizer = await givenOrganizer(db);
const cancel = (id: string) => cancelSession(db, origin, id, { fr: "", en: "" }, organizer.id, now);
const ids = (rows: { id: string }[]) => rows.map(({ id }) => id);

test("today has the meetings that begin today, with the people expected; drafts and cancelled dates have none", async () => {
	const from = new Date("2026-12-14T05:00:00Z");
	const until = new Date("2026-12-15T05:00:00Z");
	const evening = await givenSession(db, { meetings: [aMeeting("2026-12-14", "18:00", "20:00")] });
	const course = await givenSession(db, { meetings: [aMeeting("2026-12-07"), aMeeting("2026-12-14")] });
	await givenRegistrations(db, course, [{}, {}]);
	await givenSession(db, { meetings: [aMeeting("2026-12-15")] });
	await givenSession(db, { meetings: [aMeeting("2026-12-14")], published: false });
	await cancel(await givenSession(db, { meetings: [aMeeting("2026-12-14")] }));
	const meetings = await listMeetingsBetween(db, from, until);
	expect(ids(meetings)).toEqual([course, evening]);
	expect(meetings[0]).toMatchObject({ startsAt: new Date("2026-12-14T14:30:00Z"), seatsTaken: 2 });
});

test("what is to do: dates soon and still drafts, online ones without a link, dates under their minimum, offers about to lapse", async () => {
	const day = { meetings: [aMeeting("2026-11-26")] as [ReturnType<typeof aMeeting>] };
	const draft = await givenSession(db, { ...day, published: false });
	const short = await givenSession(db, { ...day, minimum: 3 });
	await givenRegistrations(db, short, [{}, {}]);
	const reached = await givenSession(db, { ...day, minimum: 1 });
	await givenRegistration(db, reached);
	const online = await givenSession(db, { ...day, online: true });
	await givenSession(db, { ...day, online: true, joinUrl: "https://exemple.ca/salle" });
	const distant = { meetings: [aMeeting("2027-02-01")] as [ReturnType<typeof aMeeting>] };
	await givenSession(db, { ...distant, published: false });
	await givenSession(db, { ...distant, minimum: 3 });
	const putAway = await givenSession(db, { ...day, published: false });
	const { workshop } = (await findSessionDetails(db, putAway))!;
	await archiveWorkshop(db, workshop.id, true, organizer.id, now);

	const full = await givenSession(db, { ...day, capacity: 1 });
	await givenRegistrations(db, full, [{}, {}]);
	const entry = await db
		.selectFrom("waitlistEntry")
		.select("id")
		.where("sessionId", "=", full)
		.executeTakeFirstOrThrow();
	const offer = { entryId: entry.id, sessionId: full, seats: 1, createdAt: now, endedAt: null };
	await db
		.insertInto("offer")
		.values({ ...offer, id: newId(), expiresAt: minutesLater(90) })
		.execute();

	const toDo = await listToDo(db, now);
	expect(ids(toDo.drafts)).toEqual([draft]);
	expect(ids(toDo.withoutLink)).toEqual([online]);
	expect(ids(toDo.underMinimum)).toEqual([short]);
	expect(toDo.offers).toMatchObject([{ id: full, offers: 1, expiresAt: minutesLater(90) }]);
	expect((await listToDo(db, minutesLater(-600))).offers).toEqual([]);
});

test("what is to do once a date is over: the proofs of those who came, for a firm that gives them", async () => {
	const [first, second, third] = await Promise.all(
		[1, 2, 3].map(() => givenSession(db, { meetings: [aMeeting("2026-12-09")] })),
	);
	const after = new Date("2026-12-10T15:00:00Z");
	const come = async (sessionId: string, status: "present" | "absent") => {
		const person = await givenRegistration(db, sessionId);
		const { meetings } = (await findSessionDetails(db, sessionId))!;
		const asked = { sessionId, meetingIds: [meetings[0]!.id], people: [person.id] };
		await recordAttendance(db, asked, status, organizer.id, after);
		return person.id;
	};
	await come(first!, "present");
	const certified = await come(second!, "present");
	await come(third!, "absent");
	const uncertified = async (at = after) => ids((await listToDo(db, at)).uncertified);
	expect(await uncertified()).toEqual([]);
	await givenAttestation(db, certified);
	expect(await uncertified()).toEqual([first]);
	expect(await uncertified(new Date("2026-12-09T15:00:00Z"))).toEqual([]);
	expect(await uncertified(new Date("2026-12-24T15:00:00Z"))).toEqual([]);
});

test("the curve counts who holds a seat in the sessions to come, hour by hour, and the seats there are", async () => {
	const before = await countSignUpsByHour(db, now);
	const id = await givenSession(db, { capacity: 2 });
	const over = await givenSession(db, { meetings: [aMeeting("2026-11-20")], published: true });
	const [, leaving] = await givenRegistrations(db, id, [{}, {}, {}]);
	await db
		.updateTable("registration")
		.set({ status: "cancelled", cancelReason: "attendee", cancelledAt: now })
		.where("id", "=", leaving!.id)
		.execute();
	const after = await countSignUpsByHour(db, now);
	expect(over).toBeDefined();
	expect(after.capacity - before.capacity).toBe(2);
	const total = (hours: { count: number }[]) => hours.reduce((sum, { count }) => sum + count, 0);
	expect(total(after.hours) - total(before.hours)).toBe(1);
	expect(after.hours.at(-1)!.hour).toEqual(now);
});

test("a long season is read a page at a time", async () => {
	const { total } = await listSessionsForOrganizer(db, "upcoming", now);
	for (let n = total; n <= 50; n++) await givenSession(db);
	const first = await listSessionsForOrganizer(db, "upcoming", now, 1);
	const second = await listSessionsForOrganizer(db, "upcoming", now, 2);
	expect([first.sessions.length, second.sessions.length]).toEqual([50, 1]);
	expect(first.total).toBe(51);
	expect(ids(first.sessions)).not.toContain(second.sessions[0]!.id);
});
