import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { doDueDeeds, planDeed, stopDeed } from "#app/use-cases/chosen-deeds.server.ts";
import { type MeetingInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { newId } from "#db/id.ts";
import { listAudit } from "#db/queries/audit.server.ts";
import { listDeeds } from "#db/queries/deeds.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	emailsAbout,
	givenOrganizer,
	givenRegistrations,
	givenWorkshop,
	now,
	origin,
	seatsOf,
	warmUp,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
const organizer = await givenOrganizer(db);
const secondsLater = (seconds: number) => new Date(now.getTime() + seconds * 1000);

async function twoDates(capacity = 10) {
	const workshopId = await givenWorkshop(db);
	const from = await scheduleSession(db, workshopId, aSession({ capacity }), null, now);
	const meetings: [MeetingInput] = [aMeeting("2026-12-08")];
	const to = await scheduleSession(db, workshopId, aSession({ capacity: 2, meetings }), null, now);
	return { from, to };
}

async function plan(
	kind: "cancel" | "move" | "resend",
	sessionId: string,
	people: { id: string }[],
	toSessionId: string | null = null,
	id = newId(),
) {
	const registrationIds = people.map((person) => person.id);
	const deed = { id, kind, sessionId, toSessionId, registrationIds, organizerId: organizer.id };
	await planDeed(db, deed, now);
	return id;
}

async function statuses(people: { id: string }[]) {
	const found = await Promise.all(people.map(({ id }) => findRegistration(db, id)));
	return found.map((person) => person?.status);
}

async function emailKinds(sessionId: string) {
	return (await emailsAbout(db, sessionId)).map(({ kind }) => kind);
}

test("nothing changes for half a minute, then everyone chosen is cancelled, told, and the seats go on", async () => {
	const { from } = await twoDates(2);
	const people = await givenRegistrations(db, from, [{}, {}, {}]);
	const before = await emailKinds(from);
	const id = await plan("cancel", from, people.slice(0, 2));
	await doDueDeeds(db, origin, secondsLater(29));
	expect(await statuses(people)).toEqual(["confirmed", "confirmed", "waitlisted"]);
	expect(await emailKinds(from)).toEqual(before);
	expect(await listDeeds(db, from)).toMatchObject([{ id, state: "waiting", organizerName: organizer.name }]);

	expect(await doDueDeeds(db, origin, secondsLater(30))).toBe(1);
	expect(await statuses(people)).toEqual(["cancelled", "cancelled", "confirmed"]);
	expect(await seatsOf(db, from)).toEqual({ taken: 1, waiting: 0, recount: { taken: 1, waiting: 0 } });
	expect((await emailKinds(from)).filter((kind) => kind === "cancellation")).toHaveLength(2);
	expect(await listDeeds(db, from)).toEqual([]);
	expect(await listDeeds(db, from, id)).toMatchObject([{ state: "done", failedIds: [], failedNames: [] }]);
	expect(await doDueDeeds(db, origin, secondsLater(60))).toBe(0);
});

test("what is stopped in time leaves no trace but in the log, and cannot come back", async () => {
	const { from } = await twoDates();
	const people = await givenRegistrations(db, from, [{}, {}]);
	const before = await emailKinds(from);
	const id = await plan("cancel", from, people);
	expect(await stopDeed(db, id, organizer.id, secondsLater(20))).toMatchObject({ ok: true });
	expect(await stopDeed(db, id, organizer.id, secondsLater(21))).toMatchObject({ ok: true });
	// The form that asked for it, sent again.
	await plan("cancel", from, people, null, id);
	expect(await doDueDeeds(db, origin, secondsLater(90))).toBe(0);
	expect(await statuses(people)).toEqual(["confirmed", "confirmed"]);
	expect(await emailKinds(from)).toEqual(before);
	expect(await listAudit(db, { sessionId: from, action: "deed.stopped" })).toHaveLength(1);
});

test("it is too late once it is done, and nobody's deed is nobody's", async () => {
	const { from } = await twoDates();
	const people = await givenRegistrations(db, from, [{}]);
	const id = await plan("cancel", from, people);
	await doDueDeeds(db, origin, secondsLater(31));
	expect(await stopDeed(db, id, organizer.id, secondsLater(32))).toMatchObject({
		ok: false,
		reason: "too-late",
	});
	expect(await stopDeed(db, newId(), organizer.id, now)).toEqual({ ok: false, reason: "unknown" });
	expect(await statuses(people)).toEqual(["cancelled"]);
});

test("once it is due it may have been cut short: it is not stopped any more, but done to the end", async () => {
	const { from } = await twoDates();
	const people = await givenRegistrations(db, from, [{}, {}]);
	const id = await plan("cancel", from, people);
	expect(await stopDeed(db, id, organizer.id, secondsLater(31))).toMatchObject({ reason: "too-late" });
	await doDueDeeds(db, origin, secondsLater(32));
	expect(await statuses(people)).toEqual(["cancelled", "cancelled"]);
});

test("somebody to whom it cannot be done is named, and holds back neither the others nor the next deed", async () => {
	const { from } = await twoDates();
	const people = await givenRegistrations(db, from, [{ name: "A B" }, { name: "C D" }, { name: "E F" }]);
	const [stuck, other, last] = people;
	await sql`
		create function keep_stuck() returns trigger language plpgsql as $$ begin raise exception 'stuck'; end $$;
		create trigger keep_stuck before update on registration for each row
			when (old.id = '${sql.raw(stuck!.id)}') execute function keep_stuck();
	`.execute(db);
	const first = await plan("cancel", from, [stuck!, other!]);
	await plan("cancel", from, [last!]);
	await expect(doDueDeeds(db, origin, secondsLater(40))).rejects.toThrow("stuck");
	const done = (await listDeeds(db, from, first)).find(({ id }) => id === first);
	expect(done).toMatchObject({ state: "done", failedNames: ["A B"] });
	expect(await doDueDeeds(db, origin, secondsLater(45))).toBe(1);
	expect(await statuses(people)).toEqual(["confirmed", "cancelled", "cancelled"]);
	await sql`drop trigger keep_stuck on registration`.execute(db);
});

test("whoever waits at a date cannot be moved to that same date, with an address or without", async () => {
	const { from } = await twoDates(2);
	const seated = await givenRegistrations(db, from, [{}, {}, {}]);
	const waiting = seated.filter(({ status }) => status === "waitlisted");
	expect(waiting.length).toBeGreaterThan(0);
	const alone = waiting[0]!;
	await db.updateTable("registration").set({ email: null }).where("id", "=", alone.id).execute();
	await db.updateTable("session").set({ capacity: 10 }).where("id", "=", from).execute();
	const before = await seatsOf(db, from);
	const moved = await switchSession(db, origin, alone.id, from, { organizerId: organizer.id }, now);
	expect(moved).toEqual({ ok: false, reason: "already-there" });
	expect(await seatsOf(db, from)).toEqual(before);
});

test("people move as long as there is room; whoever cannot keeps their seat and is named", async () => {
	const { from, to } = await twoDates();
	const people = await givenRegistrations(db, from, [{ name: "A B" }, { name: "C D" }, { name: "Éva Roy" }]);
	const id = await plan("move", from, people, to);
	await doDueDeeds(db, origin, secondsLater(31));
	const places = await Promise.all(people.map((person) => findRegistration(db, person.id)));
	expect(places.map((place) => place?.sessionId)).toEqual([to, to, from]);
	expect(await listDeeds(db, from, id)).toMatchObject([{ state: "done", failedNames: ["Éva Roy"] }]);
	for (const [sessionId, taken] of [
		[from, 1],
		[to, 2],
	] as const)
		expect(await seatsOf(db, sessionId)).toMatchObject({ taken, recount: { taken, waiting: 0 } });
});

test("whoever changed dates by themselves meanwhile is not cancelled there", async () => {
	const { from, to } = await twoDates();
	const people = await givenRegistrations(db, from, [{ name: "A B" }, { name: "Éva Roy" }]);
	const id = await plan("cancel", from, people);
	await switchSession(db, origin, people[1]!.id, to, { attendee: true }, secondsLater(10));
	await doDueDeeds(db, origin, secondsLater(31));
	expect(await statuses(people)).toEqual(["cancelled", "confirmed"]);
	expect(await listDeeds(db, from, id)).toMatchObject([{ failedNames: ["Éva Roy"] }]);
});

test("several instances do it once, and a confirmation sent again is one message even after a crash", async () => {
	await warmUp(db);
	const { from } = await twoDates();
	const people = await givenRegistrations(db, from, [{}, {}]);
	const id = await plan("resend", from, people);
	const done = await Promise.all([1, 2, 3].map(() => doDueDeeds(db, origin, secondsLater(31))));
	expect(done.sort()).toEqual([0, 0, 1]);
	// As if the instance had died before it wrote that it was over.
	await db.updateTable("deed").set({ state: "waiting", endedAt: null }).where("id", "=", id).execute();
	expect(await doDueDeeds(db, origin, secondsLater(40))).toBe(1);
	expect(await emailKinds(from)).toEqual(Array(4).fill("confirmation"));
});

test("a button pressed at the last moment either stops it whole or comes too late", async () => {
	await warmUp(db);
	for (let round = 0; round < 10; round++) {
		const { from } = await twoDates();
		const people = await givenRegistrations(db, from, [{}, {}, {}]);
		const id = await plan("cancel", from, people);
		const [stopped] = await Promise.all([
			stopDeed(db, id, organizer.id, secondsLater(29)),
			doDueDeeds(db, origin, secondsLater(30)),
		]);
		expect(await statuses(people)).toEqual(Array(3).fill(stopped.ok ? "confirmed" : "cancelled"));
	}
});
