import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { type AddOptions, addAttendees, type NewAttendee } from "#app/use-cases/add-attendees.server.ts";
import { listAttendees } from "#db/queries/attendees.server.ts";
import { listAudit } from "#db/queries/audit.server.ts";
import { findAnswers } from "#db/queries/questions.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aNewAttendee,
	emailsAbout,
	givenOrganizer,
	givenQuestion,
	givenRegistrations,
	givenSession,
	nothingWritten,
	now,
	origin,
	seatsOf,
	warmUp,
	writtenAbout,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
const organizer = await givenOrganizer(db);

const told: AddOptions = { notify: true, whenFull: "refuse", imported: { leftOut: 2 } };

function bring(sessionId: string, people: NewAttendee[], changes: Partial<AddOptions> = {}, key?: string) {
	return addAttendees(db, origin, sessionId, people, { ...told, ...changes }, organizer, now, key);
}

test("a list longer than the seats fills them in its order, and the others wait behind whoever waits", async () => {
	const sessionId = await givenSession(db, { capacity: 3, waitlistMode: "offer" });
	await givenRegistrations(db, sessionId, [{}]);
	const list = ["A", "B", "C", "D"].map((name) => aNewAttendee({ name, locale: name === "D" ? "en" : "fr" }));
	expect(await bring(sessionId, list)).toEqual({ ok: false, reason: "full", left: 2 });
	const result = await bring(sessionId, list, { whenFull: "wait" });
	expect(result).toMatchObject({ ok: true, seated: 2, waiting: 2 });
	expect(await seatsOf(db, sessionId)).toEqual({ taken: 3, waiting: 2, recount: { taken: 3, waiting: 2 } });
	const line = await listAttendees(db, { sessionId, tab: "waitlisted", search: "" }, 1);
	expect(line.rows.map(({ name }) => name)).toEqual(["C", "D"]);
	const emails = await emailsAbout(db, sessionId);
	expect(emails.slice(1).map(({ kind, locale }) => [kind, locale])).toEqual([
		["confirmation", "fr"],
		["confirmation", "fr"],
		["waitlisted", "fr"],
		["waitlisted", "en"],
	]);
	expect(emails.at(-1)!.text).toContain("2nd in line");

	// The next list stands behind.
	await bring(sessionId, [aNewAttendee({ name: "E" })], { whenFull: "wait" });
	const after = await listAttendees(db, { sessionId, tab: "waitlisted", search: "" }, 1);
	expect(after.rows.map(({ name }) => name)).toEqual(["C", "D", "E"]);
	expect((await emailsAbout(db, sessionId)).at(-1)!.text).toContain("3e");
});

test("over the capacity everyone has a seat; silently, nobody is written to", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const list = [aNewAttendee(), aNewAttendee(), aNewAttendee({ email: null, name: "Guy Roy" })];
	const result = await bring(sessionId, list, { whenFull: "exceed", notify: false });
	expect(result).toMatchObject({ seated: 3, waiting: 0 });
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 3, recount: { taken: 3, waiting: 0 } });
	expect(await emailsAbout(db, sessionId)).toEqual([]);
});

test("an import leaves one line of its own in the log, beside one for each person", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	await bring(sessionId, [aNewAttendee(), aNewAttendee()], { whenFull: "wait" });
	const log = await listAudit(db, { sessionId });
	expect(log.map(({ action }) => action).sort()).toEqual([
		"attendees.imported",
		"registration.added",
		"registration.added",
		"session.created",
	]);
	expect((await listAudit(db, { sessionId, action: "attendees.imported" }))[0]).toMatchObject({
		organizerName: organizer.name,
		data: { seated: 1, waiting: 1, leftOut: 2, told: true },
	});
});

test("answers come with the people", async () => {
	const sessionId = await givenSession(db);
	const { workshopId } = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	const questionId = await givenQuestion(db, workshopId);
	const elsewhere = await givenQuestion(db, await otherWorkshop());
	const answers = [
		{ questionId, value: "Infirmière" },
		{ questionId: elsewhere, value: "non" },
	];
	const result = await bring(sessionId, [
		aNewAttendee({ answers, phone: "0012", note: "a\nb" }),
		aNewAttendee(),
	]);
	if (!result.ok) throw new Error(result.reason);
	const found = await findAnswers(db, result.ids);
	expect([...found.get(result.ids[0]!)!]).toEqual([[questionId, "Infirmière"]]);
	expect(found.get(result.ids[1]!)).toBeUndefined();
	expect(await findRegistration(db, result.ids[0]!)).toMatchObject({ phone: "0012", note: "a\nb" });
});

async function otherWorkshop(): Promise<string> {
	const id = await givenSession(db);
	const session = await db
		.selectFrom("session")
		.select("workshopId")
		.where("id", "=", id)
		.executeTakeFirstOrThrow();
	return session.workshopId;
}

test("the same list brought by two organizers at once, or sent twice, is there once", async () => {
	await warmUp(db);
	for (const email of [undefined, null]) {
		const sessionId = await givenSession(db, { capacity: 10 });
		const list = ["A B", "C D"].map((name) => aNewAttendee({ name, ...(email === null && { email }) }));
		const results = await Promise.all([bring(sessionId, list), bring(sessionId, list)]);
		expect(results.map((one) => (one.ok ? "ok" : one.reason)).sort()).toEqual(["ok", "registered"]);
		expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 2, recount: { taken: 2 } });
	}
	const sessionId = await givenSession(db, { capacity: 10 });
	const key = randomUUID();
	const list = [aNewAttendee(), aNewAttendee()];
	const twice = await Promise.all([bring(sessionId, list, {}, key), bring(sessionId, list, {}, key)]);
	expect(twice.map((one) => one.ok && Boolean(one.alreadyDone)).sort()).toEqual([false, true]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 2, recount: { taken: 2 } });
});

test("one wrong person in a list, and nothing is written", async () => {
	const sessionId = await givenSession(db, { capacity: 700 });
	const list = Array.from({ length: 600 }, () => aNewAttendee());
	// The database refuses what the form should have: past the first five hundred, all of it is undone.
	const broken = bring(sessionId, [...list, aNewAttendee({ locale: "xx" as "fr" })]);
	await expect(broken).rejects.toThrow();
	expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);
	expect(await seatsOf(db, sessionId)).toEqual({ taken: 0, waiting: 0, recount: { taken: 0, waiting: 0 } });
});

test("a thousand people are brought with their confirmations, and a sign-up waits for its turn without giving up", async () => {
	const sessionId = await givenSession(db, { capacity: 1500 });
	const list = Array.from({ length: 1000 }, () => aNewAttendee());
	const isHeld = { longest: 0, over: false };
	const watch = (async () => {
		while (!isHeld.over) {
			const asked = performance.now();
			await db.transaction().execute((trx) => lockSession(trx, sessionId));
			isHeld.longest = Math.max(isHeld.longest, performance.now() - asked);
			await new Promise((resolve) => setTimeout(resolve, 5));
		}
	})();
	expect(await bring(sessionId, list)).toMatchObject({ seated: 1000 });
	isHeld.over = true;
	await watch;
	expect(await emailsAbout(db, sessionId)).toHaveLength(1000);
	// A sign-up that waits for the lock gives up after five seconds.
	expect(isHeld.longest).toBeLessThan(4000);
});
