import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import type { SessionInput } from "#app/use-cases/schedule-session.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSession,
	aSignUp,
	emailsAbout,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	now,
	origin,
	seatsOf,
	warmUp,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const organizer = await givenOrganizer(db);
const moved = { meetings: [aMeeting("2026-12-02")] } satisfies Partial<SessionInput>;

function change(id: string, changes: Partial<SessionInput>, { tell = true, revision = 1 } = {}) {
	return changeSession(
		db,
		origin,
		{ id, revision },
		aSession(changes),
		{ organizerId: organizer.id, tell },
		now,
	);
}

async function notices(id: string) {
	return (await emailsAbout(db, id)).filter(({ kind }) => kind === "session-changed");
}

function entries(calendar: string | null) {
	return new ICAL.Component(ICAL.parse(calendar!)).getAllSubcomponents("vevent").map((event) => ({
		uid: event.getFirstPropertyValue("uid"),
		sequence: event.getFirstPropertyValue("sequence"),
		status: event.getFirstPropertyValue("status"),
		start: String(event.getFirstPropertyValue("dtstart")),
	}));
}

test("people are told in their own language, with the same calendar entry one version further", async () => {
	const id = await givenSession(db, { capacity: 2 });
	const [french, english, waiting] = await givenRegistrations(db, id, [{}, { locale: "en" }, {}]);
	expect(await change(id, { ...moved, capacity: 2 })).toEqual({ ok: true, told: 3, changes: ["when"] });

	const told = await notices(id);
	expect(told.map(({ registrationId, locale }) => [registrationId, locale])).toEqual([
		[french!.id, "fr"],
		[english!.id, "en"],
		[waiting!.id, "fr"],
	]);
	expect(told[1]!.text).toContain("Before: Tuesday, December\u00a01, 2026");
	expect(entries(told[0]!.calendar)).toEqual([
		{ uid: french!.calendarUid, sequence: 1, status: "CONFIRMED", start: "2026-12-02T09:30:00" },
	]);
	expect(told[2]!.calendar).toBeNull();
	expect(await findRegistration(db, french!.id)).toMatchObject({ calendarSequence: 1, status: "confirmed" });
});

test("saving without telling writes to nobody, but the calendar's next version is higher all the same", async () => {
	const id = await givenSession(db);
	const person = await givenRegistration(db, id);
	expect(await change(id, moved, { tell: false })).toMatchObject({ ok: true, told: 0 });
	expect(await notices(id)).toEqual([]);
	expect(await findRegistration(db, person.id)).toMatchObject({ calendarSequence: 1 });
});

test("what nobody plans their day by is told to nobody, whatever the button", async () => {
	const id = await givenSession(db);
	const person = await givenRegistration(db, id);
	expect(await change(id, { capacity: 40, priceCents: 100 })).toEqual({ ok: true, told: 0, changes: [] });
	expect(await notices(id)).toEqual([]);
	expect(await findRegistration(db, person.id)).toMatchObject({ calendarSequence: 0 });
});

test("a new link to join is for those who have a seat, and stays out of the other emails", async () => {
	const online = { online: true, capacity: 1, joinUrl: "https://visio.exemple.ca/a" };
	const id = await givenSession(db, online);
	const [seated] = await givenRegistrations(db, id, [{}, {}]);
	expect(await change(id, { ...online, joinUrl: "https://visio.exemple.ca/b" })).toMatchObject({ told: 1 });
	const told = await notices(id);
	expect(told.map(({ registrationId }) => registrationId)).toEqual([seated!.id]);
	expect(told[0]!.text).toContain("https://visio.exemple.ca/b");
	await change(id, { ...online, ...moved, joinUrl: "https://visio.exemple.ca/c" }, { revision: 2 });
	const [, , forTheWaiting] = await notices(id);
	expect(forTheWaiting!.html + forTheWaiting!.text).not.toContain("visio.exemple.ca");
});

test("a meeting that is dropped is withdrawn from the calendar, and the others keep their entry", async () => {
	const meetings: SessionInput["meetings"] = [aMeeting("2026-12-01"), aMeeting("2026-12-08")];
	const id = await givenSession(db, { meetings });
	const person = await givenRegistration(db, id);
	await change(id, { meetings: [meetings[0]] });
	const [second] = [person.calendarUid.replace("@", "-2@")];
	expect(entries((await notices(id))[0]!.calendar)).toEqual([
		{ uid: person.calendarUid, sequence: 1, status: "CONFIRMED", start: "2026-12-01T09:30:00" },
		{ uid: second, sequence: 1, status: "CANCELLED", start: "2026-12-08T09:30:00" },
	]);
});

test("who has left is not told", async () => {
	const id = await givenSession(db);
	const [leaving, staying] = await givenRegistrations(db, id, [{}, {}]);
	await cancelRegistration(db, origin, leaving!.id, { attendee: true }, now);
	expect(await change(id, moved)).toMatchObject({ told: 1 });
	expect((await notices(id)).map(({ registrationId }) => registrationId)).toEqual([staying!.id]);
});

test("a conflict tells nobody", async () => {
	const id = await givenSession(db);
	await givenRegistration(db, id);
	await change(id, { capacity: 20 });
	expect(await change(id, moved)).toEqual({ ok: false, reason: "conflict" });
	expect(await notices(id)).toEqual([]);
});

test("two organizers who move a date at once: people hear of one of the two", async () => {
	const id = await givenSession(db, { capacity: 50 });
	await givenRegistrations(db, id, Array(20).fill({}));
	await warmUp(db);
	const results = await Promise.all([
		change(id, { ...moved, capacity: 50 }),
		change(id, { meetings: [aMeeting("2026-12-03")], capacity: 50 }),
	]);
	expect(results).toContainEqual({ ok: false, reason: "conflict" });
	expect(results).toContainEqual({ ok: true, told: 20, changes: ["when"] });
	const told = await notices(id);
	expect(told).toHaveLength(20);
	expect(new Set(told.map(({ subject }) => subject)).size).toBe(1);
});

test("whoever signs up or leaves while the messages are written hears what is true, once", async () => {
	const id = await givenSession(db, { capacity: 1000 });
	const people = await givenRegistrations(db, id, Array(400).fill({}));
	await warmUp(db);
	let changed = false;
	const changing = change(id, { ...moved, capacity: 1000 }).finally(() => {
		changed = true;
	});
	let meanwhile = 0;
	for (const { id: leaving } of people.slice(0, 5)) {
		await registerTogether(db, origin, [aSignUp(id)], now);
		await cancelRegistration(db, origin, leaving, { attendee: true }, now);
		if (!changed) meanwhile += 1;
	}
	const result = await changing;
	// Under the session's lock, all of them would have waited for four hundred messages.
	expect(meanwhile).toBeGreaterThan(0);

	const told = new Map((await notices(id)).map((email) => [email.registrationId, email]));
	expect(result).toMatchObject({ ok: true, told: told.size });
	const registrations = await db.selectFrom("registration").selectAll().where("sessionId", "=", id).execute();
	const emails = await emailsAbout(db, id);
	for (const { id: person, status } of registrations) {
		const confirmed = emails.find(
			(email) => email.registrationId === person && email.kind === "confirmation",
		);
		const knowsTheNewDay = [told.get(person), confirmed].some((email) =>
			email?.subject.includes("2\u00a0décembre"),
		);
		if (status === "confirmed") expect(knowsTheNewDay).toBe(true);
	}
	const { taken, recount } = await seatsOf(db, id);
	expect(taken).toBe(recount.taken);
});

test("somebody who corrects their address while the messages are written waits for none of them", async () => {
	const id = await givenSession(db, { capacity: 1000 });
	const people = await givenRegistrations(db, id, Array(800).fill({}));
	await warmUp(db);
	let changed = false;
	const changing = change(id, { ...moved, capacity: 1000 }).finally(() => {
		changed = true;
	});
	const first = people.map((person) => person.id).sort()[0]!;
	let meanwhile = 0;
	for (let n = 0; n < 5; n += 1) {
		const to = { email: `zoe.${n}@exemple.ca`, locale: "fr" as const };
		const result = await correctPlace(db, origin, first, to, { attendee: true }, now);
		expect(result).toEqual({ ok: true });
		if (!changed) meanwhile += 1;
	}
	expect(await changing).toMatchObject({ ok: true });
	expect(meanwhile).toBeGreaterThan(1);
	// Corrected after the change, the new address has a confirmation of the new day; before it, what changed.
	const told = (await emailsAbout(db, id)).filter(
		({ registrationId, status }) => registrationId === first && status === "queued",
	);
	expect(told.filter(({ toAddress }) => toAddress === "zoe.4@exemple.ca")).not.toEqual([]);
	expect(told.filter(({ subject }) => subject.includes("2\u00a0décembre"))).not.toEqual([]);
});
