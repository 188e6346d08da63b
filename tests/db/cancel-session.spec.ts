import ICAL from "ical.js";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { cancelSession } from "#app/use-cases/cancel-session.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { newId } from "#db/id.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails, listWorkshopSessions } from "#db/queries/sessions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aPerson,
	aSession,
	aSignUp,
	emailsAbout,
	givenOrganizer,
	givenRegistration,
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

function cancel(id: string, words = { fr: "", en: "" }, at = now) {
	return cancelSession(db, origin, id, words, organizer.id, at);
}

test("everyone's place ends with the session, and each person is told once", async () => {
	const id = await givenSession(db, { capacity: 2 });
	const people = await givenRegistrations(db, id, [{}, { locale: "en" }, {}]);
	expect(await cancel(id)).toEqual({ ok: true, told: 3 });

	expect((await findSessionDetails(db, id))!.session).toMatchObject({ cancelledAt: now, revision: 2 });
	expect(await seatsOf(db, id)).toEqual({ taken: 0, waiting: 0, recount: { taken: 0, waiting: 0 } });
	for (const person of people) {
		expect(await findRegistration(db, person.id)).toMatchObject({
			status: "cancelled",
			cancelReason: "session",
			calendarSequence: 1,
			name: "Zoé Roy",
		});
	}
	const entry = await db.selectFrom("waitlistEntry").select("state").where("sessionId", "=", id).execute();
	expect(entry).toEqual([{ state: "left" }]);

	const emails = await emailsAbout(db, id);
	const told = emails.filter(({ kind }) => kind === "session-cancelled");
	expect(
		told.map(({ registrationId, locale, calendarMethod }) => [registrationId, locale, calendarMethod]),
	).toEqual([
		[people[0]!.id, "fr", "CANCEL"],
		[people[1]!.id, "en", "CANCEL"],
		[people[2]!.id, "fr", null],
	]);
	const event = new ICAL.Component(ICAL.parse(told[0]!.calendar!)).getFirstSubcomponent("vevent")!;
	expect(event.getFirstPropertyValue("uid")).toBe(people[0]!.calendarUid);
	expect(event.getFirstPropertyValue("sequence")).toBe(1);
	expect(event.getFirstPropertyValue("status")).toBe("CANCELLED");
	// A confirmation that has not left would now say what is no longer true.
	expect(new Set(emails.filter(({ status }) => status === "cancelled").map(({ kind }) => kind))).toEqual(
		new Set(["confirmation", "waitlisted"]),
	);

	const audit = await db
		.selectFrom("audit")
		.select(["actor", "action", "data"])
		.where("sessionId", "=", id)
		.execute();
	expect(audit).toContainEqual({ actor: "organizer", action: "session.cancelled", data: { told: 3 } });
	expect(audit).toContainEqual({
		actor: "system",
		action: "registration.cancelled",
		data: { was: "waitlisted", reason: "session" },
	});
});

test("the email offers the other dates that are open, and no other", async () => {
	const workshopId = await givenWorkshop(db);
	const schedule = (day: string, changes = {}) =>
		scheduleSession(db, workshopId, aSession({ meetings: [aMeeting(day)], ...changes }), null, now);
	const id = await schedule("2026-12-01");
	const open = await schedule("2026-12-08");
	const draft = await schedule("2026-12-09", { published: false });
	const closed = await schedule("2026-12-10", { closesAt: now });
	const cancelled = await schedule("2026-12-11");
	await cancel(cancelled);
	await givenRegistration(db, id);
	await cancel(id);
	const { slugFr } = (await findWorkshop(db, workshopId))!;
	const [email] = (await emailsAbout(db, id)).filter(({ kind }) => kind === "session-cancelled");
	expect(email!.text).toContain(`https://ateliers.exemple.ca/ateliers/${slugFr}/inscription?date=${open}`);
	for (const other of [draft, closed, cancelled, id]) expect(email!.text).not.toContain(other);
});

test("the organizer's own words are text, in the reader's language when there are some", async () => {
	const id = await givenSession(db);
	await givenRegistrations(db, id, [{ locale: "fr" }, { locale: "en" }]);
	await cancel(id, { fr: "La salle est <b>fermée</b>.\n\nDésolés!", en: "" });
	const told = (await emailsAbout(db, id)).filter(({ kind }) => kind === "session-cancelled");
	for (const { html, text } of told) {
		expect(html).toContain("La salle est &lt;b&gt;fermée&lt;/b&gt;.");
		expect(text).toContain("La salle est <b>fermée</b>.\n\nDésolés!");
	}
	const other = await givenSession(db);
	await givenRegistration(db, other, { locale: "en" });
	await cancel(other, { fr: "Désolés!", en: "Sorry!" });
	const [english] = (await emailsAbout(db, other)).filter(({ kind }) => kind === "session-cancelled");
	expect(english!.text).toContain("Sorry!");
	expect(english!.text).not.toContain("Désolés!");
});

test("cancelling twice, or at once from two pages, tells people once", async () => {
	const id = await givenSession(db);
	await givenRegistrations(db, id, Array(5).fill({}));
	await warmUp(db);
	const results = await Promise.all([cancel(id), cancel(id)]);
	expect(results).toContainEqual({ ok: true, told: 5 });
	expect(results).toContainEqual({ ok: true, told: 0 });
	expect(await cancel(id)).toEqual({ ok: true, told: 0 });
	expect((await emailsAbout(db, id)).filter(({ kind }) => kind === "session-cancelled")).toHaveLength(5);
});

test("a cancelled date takes nobody, gives up nobody twice, and cannot be changed", async () => {
	const id = await givenSession(db);
	const person = await givenRegistration(db, id);
	await cancel(id);
	expect(await registerTogether(db, origin, [aSignUp(id)], now)).toEqual([
		{ ok: false, reason: "cancelled" },
	]);
	expect(await cancelRegistration(db, origin, person.id, { attendee: true }, now)).toEqual({ ok: true });
	expect((await emailsAbout(db, id)).filter(({ kind }) => kind === "cancellation")).toEqual([]);
	const by = { organizerId: organizer.id, tell: true };
	expect(await changeSession(db, origin, { id, revision: 2 }, aSession(), by, now)).toEqual({
		ok: false,
		reason: "cancelled",
	});
	const { session } = (await findSessionDetails(db, id))!;
	expect(await listWorkshopSessions(db, session.workshopId, now)).toMatchObject([{ id, cancelledAt: now }]);
});

test("a date that is over, or that nobody knows, is not cancelled", async () => {
	const id = await givenSession(db);
	expect(await cancel(id, undefined, minutesLater(30 * 24 * 60))).toEqual({ ok: false, reason: "past" });
	expect(await cancel(newId())).toEqual({ ok: false, reason: "unknown" });
});

test("people who sign up while the date is cancelled are refused, or told", async () => {
	const id = await givenSession(db, { capacity: 500 });
	await givenRegistrations(db, id, Array(100).fill({}));
	await warmUp(db);
	const cancelling = cancel(id);
	const outcomes = [];
	for (let n = 0; n < 6; n++) outcomes.push(...(await registerTogether(db, origin, [aSignUp(id)], now)));
	const seated = outcomes.filter(({ ok }) => ok).length;
	expect(await cancelling).toEqual({ ok: true, told: 100 + seated });
	expect(await seatsOf(db, id)).toEqual({ taken: 0, waiting: 0, recount: { taken: 0, waiting: 0 } });
});

test("whoever booked for others and gets none of their messages is told of a change and of the end", async () => {
	const id = await givenSession(db, { capacity: 20 });
	const contact = { name: "Rachel Ménard", email: "rh@exemple.ca", locale: "en" as const };
	const absent = { contact, contactAttends: false };
	const [first, second] = [aPerson({ name: "Noé Côté" }), aPerson({ name: "Maïté L’Écuyer" })];
	const unreachable = { ...second, email: null };
	const signUps = [
		aGroup(id, 2, { ...absent, people: [first, second] }),
		// Their messages come to the contact.
		aGroup(id, 2, { ...absent, people: [first, unreachable] }),
		aGroup(id, 2),
	];
	for (const signUp of signUps) await registerTogether(db, origin, [signUp], now);
	const moved = aSession({ capacity: 20, meetings: [aMeeting("2026-12-02")] });
	const by = { organizerId: organizer.id, tell: true };
	await changeSession(db, origin, { id, revision: 1 }, moved, by, now);
	await cancel(id, { fr: "Tempête.", en: "A storm." });
	const told = await db
		.selectFrom("email")
		.innerJoin("booking", "booking.id", "email.bookingId")
		.select(["kind", "subject", "text", "toAddress", "email.locale"])
		.where("booking.sessionId", "=", id)
		.where("kind", "in", ["session-changed", "session-cancelled"])
		.orderBy("email.id")
		.execute();
	expect(told).toMatchObject([
		{ kind: "session-changed", toAddress: "rh@exemple.ca", locale: "en" },
		{ kind: "session-cancelled", toAddress: "rh@exemple.ca", locale: "en" },
	]);
	expect(told[0]!.text).toMatch(/Tuesday, December.1/);
	expect(told[0]!.text).toMatch(/Wednesday, December.2/);
	for (const { name } of [first, second]) expect(told[1]!.text).toContain(name);
	expect(told[1]!.text).toContain("A storm.");
});

test("what a contact is told names whoever was on the list already, and is told of each of their dates", async () => {
	const workshopId = await givenWorkshop(db);
	const [a, b] = await Promise.all(
		["2026-12-01", "2026-12-08"].map((day) =>
			scheduleSession(db, workshopId, aSession({ capacity: 20, meetings: [aMeeting(day)] }), null, now),
		),
	);
	const known = await givenRegistration(db, a!, { name: "Déjà Inscrite", email: "deja@exemple.ca" });
	const contact = { name: "Rachel Ménard", email: "rh2@exemple.ca", locale: "fr" as const };
	const people = [
		aPerson({ name: "Déjà Inscrite", email: known.email }),
		aPerson({ name: "Noé Côté", email: "noe.cote@exemple.ca" }),
	] as const;
	const signUp = aGroup(a!, 2, { contact, contactAttends: false, people: [...people] });
	await registerTogether(db, origin, [signUp], now);
	const moving = await db
		.selectFrom("registration")
		.select("id")
		.where("email", "=", "noe.cote@exemple.ca")
		.executeTakeFirstOrThrow();
	await switchSession(db, origin, moving.id, b!, { organizerId: organizer.id }, now);
	await cancel(b!);
	await cancel(a!);
	const told = await db
		.selectFrom("email")
		.select(["subject", "text"])
		.where("toAddress", "=", "rh2@exemple.ca")
		.where("kind", "=", "session-cancelled")
		.orderBy("id")
		.execute();
	expect(told.map(({ subject }) => /\d+/.exec(subject)?.[0])).toEqual(["8", "1"]);
	expect(told[0]!.text).toContain("Noé Côté");
	expect(told[1]!.text).toContain("Déjà Inscrite");
});
