import ICAL from "ical.js";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { confirmDates } from "#app/use-cases/confirm-dates.server.ts";
import type { SessionInput } from "#app/use-cases/schedule-session.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aSession,
	emailsAbout,
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
const soon = minutesLater(1);

async function confirmationsOf(sessionId: string) {
	return (await emailsAbout(db, sessionId)).filter(({ kind }) => kind === "session-confirmed");
}

function entryOf(file: string) {
	const event = new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent("vevent")!;
	const value = (name: string) => event.getFirstPropertyValue(name);
	return { status: value("status"), sequence: value("sequence"), uid: value("uid") };
}

async function change(id: string, changes: Partial<SessionInput>) {
	const { revision } = await db
		.selectFrom("session")
		.select("revision")
		.where("id", "=", id)
		.executeTakeFirstOrThrow();
	const by = { organizerId: organizer.id, tell: false };
	const result = await changeSession(db, origin, { id, revision }, aSession(changes), by, now);
	if (!result.ok) throw new Error(result.reason);
}

test("until enough people come, their confirmation says so, and their entry is tentative", async () => {
	const id = await givenSession(db, { minimum: 3 });
	const early = await givenRegistration(db, id);
	await givenRegistrations(db, id, [{}, {}]);
	const [first, , third] = await emailsAbout(db, id);
	expect(first!.text).toContain("Cette date aura lieu dès que 3 personnes seront inscrites.");
	expect(entryOf(first!.calendar!).status).toBe("TENTATIVE");
	expect(third!.text).not.toContain("Cette date aura lieu");
	expect(entryOf(third!.calendar!).status).toBe("CONFIRMED");

	expect(await confirmDates(db, origin, soon)).toBe(3);
	expect(await confirmDates(db, origin, soon)).toBe(0);
	const told = await confirmationsOf(id);
	expect(told).toHaveLength(3);
	expect(told[0]!.subject).toContain("La date est confirmée");
	const entry = entryOf(told.find(({ registrationId }) => registrationId === early.id)!.calendar!);
	expect(entry).toEqual({ ...entryOf(first!.calendar!), status: "CONFIRMED", sequence: 1 });
	const { action } = await db
		.selectFrom("audit")
		.select("action")
		.where("sessionId", "=", id)
		.where("actor", "=", "system")
		.orderBy("id", "desc")
		.executeTakeFirstOrThrow();
	expect(action).toBe("session.confirmed");
});

test("a date that was confirmed stays so when people leave, and nobody is told twice", async () => {
	const id = await givenSession(db, { minimum: 2 });
	const [leaves] = await givenRegistrations(db, id, [{}, {}]);
	await confirmDates(db, origin, soon);
	await cancelRegistration(db, origin, leaves!.id, { attendee: true }, soon);
	const late = await givenRegistration(db, id);
	expect(await confirmDates(db, origin, soon)).toBe(0);
	const [email] = (await emailsAbout(db, id)).filter(({ registrationId }) => registrationId === late.id);
	expect(email!.text).not.toContain("Cette date aura lieu");
	expect(await confirmationsOf(id)).toHaveLength(2);
});

test("an organizer who lowers the minimum confirms the date; one who adds it later makes it tentative", async () => {
	const id = await givenSession(db, { minimum: 5 });
	await givenRegistration(db, id);
	expect(await confirmDates(db, origin, soon)).toBe(0);
	await change(id, { minimum: 0 });
	expect(await confirmDates(db, origin, soon)).toBe(1);

	const other = await givenSession(db);
	await givenRegistrations(db, other, [{}, {}]);
	await change(other, { minimum: 2 });
	expect(await confirmDates(db, origin, soon)).toBe(0);
	await change(other, { minimum: 0 });
	await change(other, { minimum: 3 });
	await givenRegistration(db, other);
	expect(await confirmDates(db, origin, soon)).toBe(3);
});

test("any number of instances tell each person once, and only who has a seat", async () => {
	const id = await givenSession(db, { minimum: 2, capacity: 2 });
	await givenRegistrations(db, id, [{}, {}, {}]);
	const told = await Promise.all([1, 2, 3, 4].map(() => confirmDates(db, origin, soon)));
	expect(told.reduce((sum, count) => sum + count, 0)).toBe(2);
	expect(await confirmationsOf(id)).toHaveLength(2);
});

test("a date whose people cannot be told holds back none of the others", async () => {
	const [broken, after] = [await givenSession(db, { minimum: 1 }), await givenSession(db, { minimum: 1 })];
	for (const id of [broken, after]) await givenRegistrations(db, id, [{}]);
	await sql`
		create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
		create trigger refuse before update of tentative on session for each row
			when (new.id = '${sql.raw(broken)}') execute function refuse();
	`.execute(db);
	await expect(confirmDates(db, origin, soon)).rejects.toThrow("refused");
	await sql`drop trigger refuse on session`.execute(db);
	expect(await confirmationsOf(broken)).toHaveLength(0);
	expect(await confirmationsOf(after)).toHaveLength(1);
	expect(await confirmDates(db, origin, soon)).toBe(1);
});
