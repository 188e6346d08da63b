import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { localDateOf } from "#app/domain/time.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { newId } from "#db/id.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	givenOrganizer,
	givenOrganizerCookie,
	givenRegistrations,
	givenSession,
	origin,
	type Solo,
	zone,
} from "#tests/fixtures.ts";

/* The door of a meeting, for those who may open nothing else. */
const words = fr.organizer.checkIn;
const dayMs = 24 * 3600_000;

let database: TestDatabase;
let app: RunningApp;
let door: string;
let organizer: string;
let organizerId: string;

beforeAll(async () => {
	database = await createTestDatabase();
	door = await givenOrganizerCookie(database.db, (await givenOrganizer(database.db, { role: "door" })).id);
	organizerId = (await givenOrganizer(database.db)).id;
	organizer = await givenOrganizerCookie(database.db, organizerId);
	app = await startApp({ DATABASE_URL: database.url });
});

afterAll(async () => {
	await app.stop();
	await database.drop();
});

/** A day where the meetings are, so long that their doors are open at any hour of it. */
function aDay(inDays: number) {
	return aMeeting(localDateOf(new Date(Date.now() + inDays * dayMs), zone), "06:00", "18:00");
}

async function givenDay(people: Solo[], inDays = [0]) {
	const [first = 0, ...others] = inDays;
	const meetings: [ReturnType<typeof aDay>, ...ReturnType<typeof aDay>[]] = [
		aDay(first),
		...others.map(aDay),
	];
	const sessionId = await givenSession(database.db, { meetings, joinUrl: "https://salle.exemple.ca/secret" });
	const guests = await givenRegistrations(database.db, sessionId, people);
	const details = (await findSessionDetails(database.db, sessionId))!;
	return { sessionId, guests, meetings: details.meetings.map(({ id }) => id) };
}

async function ask(address: string, cookie: string) {
	const answer = await fetch(app.url + address, { headers: { Cookie: cookie }, redirect: "manual" });
	return { status: answer.status, body: await answer.text() };
}

type Tap = {
	person: string;
	meeting: string;
	seen: string;
	q?: string;
	operation?: string;
	waited?: string;
	by?: string;
};

async function tap(sessionId: string, form: Tap, cookie = door) {
	const answer = await fetch(app.url + paths.organizer.checkIn(sessionId), {
		method: "POST",
		headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin" },
		body: new URLSearchParams(form),
		redirect: "manual",
	});
	await answer.arrayBuffer();
	return { status: answer.status, location: answer.headers.get("Location") };
}

/** What a page says: its words, without its tags. */
function textOf(body: string): string {
	return body
		.replaceAll(/<!--.*?-->/g, "")
		.replaceAll(/<[^>]*>/g, " ")
		.replaceAll(/ +/g, " ");
}

function recordedOf(id: string) {
	return database.db
		.selectFrom("attendance")
		.select(["meetingId", "status"])
		.where("registrationId", "=", id)
		.execute();
}

test("a tap notes that somebody came, says when, and leads back to the same search and person; another takes it back", async () => {
	const { sessionId, guests, meetings } = await givenDay([{ name: "Zoé Roy" }, { name: "Guy Roy" }]);
	const [person = "", meeting = ""] = [guests[0]!.id, meetings[0]];
	const before = await ask(paths.organizer.checkIn(sessionId), door);
	expect(textOf(before.body)).toMatch(/0 \/ 2 présente/);
	expect(await tap(sessionId, { person, meeting, seen: "present", q: "roy" })).toEqual({
		status: 303,
		location: `${paths.organizer.checkIn(sessionId, { meeting, search: "roy" })}#p-${person}`,
	});
	const after = textOf(
		(await ask(paths.organizer.checkIn(sessionId, { meeting, search: "zoe" }), door)).body,
	);
	expect(after).toMatch(/1 \/ 2 présente/);
	expect(after).toMatch(/Zoé Roy .*Présente, \d+\u00a0h/);
	expect(after).not.toContain("Guy Roy");
	await tap(sessionId, { person, meeting, seen: "present" });
	expect(await recordedOf(person)).toEqual([{ meetingId: meeting, status: "present" }]);
	await tap(sessionId, { person, meeting, seen: "none" });
	expect(await recordedOf(person)).toEqual([]);
});

test("two phones that tap the same person at once note them once", async () => {
	const { sessionId, guests, meetings } = await givenDay([{}]);
	const form = { person: guests[0]!.id, meeting: meetings[0]!, seen: "present" };
	const taps = Array.from({ length: 6 }, (_, i) =>
		tap(sessionId, { ...form, operation: randomUUID() }, i % 2 ? door : organizer),
	);
	expect((await Promise.all(taps)).map(({ status }) => status)).toEqual(Array(6).fill(303));
	const audited = await database.db
		.selectFrom("audit")
		.select("action")
		.where("registrationId", "=", form.person)
		.where("action", "like", "attendance.%")
		.execute();
	expect(audited).toEqual([{ action: "attendance.present" }]);
});

test("a tap that waited on a phone is noted as of when it was made; how long it waited is believed up to a week", async () => {
	const { sessionId, guests, meetings } = await givenDay([{}, {}, {}]);
	const [hourAgo, weekAgo] = [Date.now() - 3600_000, Date.now() - 7 * dayMs];
	const atOf = async (waited: string, index: number) => {
		const person = guests[index]!.id;
		await tap(sessionId, { person, meeting: meetings[0]!, seen: "present", waited }, organizer);
		const { recordedAt } = await database.db
			.selectFrom("attendance")
			.select("recordedAt")
			.where("registrationId", "=", person)
			.executeTakeFirstOrThrow();
		return recordedAt.getTime();
	};
	expect(Math.abs((await atOf("3600", 0)) - hourAgo)).toBeLessThan(60_000);
	expect(Math.abs((await atOf("9999999", 1)) - weekAgo)).toBeLessThan(60_000);
	expect(await atOf("-3600", 2)).toBeLessThanOrEqual(Date.now());
});

test("a tap made while the door was open is noted even when it is heard after it closed; one made since is not", async () => {
	const { sessionId, guests, meetings } = await givenDay([{}], [-3]);
	const form = { person: guests[0]!.id, meeting: meetings[0]!, seen: "present" };
	expect((await tap(sessionId, form)).status).toBe(403);
	for (const waited of ["3600", "9999999"])
		expect((await tap(sessionId, { ...form, waited })).status).toBe(403);
	expect(await recordedOf(form.person)).toEqual([]);
	const { status, location } = await tap(sessionId, { ...form, waited: String((3 * dayMs) / 1000) });
	expect(status).toBe(303);
	expect(await recordedOf(form.person)).toHaveLength(1);
	// What it leads to shows nobody, and says that the site heard it.
	const { body } = await ask(location!, door);
	expect(body).toContain('data-door="none"');
	expect(body).not.toContain(form.person);
});

test("what one person tapped is not noted under the name of another who signed in since in the same browser", async () => {
	const { sessionId, guests, meetings } = await givenDay([{}]);
	const form = { person: guests[0]!.id, meeting: meetings[0]!, seen: "present", by: organizerId };
	expect((await tap(sessionId, form)).status).toBe(409);
	expect(await recordedOf(form.person)).toEqual([]);
	expect((await tap(sessionId, form, organizer)).status).toBe(303);
	expect(await recordedOf(form.person)).toHaveLength(1);
});

test("the zone of a date held elsewhere than the firm's is named at its door", async () => {
	const meeting = aMeeting(localDateOf(new Date(), zone), "06:00", "18:00");
	const sessionId = await givenSession(database.db, { meetings: [meeting], place: "Vancouver" });
	await database.db
		.updateTable("session")
		.set({ zone: "America/Vancouver" })
		.where("id", "=", sessionId)
		.execute();
	const named = "heure du Pacifique";
	expect(textOf((await ask(paths.organizer.checkIn(sessionId), organizer)).body)).toContain(named);
	expect(textOf((await ask("/organizer/check-in", door)).body)).toContain(named);
});

test("whoever cancelled meanwhile, or is of another date, is not noted, and the page says so", async () => {
	const { db } = database;
	const { sessionId, guests, meetings } = await givenDay([{}]);
	const elsewhere = await givenDay([{}]);
	const [meeting = ""] = meetings;
	await cancelRegistration(db, origin, guests[0]!.id, { organizerId }, new Date());
	for (const person of [guests[0]!.id, elsewhere.guests[0]!.id, newId()]) {
		const { status, location } = await tap(sessionId, { person, meeting, seen: "present" });
		expect(status).toBe(303);
		expect(textOf((await ask(location!, door)).body)).toContain(words.gone);
		expect(await recordedOf(person)).toEqual([]);
	}
	const other = { person: elsewhere.guests[0]!.id, meeting: elsewhere.meetings[0]!, seen: "present" };
	expect((await tap(sessionId, other)).status).toBe(404);
	expect((await tap(sessionId, { ...other, meeting, seen: "absent" })).status).toBe(400);
	expect(await recordedOf(other.person)).toEqual([]);
});

test("the door sees who is expected on the day alone, and may note it then alone; an organizer, always", async () => {
	const { sessionId, guests, meetings } = await givenDay([{ name: "Zoé Roy" }], [0, 7]);
	const [today, later] = meetings.map((meeting) => paths.organizer.checkIn(sessionId, { meeting }));
	expect((await ask(today!, door)).body).toContain("Zoé Roy");
	const closed = await ask(later!, door);
	expect(closed.status).toBe(200);
	expect(closed.body).not.toContain("Zoé Roy");
	expect(textOf(closed.body)).toContain("L’accueil ouvre le");
	const form = { person: guests[0]!.id, meeting: meetings[1]!, seen: "present" };
	expect((await tap(sessionId, form)).status).toBe(403);
	expect(await recordedOf(form.person)).toEqual([]);
	expect((await ask(later!, organizer)).body).toContain("Zoé Roy");
	expect((await tap(sessionId, form, organizer)).status).toBe(303);
	expect(await recordedOf(form.person)).toHaveLength(1);
	const past = await givenDay([{ name: "Guy Roy" }], [-3]);
	const over = await ask(paths.organizer.checkIn(past.sessionId), door);
	expect(over.body).not.toContain("Guy Roy");
	expect(textOf(over.body)).toContain(words.closed);
});

test("nothing of a person but what the door needs is on its page or in its data", async () => {
	const email = `perle-${randomUUID()}@exemple.ca`;
	const { sessionId, guests } = await givenDay([{ name: "Zoé Roy", email, organization: "Coop Nord" }]);
	await database.db
		.updateTable("registration")
		.set({ phone: "514 555-0100", note: "une note" })
		.where("id", "=", guests[0]!.id)
		.execute();
	const here = paths.organizer.checkIn(sessionId);
	for (const address of [here, `${here}.data`, "/organizer/check-in", "/organizer/check-in.data"]) {
		const { status, body } = await ask(address, door);
		expect(status).toBe(200);
		for (const secret of [email, "555-0100", "une note", "salle.exemple.ca"])
			expect(body, address).not.toContain(secret);
	}
	expect((await ask(here, door)).body).toContain("Coop Nord");
	expect(textOf((await ask(paths.organizer.checkIn(sessionId, { search: email }), door)).body)).toContain(
		words.notFound,
	);
});

test("somebody at the door is led to the meetings of the day, and can open neither the list nor a file of it", async () => {
	const { sessionId, meetings } = await givenDay([{}]);
	const next = await givenDay([{}], [5]);
	const { body } = await ask("/organizer/check-in", door);
	const links = (id: string, meeting: string) => `href="${paths.organizer.checkIn(id, { meeting })}"`;
	expect(body).toContain(links(sessionId, meetings[0]!));
	expect(body).not.toContain(links(next.sessionId, next.meetings[0]!));
	expect(textOf(body)).toContain("L’accueil ouvre le");
	const closed = [
		paths.organizer.session(sessionId),
		paths.organizer.csv(sessionId),
		paths.organizer.xlsx(sessionId),
		paths.organizer.attendance(sessionId),
		paths.organizer.addAttendee(sessionId),
		paths.organizer.people(),
	];
	for (const address of closed) expect((await ask(address, door)).status, address).toBe(403);
	const page = (await ask(paths.organizer.checkIn(sessionId), door)).body;
	for (const address of closed) expect(page).not.toContain(`"${address}"`);
	const own = (await ask(paths.organizer.checkIn(sessionId), organizer)).body;
	expect(own).toContain(`"${paths.organizer.addAttendee(sessionId)}"`);
	const dashboard = (await ask("/organizer", organizer)).body;
	expect(dashboard).toContain(links(sessionId, meetings[0]!));
});

test("a meeting of another date is not there", async () => {
	const { sessionId } = await givenDay([{}]);
	const other = await givenDay([{}]);
	const address = paths.organizer.checkIn(sessionId, { meeting: other.meetings[0]! });
	expect((await ask(address, organizer)).status).toBe(404);
});
