import { randomUUID } from "node:crypto";
import { afterAll, expect, test } from "vitest";
import { type AddOptions, addAttendees, type NewAttendee } from "#app/use-cases/add-attendees.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeRole, revokeOrganizer } from "#app/use-cases/change-organizer.server.ts";
import { editRegistration, versionOf } from "#app/use-cases/edit-registration.server.ts";
import { resendConfirmation } from "#app/use-cases/resend-confirmation.server.ts";
import { listAttendees } from "#db/queries/attendees.server.ts";
import { listAudit, listPlaceHistory } from "#db/queries/audit.server.ts";
import { findGroupsOfAddress } from "#db/queries/bookings.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aNewAttendee,
	emailsAbout,
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	nothingWritten,
	now,
	origin,
	seatsOf,
	warmUp,
	writtenAbout,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const silently: AddOptions = { notify: false, whenFull: "refuse" };

test("a corrected name is found and sorted as such, and the history says what changed", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db);
	const before = await givenRegistration(db, sessionId, { name: "Zoe Roi" });
	const { id, bookingId } = before;
	const edit = {
		name: "Zoé Roy",
		sortName: "Roi Zoe",
		organization: "Coop Nord",
		phone: "514 555-0100",
		note: "Noix",
	};
	expect(await editRegistration(db, id, edit, versionOf(before), organizer.id, minutesLater(1))).toEqual({
		ok: true,
	});
	expect(await findRegistration(db, id)).toMatchObject({ ...edit, sortName: "Roy Zoé" });
	const { rows } = await listAttendees(db, { sessionId, tab: "confirmed", search: "zoé roy coop" }, 1);
	expect(rows.map((row) => row.id)).toEqual([id]);
	const history = await listPlaceHistory(db, { id, bookingId });
	expect(history.map(({ action, organizerName }) => [action, organizerName])).toEqual([
		["registration.confirmed", null],
		["registration.edited", "Mireille Castonguay"],
	]);
	expect(history[1]?.data).toEqual({ fields: ["name", "sortName", "phone", "note"] });
});

test("a sort name that was given is kept", async () => {
	const organizer = await givenOrganizer(db);
	const before = await givenRegistration(db, await givenSession(db), { name: "Ana de la Cruz" });
	const { id } = before;
	const edit = { name: "Ana de la Cruz", sortName: "de la Cruz Ana", organization: "", phone: "", note: "" };
	await editRegistration(db, id, edit, versionOf(before), organizer.id, minutesLater(1));
	const renamed = { ...edit, name: "Anna de la Cruz", sortName: "de la Cruz Anna" };
	await editRegistration(db, id, renamed, versionOf(edit), organizer.id, minutesLater(2));
	expect(await findRegistration(db, id)).toMatchObject({ sortName: "de la Cruz Anna" });
});

test("what another organizer saved meanwhile is not overwritten", async () => {
	const organizer = await givenOrganizer(db);
	const before = await givenRegistration(db, await givenSession(db));
	const { id } = before;
	const edit = { name: "A", sortName: "", organization: "", phone: "", note: "première" };
	const seen = versionOf(before);
	await editRegistration(db, id, edit, seen, organizer.id, minutesLater(1));
	const late = await editRegistration(db, id, { ...edit, note: "seconde" }, seen, organizer.id, now);
	expect(late).toEqual({ ok: false, reason: "conflict" });
	expect((await findRegistration(db, id))?.note).toBe("première");
});

test("a confirmation goes out again as a message of its own, to whoever holds or waits for a seat", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 1 });
	const [seated, waiting] = await givenRegistrations(db, sessionId, [{}, {}]);
	expect(await resendConfirmation(db, origin, seated!.id, organizer.id, minutesLater(1))).toBe(true);
	expect(await resendConfirmation(db, origin, waiting!.id, organizer.id, minutesLater(1))).toBe(true);
	const emails = await emailsAbout(db, sessionId);
	expect(emails.map(({ kind, status }) => [kind, status])).toEqual([
		["confirmation", "queued"],
		["waitlisted", "queued"],
		["confirmation", "queued"],
		["waitlisted", "queued"],
	]);
	expect(emails[2]?.messageId).not.toBe(emails[0]?.messageId);
	expect(emails[3]?.text).toContain("1er rang");
	await cancelRegistration(db, origin, waiting!.id, { organizerId: organizer.id }, minutesLater(2));
	expect(await resendConfirmation(db, origin, waiting!.id, organizer.id, minutesLater(3))).toBe(false);
	expect(await listPlaceHistory(db, seated!)).toHaveLength(2);
});

test("somebody added by hand has a seat, and is told or not as the organizer wished", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 3 });
	const person = aNewAttendee({
		name: "Zoé Roy",
		organization: "Coop Nord",
		phone: "+1 514 555-0100",
		note: "Noix",
	});
	const quiet = await addAttendees(db, origin, sessionId, [person], silently, organizer, now);
	if (!quiet.ok) throw new Error(quiet.reason);
	expect(await findRegistration(db, quiet.ids[0]!)).toMatchObject({
		...person,
		status: "confirmed",
		sortName: "Roy Zoé",
		priceCents: 19_500,
		contactEmail: person.email,
	});
	expect(await emailsAbout(db, sessionId)).toEqual([]);
	const told = { ...silently, notify: true };
	await addAttendees(db, origin, sessionId, [aNewAttendee({ locale: "en" })], told, organizer, now);
	expect((await emailsAbout(db, sessionId)).map(({ kind, locale }) => [kind, locale])).toEqual([
		["confirmation", "en"],
	]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 2, recount: { taken: 2, waiting: 0 } });
	const audit = await listAudit(db, { sessionId, action: "registration.added" });
	expect(audit.map(({ organizerName, data }) => [organizerName, data])).toEqual([
		["Mireille Castonguay", { told: true, overCapacity: false, status: "confirmed" }],
		["Mireille Castonguay", { told: false, overCapacity: false, status: "confirmed" }],
	]);
});

test("the contact of somebody without an address is the organizer who adds them", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db);
	const people = [aNewAttendee({ email: null }), aNewAttendee({ email: null })];
	const result = await addAttendees(
		db,
		origin,
		sessionId,
		people,
		{ ...silently, notify: true },
		organizer,
		now,
	);
	if (!result.ok) throw new Error(result.reason);
	expect(await findRegistration(db, result.ids[1]!)).toMatchObject({
		email: null,
		contactEmail: organizer.email,
	});
	const emails = await emailsAbout(db, sessionId);
	expect(emails.map(({ toAddress }) => toAddress)).toEqual([organizer.email, organizer.email]);
});

test("nobody goes over the capacity, or past those who wait, unless the organizer agreed", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 2 });
	await givenRegistrations(db, sessionId, [{}, {}, {}]);
	const before = await writtenAbout(db, sessionId);
	expect(await addAttendees(db, origin, sessionId, [aNewAttendee()], silently, organizer, now)).toEqual({
		ok: false,
		reason: "full",
		left: 0,
	});
	expect(await writtenAbout(db, sessionId)).toEqual(before);
	const over: AddOptions = { ...silently, whenFull: "exceed" };
	expect(await addAttendees(db, origin, sessionId, [aNewAttendee()], over, organizer, now)).toMatchObject({
		ok: true,
	});
	expect(await seatsOf(db, sessionId)).toEqual({ taken: 3, waiting: 1, recount: { taken: 3, waiting: 1 } });
});

test("all are added or nobody is: an address that is registered, or that comes twice, stops the list", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 5 });
	const add = (...people: NewAttendee[]) =>
		addAttendees(db, origin, sessionId, people, silently, organizer, now);
	const twice = [aNewAttendee({ email: "deux@exemple.ca" }), aNewAttendee({ email: "DEUX@exemple.ca" })];
	expect(await add(...twice)).toEqual({ ok: false, reason: "registered", emails: ["deux@exemple.ca"] });
	expect(await add(...Array.from({ length: 6 }, () => aNewAttendee()))).toMatchObject({
		reason: "full",
		left: 5,
	});
	expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);
	await givenRegistration(db, sessionId, { email: "Une@exemple.ca" });
	expect(await add(aNewAttendee(), aNewAttendee({ email: "une@exemple.ca" }))).toEqual({
		ok: false,
		reason: "registered",
		emails: ["une@exemple.ca"],
	});
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, recount: { taken: 1 } });
});

test("a form sent twice at the same moment adds one person", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db);
	const key = randomUUID();
	await warmUp(db);
	const person = aNewAttendee({ email: null });
	const results = await Promise.all(
		[1, 2].map(() => addAttendees(db, origin, sessionId, [person], silently, organizer, now, key)),
	);
	expect(results.map(({ ok }) => ok)).toEqual([true, true]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, recount: { taken: 1 } });
});

test("a form that has added somebody adds nobody else, and says so", async () => {
	const organizer = await givenOrganizer(db);
	const [here, there] = [await givenSession(db), await givenSession(db)];
	const key = randomUUID();
	const add = (sessionId: string, person: NewAttendee) =>
		addAttendees(db, origin, sessionId, [person], silently, organizer, now, key);
	const ann = aNewAttendee({ name: "Ann Roy" });
	expect(await add(here, ann)).toMatchObject({ ok: true, seated: 1 });
	expect(await add(here, ann)).toMatchObject({ ok: true, alreadyDone: true });
	const other = { ok: false, reason: "key-reused" };
	expect(await add(here, aNewAttendee({ name: "Ann Roy" }))).toEqual(other);
	expect(await add(here, { ...ann, name: "Bob Roy" })).toEqual(other);
	expect(await add(here, { ...ann, email: null })).toEqual(other);
	expect(await add(there, ann)).toEqual(other);
	expect(await seatsOf(db, here)).toMatchObject({ taken: 1 });
	expect(await seatsOf(db, there)).toMatchObject({ taken: 0 });
});

test("a thousand people are added at once", async () => {
	const organizer = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 1200 });
	const people = Array.from({ length: 1100 }, () => aNewAttendee());
	const result = await addAttendees(db, origin, sessionId, people, silently, organizer, now);
	expect(result.ok && new Set(result.ids).size).toBe(1100);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1100, recount: { taken: 1100 } });
});

test("the log is narrowed by who, what and when, and read a page at a time", async () => {
	const organizer = await givenOrganizer(db, { name: "Duncan MacLeod" });
	const sessionId = await givenSession(db);
	const [person] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	await cancelRegistration(db, origin, person!.id, { organizerId: organizer.id }, minutesLater(60));
	const actions = async (filter: Parameters<typeof listAudit>[1]) =>
		(await listAudit(db, { sessionId, ...filter })).map(({ action }) => action);
	expect(await actions({ who: organizer.id })).toEqual(["registration.cancelled"]);
	expect(await actions({ who: "attendee" })).toEqual(Array(3).fill("registration.confirmed"));
	expect(await actions({ from: minutesLater(1) })).toEqual(["registration.cancelled"]);
	expect(await actions({ until: minutesLater(1) })).not.toContain("registration.cancelled");
	expect(await actions({ action: "session.created" })).toEqual(["session.created"]);
	const all = await listAudit(db, { sessionId });
	expect(all[0]).toMatchObject({ organizerName: "Duncan MacLeod", personName: "Zoé Roy" });
	const rest = await listAudit(db, { sessionId, after: all[1] });
	expect(rest.map(({ id }) => id)).toEqual(all.slice(2).map(({ id }) => id));
});

test.each([
	["has no access any more", revokeOrganizer],
	[
		"is at the door only",
		(...[base, id, by, at]: Parameters<typeof revokeOrganizer>) => changeRole(base, id, "door", by, at),
	],
])("whom somebody added without an address is another's to write to once they %s", async (_, change) => {
	const sessionId = await givenSession(db);
	const owner = await givenOrganizer(db, { role: "owner" });
	const gone = await givenOrganizer(db);
	const result = await addAttendees(
		db,
		origin,
		sessionId,
		[aNewAttendee({ email: null })],
		silently,
		gone,
		now,
	);
	if (!result.ok) throw new Error(result.reason);
	expect(await findGroupsOfAddress(db, gone.email, now)).toHaveLength(1);
	expect(await change(db, gone.id, owner.id, now)).toEqual({ ok: true });
	expect(await findGroupsOfAddress(db, gone.email, now)).toEqual([]);
	const [group] = await findGroupsOfAddress(db, owner.email, now);
	expect(group?.booking).toMatchObject({ contactName: owner.name, tokenVersion: 2 });
	expect(group?.registrations).toMatchObject([{ tokenVersion: 2 }]);
});

test("what was on its way to an organizer who goes, for somebody without an address, leaves for whoever takes over", async () => {
	const sessionId = await givenSession(db);
	const owner = await givenOrganizer(db, { role: "owner" });
	const gone = await givenOrganizer(db);
	const add = async () => {
		const options: AddOptions = { notify: true, whenFull: "refuse" };
		const person = aNewAttendee({ email: null });
		const result = await addAttendees(db, origin, sessionId, [person], options, gone, now);
		return result.ok ? result.ids[0]! : "";
	};
	const [waits, former, goodbye] = [await add(), await add(), await add()];
	const emails = (id: string) =>
		db
			.selectFrom("email")
			.select(["status", "toAddress", "toName", "tokenVersion"])
			.where("registrationId", "=", id)
			.executeTakeFirstOrThrow();
	const change = (id: string, set: { kind?: string; tokenVersion?: number }) =>
		db.updateTable("email").set(set).where("registrationId", "=", id).execute();
	await change(former, { tokenVersion: 0 });
	await change(goodbye, { kind: "erased" });
	await revokeOrganizer(db, gone.id, owner.id, now);
	const heir = { toAddress: owner.email, toName: owner.name };
	expect(await emails(waits)).toEqual({ status: "queued", ...heir, tokenVersion: 2 });
	// The link in it was over before: it does not leave.
	expect(await emails(former)).toMatchObject({ tokenVersion: 0 });
	expect(await emails(goodbye)).toMatchObject({ status: "queued", toAddress: gone.email, tokenVersion: 1 });
});
