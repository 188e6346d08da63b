import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { addAttendees } from "#app/use-cases/add-attendees.server.ts";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { cancelSession } from "#app/use-cases/cancel-session.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { correctContact, correctPlace } from "#app/use-cases/correct-place.server.ts";
import { deliverSome } from "#app/use-cases/deliver-webhooks.server.ts";
import { editRegistration, versionOf } from "#app/use-cases/edit-registration.server.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import { lapseOffers } from "#app/use-cases/lapse-offers.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { repeatSession } from "#app/use-cases/repeat-session.server.ts";
import { returnToWaitlist } from "#app/use-cases/return-to-waitlist.server.ts";
import { saveAnswers } from "#app/use-cases/save-answers.server.ts";
import { changeWebhook, createWebhook } from "#app/use-cases/save-webhook.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { seatPerson } from "#app/use-cases/seat-person.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { countDeliveries, forgetOldDeliveries, listDeliveries } from "#db/queries/webhooks.server.ts";
import type { Organizer } from "#db/schema.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aNewAttendee,
	aSession,
	aSignUp,
	givenOrganizer,
	givenQuestion,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWebhook,
	givenWorkshop,
	minutesLater,
	now,
	origin,
} from "#tests/fixtures.ts";
import { givenReceiver } from "#tests/receiver.ts";
import { webhookSettings } from "#tests/webhook-settings.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

let owner: Organizer;
beforeAll(async () => {
	owner = await givenOrganizer(db, { role: "owner" });
});
afterEach(async () => {
	await db.deleteFrom("webhookDelivery").execute();
	await db.deleteFrom("webhook").execute();
});

const attendee = { attendee: true } as const;

/** What waits to be told to a webhook: of each deed its event and whom it is about, in order. */
async function waiting(webhookId: string) {
	const rows = await db
		.selectFrom("webhookDelivery")
		.select(["event", "registrationId"])
		.where("webhookId", "=", webhookId)
		.where("state", "=", "waiting")
		.orderBy("id")
		.execute();
	return rows.map(({ event, registrationId }) => [event, registrationId] as const);
}

/** What is told from here on, by name, once `act` is over. */
async function told(act: () => Promise<unknown>): Promise<string[]> {
	const id = await givenWebhook(db, owner.id);
	await act();
	const events = (await waiting(id)).map(([event]) => event);
	await changeWebhook(db, id, { what: "remove" }, owner.id, now);
	return events;
}

test("each deed about somebody's place is told once, as what became of it", async () => {
	const workshopId = await givenWorkshop(db);
	const sessionId = await scheduleSession(
		db,
		workshopId,
		aSession({ capacity: 1, waitlistMode: "offer" }),
		null,
		now,
	);
	const elsewhere = await scheduleSession(db, workshopId, aSession(), null, now);
	const questionId = await givenQuestion(db, workshopId);
	const [first, second, third] = await givenRegistrations(db, sessionId, [{}, {}, {}]);

	expect(await told(() => givenRegistrations(db, elsewhere, [{}, {}]))).toEqual(
		Array(2).fill("registration.confirmed"),
	);
	expect(await told(() => givenRegistration(db, sessionId))).toEqual(["registration.waitlisted"]);
	expect(await told(() => cancelRegistration(db, origin, first!.id, attendee, now))).toEqual([
		"registration.cancelled",
		"registration.offered",
	]);
	expect(await told(() => answerOffer(db, origin, second!.id, "decline", now))).toEqual([
		"registration.cancelled",
		"registration.offered",
	]);
	expect(await told(() => answerOffer(db, origin, third!.id, "accept", now))).toEqual([
		"registration.confirmed",
	]);
	expect(await told(() => returnToWaitlist(db, origin, second!.id, now))).toEqual([
		"registration.waitlisted",
	]);
	expect(
		await told(() => switchSession(db, origin, third!.id, elsewhere, { organizerId: owner.id }, now)),
	).toEqual(["registration.moved", "registration.offered"]);
	const answers = [{ questionId, value: "Libraire" }];
	expect(await told(() => saveAnswers(db, third!.id, answers, now))).toEqual(["registration.updated"]);
	expect(await told(() => saveAnswers(db, third!.id, answers, now))).toEqual([]);
	const none = [{ questionId, value: null }];
	expect(await told(() => saveAnswers(db, third!.id, none, now))).toEqual(["registration.updated"]);
	expect(await told(() => saveAnswers(db, third!.id, none, now))).toEqual([]);
	const to = { email: "nouvelle@exemple.ca", locale: "fr" } as const;
	expect(await told(() => correctPlace(db, origin, third!.id, to, attendee, now))).toEqual([
		"registration.updated",
	]);
	const receiver = { name: "Ana Roy", email: "ana@exemple.ca", locale: "fr" } as const;
	expect(await told(() => giveSeat(db, origin, third!.id, receiver, now))).toEqual([
		"registration.cancelled",
		"registration.confirmed",
	]);
	const dayAfter = minutesLater(25 * 60);
	expect(await told(() => lapseOffers(db, origin, dayAfter))).toEqual([
		"registration.cancelled",
		"registration.offered",
	]);
	expect(
		await told(() => seatPerson(db, origin, second!.id, { organizerId: owner.id, over: true }, dayAfter)),
	).toEqual(["registration.confirmed"]);
});

test("people whom an organizer adds are told as seated or waiting, and their corrections without the note", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const options = { notify: false, whenFull: "wait" } as const;
	const people = [aNewAttendee(), aNewAttendee()];
	expect(await told(() => addAttendees(db, origin, sessionId, people, options, owner, now))).toEqual([
		"registration.confirmed",
		"registration.waitlisted",
	]);
	const { id } = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.limit(1)
		.executeTakeFirstOrThrow();
	const edited = async (changes: { note?: string; phone?: string }) => {
		const before = (await findRegistration(db, id))!;
		const { name, sortName, organization, phone, note } = before;
		const edit = { name, sortName, organization, phone, note, ...changes };
		return told(() => editRegistration(db, id, edit, versionOf(before), owner.id, now));
	};
	expect(await edited({ note: "Rappeler" })).toEqual([]);
	expect(await edited({ phone: "514 555-0100" })).toEqual(["registration.updated"]);
});

test("an address that was already there, in a group or in a correction, tells of no place that is not one", async () => {
	const sessionId = await givenSession(db);
	const known = await givenRegistration(db, sessionId, { email: "zoe.dejala@exemple.ca" });
	const again = () => givenRegistration(db, sessionId, { email: "zoe.dejala@exemple.ca" });
	expect(await told(again)).toEqual([]);
	const repeated = await again();
	expect(await told(() => cancelRegistration(db, origin, repeated.id, attendee, now))).toEqual([]);
	const other = await givenRegistration(db, sessionId);
	const to = (email: string) => ({ email, locale: "fr" }) as const;
	const taken = to("zoe.dejala@exemple.ca");
	expect(await told(() => correctPlace(db, origin, other.id, taken, attendee, now))).toEqual([
		"registration.cancelled",
	]);
	expect((await findRegistration(db, other.id))?.status).toBe("repeated");
	const free = to("libre@exemple.ca");
	expect(await told(() => correctPlace(db, origin, other.id, free, attendee, now))).toEqual([
		"registration.confirmed",
	]);
	expect(known.status).toBe("confirmed");
	const corrected = (email: string) => told(() => correctContact(db, origin, other.bookingId, email, now));
	expect(await corrected("zoe.dejala@exemple.ca")).toEqual(["registration.cancelled"]);
	expect(await corrected("libre@exemple.ca")).toEqual(["registration.confirmed"]);
	expect(await corrected("encore.libre@exemple.ca")).toEqual(["registration.updated"]);
});

test("a repeated place that waits and is seated at once is told as waiting, then as offered", async () => {
	const sessionId = await givenSession(db, { capacity: 2, waitlistMode: "offer" });
	await givenRegistration(db, sessionId, { email: "lea.dejala@exemple.ca" });
	const repeated = await givenRegistration(db, sessionId, { email: "lea.dejala@exemple.ca" });
	// Behind a party too large for what is free, there is room for one.
	await registerTogether(db, origin, [aGroup(sessionId, 2, { whenFull: "wait" })], now);
	const to = { email: "lea@exemple.ca", locale: "fr" } as const;
	expect(await told(() => correctPlace(db, origin, repeated.id, to, attendee, now))).toEqual([
		"registration.waitlisted",
		"registration.offered",
	]);
});

test("who has no contact any more, who was erased, is told, and nobody else", async () => {
	const sessionId = await givenSession(db);
	const contact = await givenRegistration(db, sessionId, { name: "Canari Jaune" });
	const receiver = { name: "Ana Roy", email: "ana.recue@exemple.ca", locale: "fr" } as const;
	await giveSeat(db, origin, contact.id, receiver, minutesLater(1));
	const heir = await db
		.selectFrom("registration")
		.select("id")
		.where("bookingId", "=", contact.bookingId)
		.where("id", "<>", contact.id)
		.executeTakeFirstOrThrow();
	const another = await givenReceiver();
	const id = await givenWebhook(db, owner.id, { url: another.url });
	await eraseRegistration(db, origin, contact.id, { organizerId: owner.id }, minutesLater(2));
	expect((await waiting(id)).sort()).toEqual([
		["registration.erased", contact.id],
		["registration.updated", heir.id],
	]);
	await deliverSome(db, webhookSettings, id, minutesLater(3));
	expect(JSON.stringify(another.received)).not.toContain("Canari");
	const updated = another.received.find(({ body }) => body.type === "registration.updated");
	expect(updated?.body.data.registration).toMatchObject({
		name: "Ana Roy",
		contact: { name: null, email: null },
	});
	expect(await told(() => eraseRegistration(db, origin, heir.id, attendee, minutesLater(4)))).toContain(
		"registration.erased",
	);
});

test("while a webhook is paused or stopped, that somebody is erased waits for it", async () => {
	const receiver = await givenReceiver();
	const sessionId = await givenSession(db);
	const gone = await givenRegistration(db, sessionId);
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	await changeWebhook(db, id, { what: "pause" }, owner.id, now);
	await givenRegistration(db, sessionId);
	await eraseRegistration(db, origin, gone.id, attendee, now);
	expect(await waiting(id)).toEqual([["registration.erased", gone.id]]);
	expect(await deliverSome(db, webhookSettings, id, now)).toBe("nothing");
	await changeWebhook(db, id, { what: "resume" }, owner.id, minutesLater(1));
	await deliverSome(db, webhookSettings, id, minutesLater(1));
	expect(receiver.events()).toEqual(["registration.erased"]);
});

test("while a webhook is paused, that the contact of somebody who stays is erased waits for it too", async () => {
	const sessionId = await givenSession(db);
	const contact = await givenRegistration(db, sessionId);
	const heir = { name: "Ana Roy", email: "ana.heritiere@exemple.ca", locale: "fr" } as const;
	await giveSeat(db, origin, contact.id, heir, minutesLater(1));
	const id = await givenWebhook(db, owner.id);
	await changeWebhook(db, id, { what: "pause" }, owner.id, now);
	await eraseRegistration(db, origin, contact.id, { organizerId: owner.id }, minutesLater(2));
	expect((await waiting(id)).map(([event]) => event).sort()).toEqual([
		"registration.erased",
		"registration.updated",
	]);
});

test("of a group whose contact stays, the erasure of one is told of that one alone", async () => {
	const sessionId = await givenSession(db);
	await registerTogether(db, origin, [aGroup(sessionId, 3)], now);
	const one = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where("position", "=", 2)
		.executeTakeFirstOrThrow();
	const id = await givenWebhook(db, owner.id);
	await eraseRegistration(db, origin, one.id, { organizerId: owner.id }, now);
	expect(await waiting(id)).toEqual([["registration.erased", one.id]]);
});

test("a date is told as cancelled though its workshop was withdrawn before", async () => {
	const receiver = await givenReceiver();
	const sessionId = await givenSession(db);
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	await db.updateTable("workshop").set({ publishedAt: null }).execute();
	await cancelSession(db, origin, sessionId, { fr: "", en: "" }, owner.id, now);
	await deliverSome(db, webhookSettings, id, now);
	expect(receiver.events()).toEqual(["session.cancelled"]);
	await db.updateTable("workshop").set({ publishedAt: now }).execute();
});

test("a place that turned out to be asked for twice is told as cancelled, and when", async () => {
	const receiver = await givenReceiver();
	const sessionId = await givenSession(db);
	await givenRegistration(db, sessionId, { email: "max.dejala@exemple.ca" });
	const other = await givenRegistration(db, sessionId);
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	const to = { email: "max.dejala@exemple.ca", locale: "fr" } as const;
	await correctPlace(db, origin, other.id, to, attendee, minutesLater(1));
	await deliverSome(db, webhookSettings, id, minutesLater(2));
	expect(receiver.received[0]?.body.data.registration).toMatchObject({
		status: "cancelled",
		cancelled_at: minutesLater(1).toISOString(),
	});
	expect((await listDeliveries(db, id, 1))[0]).toMatchObject({ placeStatus: "repeated" });
});

test("the address of somebody who signs others up, and does not come, is nobody's place", async () => {
	const sessionId = await givenSession(db);
	const signUp = { ...aGroup(sessionId, 2), contactAttends: false };
	await registerTogether(db, origin, [signUp], now);
	const { id } = await db
		.selectFrom("booking")
		.select("id")
		.where("key", "=", signUp.key)
		.executeTakeFirstOrThrow();
	expect(await told(() => correctContact(db, origin, id, "adjointe@exemple.ca", now))).toEqual([]);
});

test("a date that changes is told, and a date that is cancelled with each of its people", async () => {
	const sessionId = await givenSession(db);
	await givenRegistrations(db, sessionId, [{}, {}]);
	const by = { organizerId: owner.id, tell: false };
	const changed = { id: sessionId, revision: 1 };
	expect(await told(() => changeSession(db, origin, changed, aSession({ place: "Laval" }), by, now))).toEqual(
		["session.changed"],
	);
	const words = { fr: "", en: "" };
	const cancelled = await told(() => cancelSession(db, origin, sessionId, words, owner.id, now));
	expect(cancelled.sort()).toEqual(["registration.cancelled", "registration.cancelled", "session.cancelled"]);
});

/** A webhook, and what it was told of dates once `act` is over: the state and the address of each. */
async function datesTold(act: () => Promise<unknown>) {
	const receiver = await givenReceiver();
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	await act();
	while ((await deliverSome(db, webhookSettings, id, now)) === "received");
	await changeWebhook(db, id, { what: "remove" }, owner.id, now);
	return receiver.received.map(({ body }) => {
		const { state, url, place } = body.data.session as {
			state: string;
			url: { fr: string | null };
			place: string;
		};
		return [body.type, state, url.fr === null ? "no page" : "a page", place];
	});
}

test("a date is told when it is announced, changed and withdrawn, and a draft never", async () => {
	const [workshopId, unannounced] = [await givenWorkshop(db), await givenWorkshop(db)];
	await db.updateTable("workshop").set({ publishedAt: null }).where("id", "=", unannounced).execute();
	const by = { organizerId: owner.id, tell: false };
	const save = async (id: string, changes: Parameters<typeof aSession>[0]) => {
		const { revision } = await db
			.selectFrom("session")
			.select("revision")
			.where("id", "=", id)
			.executeTakeFirstOrThrow();
		const result = await changeSession(db, origin, { id, revision }, aSession(changes), by, now);
		expect(result.ok).toBe(true);
	};
	let draft = "";
	const schedule = async (workshop: string, published: boolean) => {
		draft = await scheduleSession(db, workshop, aSession({ published }), owner.id, now);
	};
	expect(await datesTold(() => schedule(unannounced, true))).toEqual([]);
	const hidden = draft;
	expect(await datesTold(() => save(hidden, { place: "Laval" }))).toEqual([]);
	expect(await datesTold(() => save(hidden, { published: false }))).toEqual([]);
	expect(await datesTold(() => schedule(workshopId, true))).toEqual([
		["session.changed", "open", "a page", "Montréal, Centre-ville"],
	]);
	expect(await datesTold(() => repeatSession(db, draft, ["2027-01-12"], owner.id, now))).toHaveLength(1);
	expect(await datesTold(() => schedule(workshopId, false))).toEqual([]);
	expect(await datesTold(() => save(draft, { published: false, place: "Laval" }))).toEqual([]);
	expect(await datesTold(() => save(draft, { place: "Laval" }))).toEqual([
		["session.changed", "open", "a page", "Laval"],
	]);
	expect(await datesTold(() => save(draft, { published: false, place: "Laval" }))).toEqual([
		["session.changed", "draft", "no page", "Laval"],
	]);
	expect(await datesTold(() => save(draft, { published: false, place: "Gatineau" }))).toEqual([]);
});

test("a save that changes nothing of what other tools read of a date is not told", async () => {
	const id = await givenSession(db, { online: true, joinUrl: "https://visio.exemple.ca/1" });
	const by = { organizerId: owner.id, tell: false };
	const online = { online: true, joinUrl: "https://visio.exemple.ca/2" };
	const save = (revision: number, changes: Parameters<typeof aSession>[0]) =>
		told(() => changeSession(db, origin, { id, revision }, aSession({ ...online, ...changes }), by, now));
	expect(await save(1, {})).toEqual([]);
	expect(await save(2, { reminderDays: 5, thanks: true, cancelUntil: minutesLater(60) })).toEqual([]);
	expect(await save(3, { capacity: 11 })).toEqual(["session.changed"]);
});

test("a sign-up that is rolled back tells nothing, and one that is sent twice tells once", async () => {
	const sessionId = await givenSession(db);
	const id = await givenWebhook(db, owner.id);
	await db
		.transaction()
		.execute(async (trx) => {
			const about = { sessionId, registrationId: newId() };
			const entry = { actor: "attendee" as const, action: "registration.confirmed" as const, ...about };
			await recordAudit(trx, [entry], now);
			expect(await countDeliveries(trx)).toEqual({ waiting: 1, dead: 0 });
			throw new Error("Rolled back.");
		})
		.catch(() => {});
	expect(await waiting(id)).toEqual([]);
	const signUp = aSignUp(sessionId);
	await registerTogether(db, origin, [signUp], now);
	await registerTogether(db, origin, [signUp], now);
	expect((await waiting(id)).map(([event]) => event)).toEqual(["registration.confirmed"]);
});

test("a rush of one transaction tells each person to each webhook that listens, and to no other", async () => {
	const sessionId = await givenSession(db, { capacity: 100 });
	const [one, two, paused, removed] = await Promise.all(
		Array.from({ length: 4 }, () => givenWebhook(db, owner.id)),
	);
	await changeWebhook(db, paused!, { what: "pause" }, owner.id, now);
	await changeWebhook(db, removed!, { what: "remove" }, owner.id, now);
	const signUps = Array.from({ length: 20 }, () => aGroup(sessionId, 2));
	await registerTogether(db, origin, signUps, now);
	expect(await waiting(one!)).toHaveLength(40);
	expect(new Set((await waiting(one!)).map(([, person]) => person)).size).toBe(40);
	expect(await waiting(two!)).toEqual(await waiting(one!));
	expect([await waiting(paused!), await waiting(removed!)]).toEqual([[], []]);
});

test("nobody's name, address or answer is at rest in what waits to be told", async () => {
	const sessionId = await givenSession(db);
	await givenWebhook(db, owner.id);
	await givenRegistration(db, sessionId, {
		name: "Canari Jaune",
		email: "canari@exemple.ca",
		organization: "Canari",
	});
	const { rows } = await sql<{
		row: string;
	}>`select to_jsonb(d)::text as row from webhook_delivery d`.execute(db);
	expect(rows).toHaveLength(1);
	expect(rows[0]!.row.toLowerCase()).not.toContain("canari");
});

test("what is told is what is true when it leaves, in the words of the API", async () => {
	const receiver = await givenReceiver();
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	const workshopId = await givenWorkshop(db);
	const [from, to] = [
		await scheduleSession(db, workshopId, aSession(), null, now),
		await scheduleSession(db, workshopId, aSession(), null, now),
	];
	const person = await givenRegistration(db, from, { name: "Zoé Roy" });
	await switchSession(db, origin, person.id, to, attendee, minutesLater(1));
	expect(await deliverSome(db, webhookSettings, id, minutesLater(2))).toBe("received");
	const byType = Object.fromEntries(receiver.received.map(({ body }) => [body.type, body]));
	expect(byType["registration.confirmed"]).toMatchObject({
		timestamp: now.toISOString(),
		data: {
			registration: { id: person.id, session_id: to, status: "confirmed", name: "Zoé Roy" },
			session: { id: to },
		},
	});
	expect(byType["registration.confirmed"]?.data).not.toHaveProperty("previous_session_id");
	expect(byType["registration.moved"]).toMatchObject({
		timestamp: minutesLater(1).toISOString(),
		data: { registration: { id: person.id, session_id: to }, session: { id: to }, previous_session_id: from },
	});
});

test("whoever is erased is told as erased, by their id alone, and nothing else of them leaves", async () => {
	const receiver = await givenReceiver();
	const sessionId = await givenSession(db);
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	const [gone, stays] = await givenRegistrations(db, sessionId, [{ name: "Canari Jaune" }, {}]);
	await eraseRegistration(db, origin, gone!.id, attendee, now);
	expect((await waiting(id)).filter(([event]) => event === "registration.confirmed")).toHaveLength(1);
	while ((await deliverSome(db, webhookSettings, id, minutesLater(1))) === "received");
	expect(receiver.events().sort()).toEqual(["registration.confirmed", "registration.erased"]);
	const erased = receiver.received.find(({ body }) => body.type === "registration.erased")!;
	expect(erased.body.data).toEqual({ registration: { id: gone!.id } });
	expect(
		receiver.received.find(({ body }) => body.type === "registration.confirmed")?.body.data,
	).toMatchObject({
		registration: { id: stays!.id },
	});
	expect(await countDeliveries(db)).toEqual({ waiting: 0, dead: 0 });
});

test("whoever the release before erases, which knows of no webhooks, is told as erased", async () => {
	const receiver = await givenReceiver();
	const sessionId = await givenSession(db);
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	const gone = await givenRegistration(db, sessionId);
	const erased = { name: "", sortName: "", email: null, searchText: "" };
	await db.updateTable("registration").set(erased).where("id", "=", gone.id).execute();
	expect(await deliverSome(db, webhookSettings, id, now)).toBe("received");
	expect(receiver.received.map(({ body }) => [body.type, body.data])).toEqual([
		["registration.erased", { registration: { id: gone.id } }],
	]);
	const [{ event, state } = {}] = await db.selectFrom("webhookDelivery").selectAll().execute();
	expect([event, state]).toEqual(["registration.erased", "delivered"]);
});

test("people who are erased with time are told as erased too", async () => {
	const sessionId = await givenSession(db);
	const { id: personId } = await givenRegistration(db, sessionId);
	const id = await givenWebhook(db, owner.id);
	await erasePast(db, new Date("2030-01-01T12:00:00Z"));
	expect((await waiting(id)).filter(([, person]) => person === personId)).toEqual([
		["registration.erased", personId],
	]);
});

test("what was received is forgotten after 30 days, what nobody received after 90, and what waits never", async () => {
	const sessionId = await givenSession(db);
	const id = await givenWebhook(db, owner.id);
	await givenRegistrations(db, sessionId, Array(5).fill({}));
	const ids = await db.selectFrom("webhookDelivery").select("id").orderBy("id").execute();
	const end = async (i: number, state: "delivered" | "dead", days: number) => {
		const endedAt = new Date(now.getTime() - days * 24 * 3600_000);
		await db.updateTable("webhookDelivery").set({ state, endedAt }).where("id", "=", ids[i]!.id).execute();
	};
	await end(0, "delivered", 29);
	await end(1, "delivered", 31);
	await end(2, "dead", 89);
	await end(3, "dead", 91);
	await forgetOldDeliveries(db, now);
	const left = await db.selectFrom("webhookDelivery").select("id").orderBy("id").execute();
	expect(left).toEqual([ids[0], ids[2], ids[4]]);
	await changeWebhook(db, id, { what: "remove" }, owner.id, now);
	expect(await db.selectFrom("webhookDelivery").select("id").execute()).toEqual([]);
	const { url, name } = await db
		.selectFrom("webhook")
		.selectAll()
		.where("id", "=", id)
		.executeTakeFirstOrThrow();
	expect([url, name]).toEqual(["", "CRM"]);
});

test("a webhook is made once, changed, renewed, paused, resumed and removed, each with its line in the log", async () => {
	const id = newId();
	const made = { id, name: "CRM", url: "https://crm.exemple.ca/1" };
	expect(await createWebhook(db, made, owner.id, now)).toBe(true);
	expect(await createWebhook(db, made, owner.id, now)).toBe(true);
	expect(await createWebhook(db, { ...made, name: "Autre" }, owner.id, now)).toBe(false);
	const change = (change: Parameters<typeof changeWebhook>[2]) =>
		changeWebhook(db, id, change, owner.id, now);
	await change({ what: "change", name: "CRM", url: made.url });
	await change({ what: "change", name: "Clients", url: made.url });
	// Sent twice, the former secret would sign no more.
	await change({ what: "renew", version: 1 });
	await change({ what: "renew", version: 1 });
	await change({ what: "pause" });
	await change({ what: "pause" });
	await change({ what: "resume" });
	await change({ what: "resume" });
	expect(await change({ what: "remove" })).toEqual({ resumed: false });
	expect(await change({ what: "remove" })).toBeNull();
	expect(await createWebhook(db, made, owner.id, now)).toBe(false);
	const lines = await db
		.selectFrom("audit")
		.select(["action", "data"])
		.where(sql<boolean>`data->>'webhook' = ${id}`)
		.orderBy("id")
		.execute();
	expect(lines.map(({ action }) => action.replace("webhook.", ""))).toEqual([
		"created",
		"changed",
		"renewed",
		"paused",
		"resumed",
		"removed",
	]);
	expect(JSON.stringify(lines)).not.toContain("exemple.ca");
});
