import { afterAll, expect, test } from "vitest";
import { archiveWorkshop } from "#app/use-cases/archive-workshop.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { planRepetition, repeatSession } from "#app/use-cases/repeat-session.server.ts";
import type { SessionInput } from "#app/use-cases/schedule-session.server.ts";
import { newId } from "#db/id.ts";
import { findSessionDetails, listWorkshopSessionsForOrganizer } from "#db/queries/sessions.server.ts";
import { listWorkshops } from "#db/queries/workshops.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSignUp,
	givenOrganizer,
	givenRegistration,
	givenSession,
	now,
	origin,
	warmUp,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const organizer = await givenOrganizer(db);

async function repeat(id: string, dates: string[]) {
	return repeatSession(db, id, dates, organizer.id, now);
}

async function detailsOf(id: string) {
	return (await findSessionDetails(db, id))!;
}

async function datesOf(id: string) {
	const { workshop } = await detailsOf(id);
	return listWorkshopSessionsForOrganizer(db, workshop.id, now);
}

test("a repeated date has the hours, the place and the settings of the first, and deadlines that move with it", async () => {
	const id = await givenSession(db, {
		capacity: 12,
		minimum: 4,
		waitlistMode: "none",
		reminderDays: 3,
		meetings: [aMeeting("2027-03-02"), aMeeting("2027-03-09", "13:00", "16:00")],
		opensAt: new Date("2026-11-20T15:45:00Z"),
		closesAt: new Date("2027-02-28T22:00:00Z"), // 17:00 two days before
	});
	await givenRegistration(db, id);
	expect(await repeat(id, ["2027-03-16"])).toBe(1);
	const made = (await datesOf(id)).find((date) => date.id !== id)!;
	const { session, meetings } = await detailsOf(made.id);
	expect(session).toMatchObject({
		place: "Montréal, Centre-ville",
		capacity: 12,
		minimum: 4,
		waitlistMode: "none",
		priceCents: 19_500,
		publishedAt: now,
		seatsTaken: 0,
		reminderDays: 3,
		opensAt: new Date("2026-11-20T15:45:00Z"),
		// The clocks went forward in between: the same 17:00.
		closesAt: new Date("2027-03-14T21:00:00Z"),
	});
	expect(meetings.map(({ localDate, localStart }) => [localDate, localStart])).toEqual([
		["2027-03-16", "09:30:00"],
		["2027-03-23", "13:00:00"],
	]);
});

test("a day that is past, that exists, or whose hours do not exist is left out and says why", async () => {
	const night: SessionInput["meetings"] = [aMeeting("2027-03-07", "02:30", "04:00")];
	const id = await givenSession(db, { meetings: night });
	const dates = ["2026-11-01", "2027-03-07", "2027-03-14", "2027-03-21"];
	const plan = await planRepetition(db, await detailsOf(id), dates, now);
	expect(plan).toMatchObject([
		{ ok: false, reason: "past" },
		{ ok: false, reason: "exists" },
		{ ok: false, reason: "gap", localDate: "2027-03-14", localTime: "02:30" },
		{ ok: true, localDate: "2027-03-21" },
	]);
	// A preview writes nothing.
	expect(await datesOf(id)).toHaveLength(1);
	expect(await repeat(id, dates)).toBe(1);
	expect(await datesOf(id)).toHaveLength(2);
});

test("a button pressed twice makes the dates once", async () => {
	const id = await givenSession(db);
	const dates = ["2026-12-08", "2026-12-15", "2026-12-22"];
	await warmUp(db);
	const made = await Promise.all([repeat(id, dates), repeat(id, dates)]);
	expect(made.toSorted()).toEqual([0, 3]);
	expect(await datesOf(id)).toHaveLength(4);
	expect(await repeat(newId(), dates)).toBe(0);
});

test("an archived workshop takes no sign-up and keeps its dates; it can come back", async () => {
	const id = await givenSession(db);
	const { workshop } = await detailsOf(id);
	const archive = (archived: boolean) => archiveWorkshop(db, workshop.id, archived, organizer.id, now);
	const listed = async (archived: boolean) =>
		(await listWorkshops(db, now, archived)).some((one) => one.id === workshop.id);

	expect(await archive(true)).toBe(true);
	expect(await archive(true)).toBe(true);
	expect([await listed(false), await listed(true)]).toEqual([false, true]);
	expect(await registerTogether(db, origin, [aSignUp(id)], now)).toEqual([{ ok: false, reason: "closed" }]);
	expect(await datesOf(id)).toHaveLength(1);

	expect(await archive(false)).toBe(true);
	expect([await listed(false), await listed(true)]).toEqual([true, false]);
	expect(await registerTogether(db, origin, [aSignUp(id)], now)).toMatchObject([{ ok: true }]);
	const audit = await db.selectFrom("audit").select("action").where("workshopId", "=", workshop.id).execute();
	expect(audit.filter(({ action }) => /archived/.test(action))).toHaveLength(2);
	expect(await archiveWorkshop(db, newId(), true, organizer.id, now)).toBe(false);
});
