import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { addressVersionOf, correctContact, correctPlace } from "#app/use-cases/correct-place.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { resendEmail } from "#app/use-cases/resend-email.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { findBooking, findGroupsOfAddress } from "#db/queries/bookings.server.ts";
import { deliverDue } from "#emails/outbox.server.ts";
import type { Transport } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
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
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

async function queuedFor(sessionId: string) {
	const emails = await emailsAbout(db, sessionId);
	return emails.filter(({ status }) => status === "queued").map(({ kind, toAddress }) => [kind, toAddress]);
}

test("the confirmation goes to the right address, the old link dies, and the old address is told no more", async () => {
	const sessionId = await givenSession(db);
	const zoe = await givenRegistration(db, sessionId, { email: "zoe@exempl.ca" });
	expect(await correctContact(db, origin, zoe.bookingId, "Zoe@exemple.ca", minutesLater(1))).toEqual({
		ok: true,
	});
	const { booking, registrations } = (await findBooking(db, zoe.bookingId))!;
	expect(booking.contactEmail).toBe("Zoe@exemple.ca");
	expect(registrations).toHaveLength(1);
	expect(registrations[0]).toMatchObject({
		email: "Zoe@exemple.ca",
		tokenVersion: zoe.tokenVersion + 1,
		calendarUid: zoe.calendarUid,
		calendarSequence: 1,
	});
	expect(registrations[0]!.searchText).toContain("zoe@exemple.ca");
	// The first confirmation had not left: it would have gone to a stranger.
	expect((await queuedFor(sessionId)).sort()).toEqual([
		["address-corrected", "zoe@exempl.ca"],
		["confirmation", "Zoe@exemple.ca"],
	]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, recount: { taken: 1 } });
});

test("correcting to the same address changes nothing", async () => {
	const sessionId = await givenSession(db);
	const zoe = await givenRegistration(db, sessionId, { email: "zoe@exemple.ca" });
	expect(await correctContact(db, origin, zoe.bookingId, "ZOE@exemple.ca", now)).toEqual({ ok: true });
	expect(await queuedFor(sessionId)).toEqual([["confirmation", "zoe@exemple.ca"]]);
});

test("an address that already has a place is told; the booking's own goes to whoever waits, and its link dies", async () => {
	const sessionId = await givenSession(db, { capacity: 2 });
	const [zoe, noe, waits] = await givenRegistrations(db, sessionId, [
		{ email: "zoe@x.exemple.ca" },
		{ email: "noe@exemple.ca" },
		{},
	]);
	expect(await correctContact(db, origin, zoe!.bookingId, "noe@exemple.ca", now)).toEqual({ ok: true });
	const { booking, registrations } = (await findBooking(db, zoe!.bookingId))!;
	expect(booking).toMatchObject({ contactEmail: "noe@exemple.ca" });
	expect(registrations[0]).toMatchObject({
		status: "repeated",
		shownAs: "confirmed",
		tokenVersion: zoe!.tokenVersion + 1,
	});
	expect((await findBooking(db, waits!.bookingId))!.registrations[0]!.status).toBe("confirmed");
	expect(await queuedFor(sessionId)).toEqual(
		expect.arrayContaining([
			["address-corrected", "zoe@x.exemple.ca"],
			["already-registered", "noe@exemple.ca"],
		]),
	);
	expect(noe).toBeDefined();
	expect(await seatsOf(db, sessionId)).toMatchObject({
		taken: 2,
		waiting: 0,
		recount: { taken: 2, waiting: 0 },
	});

	// Corrected once more: the booking has a place again, under the last address.
	expect(await correctContact(db, origin, zoe!.bookingId, "vrai@exemple.ca", now)).toEqual({ ok: true });
	const again = (await findBooking(db, zoe!.bookingId))!;
	expect(again.registrations.at(-1)).toMatchObject({ email: "vrai@exemple.ca", status: "waitlisted" });
	expect(await queuedFor(sessionId)).toContainEqual(["waitlisted", "vrai@exemple.ca"]);
});

test("the old address is told the same whether or not the new one is registered", async () => {
	const told: string[][] = [];
	for (const known of [true, false]) {
		const sessionId = await givenSession(db);
		await givenRegistration(db, sessionId, { email: "victime@exemple.ca" });
		const mine = await givenRegistration(db, sessionId, { email: "moi@exemple.ca" });
		await correctContact(db, origin, mine.bookingId, known ? "victime@exemple.ca" : "autre@exemple.ca", now);
		const emails = (await emailsAbout(db, sessionId)).filter(
			({ toAddress }) => toAddress === "moi@exemple.ca",
		);
		told.push(emails.map(({ kind, status }) => `${kind} ${status}`));
	}
	expect(told[0]).toEqual(told[1]);
	expect(told[0]).toEqual(["confirmation cancelled", "address-corrected queued"]);
});

test("a confirmation that was on its way to the old address does not leave again, even when resent", async () => {
	const sessionId = await givenSession(db);
	const zoe = await givenRegistration(db, sessionId, { email: "typo@exemple.ca" });
	const organizer = await givenOrganizer(db);
	const sent: string[] = [];
	const transport: Transport = {
		kind: "smtp",
		close() {},
		async deliver(email) {
			sent.push(`${email.to.address} ${/ma-place\/\S+/.exec(email.text)?.[0] ?? "no link"}`);
			return { outcome: "sent", response: "250" };
		},
	};
	const settings = {
		publicUrl: origin.publicUrl,
		secret: "s".repeat(32),
		from: { name: "", address: "a@exemple.ca" },
	};
	while (await deliverDue(db, transport, settings, now));
	const [first] = await emailsAbout(db, sessionId);
	await correctContact(db, origin, zoe.bookingId, "vrai@exemple.ca", now);
	expect(await resendEmail(db, first!.id, organizer.id, now)).toEqual({ ok: true });
	sent.length = 0;
	while (await deliverDue(db, transport, settings, now));
	expect(sent.filter((line) => line.startsWith("typo@"))).toEqual(["typo@exemple.ca no link"]);
	expect(sent.filter((line) => line.startsWith("vrai@"))[0]).toMatch(/ma-place/);
	expect((await emailsAbout(db, sessionId)).find(({ id }) => id === first!.id)?.status).toBe("cancelled");
});

test("a booking made with somebody's registered address gets its own seat once the address is right", async () => {
	const sessionId = await givenSession(db, { capacity: 2 });
	const noe = await givenRegistration(db, sessionId, { email: "noe@exemple.ca" });
	const [result] = await registerTogether(db, origin, [aSignUp(sessionId, { email: "noe@exemple.ca" })], now);
	if (!result?.ok) throw new Error("refused");
	expect(await correctContact(db, origin, result.bookingId, "lea@exemple.ca", now)).toEqual({ ok: true });
	expect((await findBooking(db, result.bookingId))!.registrations[0]).toMatchObject({
		email: "lea@exemple.ca",
		status: "confirmed",
	});
	expect((await findBooking(db, noe.bookingId))!.registrations[0]).toMatchObject({
		email: "noe@exemple.ca",
		tokenVersion: noe.tokenVersion,
	});
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 2, recount: { taken: 2 } });
});

test("the same for a date that has filled since: it waits, or is told that there is no room", async () => {
	for (const [waitlistMode, expected] of [
		["automatic", { ok: true }],
		["none", { ok: false, reason: "full" }],
	] as const) {
		const sessionId = await givenSession(db, { capacity: 2, waitlistMode });
		await givenRegistration(db, sessionId, { email: "noe@exemple.ca" });
		const [result] = await registerTogether(
			db,
			origin,
			[aSignUp(sessionId, { email: "noe@exemple.ca" })],
			now,
		);
		if (!result?.ok) throw new Error("refused");
		await givenRegistration(db, sessionId);
		expect(await correctContact(db, origin, result.bookingId, "lea@exemple.ca", now)).toEqual(expected);
		const seats = await seatsOf(db, sessionId);
		expect(seats).toMatchObject({ taken: 2, waiting: expected.ok ? 1 : 0 });
		expect(seats.recount).toEqual({ taken: seats.taken, waiting: seats.waiting });
	}
});

test("a person in line keeps their rank", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [, second, third] = await givenRegistrations(db, sessionId, [{}, { email: "b@exempl.ca" }, {}]);
	await correctContact(db, origin, second!.bookingId, "b@exemple.ca", now);
	const last = (await emailsAbout(db, sessionId)).find(({ toAddress }) => toAddress === "b@exemple.ca");
	expect(last?.kind).toBe("waitlisted");
	expect(last?.text).toContain("1er rang");
	expect(await seatsOf(db, sessionId)).toMatchObject({ waiting: 2 });
	expect(third).toBeDefined();
});

test("what was given up, is over or is unknown is not brought back", async () => {
	const sessionId = await givenSession(db);
	const [zoe, noe] = await givenRegistrations(db, sessionId, [{}, {}]);
	await cancelRegistration(db, origin, zoe!.id, { attendee: true }, now);
	const late = { ok: false, reason: "too-late" };
	expect(await correctContact(db, origin, zoe!.bookingId, "autre@exemple.ca", now)).toEqual(late);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, recount: { taken: 1 } });
	const afterTheStart = new Date("2026-12-01T15:00:00Z");
	expect(await correctContact(db, origin, noe!.bookingId, "b@exemple.ca", afterTheStart)).toEqual(late);
	const unknown = "01a20c4e-c370-711d-9369-2be1b1057a8f";
	expect(await correctContact(db, origin, unknown, "b@exemple.ca", now)).toMatchObject({ reason: "unknown" });
});

test("whoever has the page of a confirmation leads its emails elsewhere for an hour, and not once the person did", async () => {
	const sessionId = await givenSession(db);
	const [zoe, noe] = await givenRegistrations(db, sessionId, [{}, {}]);
	const late = await correctContact(db, origin, zoe!.bookingId, "autre@exemple.ca", minutesLater(61));
	expect(late).toEqual({ ok: false, reason: "too-late" });
	const to = { name: noe!.name, email: "noe@ailleurs.exemple.ca", locale: "fr" as const };
	expect(await correctPlace(db, origin, noe!.id, to, { attendee: true }, minutesLater(1))).toEqual({
		ok: true,
	});
	expect((await findBooking(db, noe!.bookingId))!.booking.tokenVersion).toBe(2);
});

test("a correction for which there is no room leaves everything as it was", async () => {
	const sessionId = await givenSession(db, { capacity: 2, waitlistMode: "none" });
	const zoe = await givenRegistration(db, sessionId);
	const [repeated] = await registerTogether(db, origin, [aSignUp(sessionId, { email: zoe.email! })], now);
	if (!repeated?.ok) throw new Error("The sign-up was refused.");
	await givenRegistration(db, sessionId);
	const before = await findBooking(db, repeated.bookingId);
	const to = { name: "Autre", email: "autre@exemple.ca", locale: "fr" as const };
	const [person] = before!.registrations;
	expect(await correctPlace(db, origin, person!.id, to, { attendee: true }, now)).toEqual({
		ok: false,
		reason: "full",
	});
	expect(await findBooking(db, repeated.bookingId)).toEqual(before);
});

test("whoever received a seat answers to nobody who booked it", async () => {
	const sessionId = await givenSession(db);
	const giver = await givenRegistration(db, sessionId, { email: "gina@exemple.ca" });
	const receiver = { name: "Bob", email: "bob@exemple.ca", locale: "fr" as const };
	expect(await giveSeat(db, origin, giver.id, receiver, minutesLater(1))).toEqual({ ok: true });
	expect(await findGroupsOfAddress(db, "gina@exemple.ca", now)).toEqual([]);
	expect((await findBooking(db, giver.bookingId))!.registrations.map(({ id }) => id)).toEqual([giver.id]);
});

test("with the contact's address goes what concerns a colleague who has none, and the link to the old one dies", async () => {
	const sessionId = await givenSession(db);
	const group = aGroup(sessionId, 2);
	group.people[1]!.email = null;
	const [booked] = await registerTogether(db, origin, [group], now);
	if (!booked?.ok) throw new Error(booked?.reason);
	const { ok } = await correctContact(db, origin, booked.bookingId, "juste@exemple.ca", minutesLater(1));
	expect(ok).toBe(true);
	const [, colleague] = (await findBooking(db, booked.bookingId))!.registrations;
	expect(colleague).toMatchObject({ email: null, tokenVersion: 2 });
	const [again] = await registerTogether(db, origin, [group], minutesLater(2));
	expect(again).toMatchObject({ replayed: true, tokenVersion: 2 });
	const queued = await queuedFor(sessionId);
	expect(queued.filter(([kind]) => kind === "confirmation")).toEqual([
		["confirmation", "juste@exemple.ca"],
		["confirmation", "juste@exemple.ca"],
	]);
});

test("a colleague who leaves their other date at that moment is confirmed to nobody", async () => {
	const workshopId = await givenWorkshop(db);
	const [here = "", there = ""] = await Promise.all(
		[0, 1].map(() => scheduleSession(db, workshopId, aSession(), null, now)),
	);
	const group = aGroup(here, 2);
	group.people[1]!.email = null;
	const [booked] = await registerTogether(db, origin, [group], now);
	if (!booked?.ok) throw new Error(booked?.reason);
	const [, colleague] = (await findBooking(db, booked.bookingId))!.registrations;
	await switchSession(db, origin, colleague!.id, there, { attendee: true }, now);

	const leaving = await db.startTransaction().execute();
	const left = { status: "cancelled" as const, cancelledAt: now, cancelReason: "attendee" as const };
	await leaving.updateTable("registration").set(left).where("id", "=", colleague!.id).execute();
	const correcting = correctContact(db, origin, booked.bookingId, "juste@exemple.ca", minutesLater(1));
	const waits = sql<{ pid: number }>`
		select pid from pg_stat_activity
		where datname = current_database() and wait_event_type = 'Lock' and query like 'update "registration"%'`;
	await expect.poll(async () => (await waits.execute(db)).rows).toHaveLength(1);
	await leaving.commit().execute();
	expect(await correcting).toEqual({ ok: true });
	expect(await queuedFor(there)).toEqual([]);
});

test("an organizer corrects an address and a language; one that has a place is told to them, and changes nothing", async () => {
	const sessionId = await givenSession(db);
	const [zoe] = await givenRegistrations(db, sessionId, [
		{ name: "Zoé Roy", email: "zoe@exempl.ca" },
		{ email: "noe@exemple.ca" },
	]);
	const { id: organizerId } = await givenOrganizer(db);
	const correct = (email: string, locale: "fr" | "en" = "fr", seen = addressVersionOf(zoe!)) =>
		correctPlace(db, origin, zoe!.id, { email, locale }, { organizerId, seen }, minutesLater(1));
	const stored = async () => (await findBooking(db, zoe!.bookingId))!.registrations[0];
	const before = await queuedFor(sessionId);
	expect(await correct("NOE@exemple.ca")).toEqual({ ok: false, reason: "registered" });
	expect(await queuedFor(sessionId)).toEqual(before);
	expect(await stored()).toMatchObject({ email: "zoe@exempl.ca", tokenVersion: 1 });

	expect(await correct("Zoe@Exempl.ca")).toEqual({ ok: true });
	expect(await queuedFor(sessionId)).toEqual(before);
	expect(await stored()).toMatchObject({ email: "Zoe@Exempl.ca", tokenVersion: 1 });

	expect(await correct("zoe@exemple.ca", "en")).toEqual({ ok: true });
	const { booking } = (await findBooking(db, zoe!.bookingId))!;
	expect(booking).toMatchObject({ contactEmail: "zoe@exemple.ca", contactLocale: "en" });
	expect(await stored()).toMatchObject({
		name: "Zoé Roy",
		email: "zoe@exemple.ca",
		locale: "en",
		tokenVersion: 2,
	});
	const emails = await emailsAbout(db, sessionId);
	const told = emails.filter((email) => email.registrationId === zoe!.id);
	expect(told.map(({ kind, toAddress, locale, status }) => [kind, toAddress, locale, status])).toEqual([
		["confirmation", "zoe@exempl.ca", "fr", "cancelled"],
		["address-corrected", "Zoe@Exempl.ca", "fr", "queued"],
		["confirmation", "zoe@exemple.ca", "en", "queued"],
	]);
	const written = db.selectFrom("audit").select(["actor", "organizerId", "action", "data"]);
	expect(
		await written.where("registrationId", "=", zoe!.id).orderBy("id", "desc").executeTakeFirst(),
	).toEqual({
		actor: "organizer",
		organizerId,
		action: "registration.edited",
		data: { fields: ["locale", "email"], was: "confirmed" },
	});

	// A page that still shows the mistyped address would lead the mail back to it.
	expect(await correct("zoe@exempl.ca")).toEqual({ ok: false, reason: "conflict" });
	expect(await correct("zoe@exempl.ca", "en", "1 en")).toEqual({ ok: false, reason: "conflict" });
	expect(await stored()).toMatchObject({ email: "zoe@exemple.ca", tokenVersion: 2 });
});

test("a name that is corrected while an address is stays corrected", async () => {
	const sessionId = await givenSession(db);
	const zoe = await givenRegistration(db, sessionId, { name: "Zoe Roi", email: "zoe@exempl.ca" });
	const { id: organizerId } = await givenOrganizer(db);
	const by = { organizerId, seen: addressVersionOf(zoe) };
	const to = { email: "zoe@exemple.ca", locale: "fr" as const };
	let correction: Promise<unknown> = Promise.resolve();
	await db.transaction().execute(async (trx) => {
		await trx.updateTable("registration").set({ name: "Zoé Roy" }).where("id", "=", zoe.id).execute();
		correction = correctPlace(db, origin, zoe.id, to, by, now);
		await delay(100);
	});
	expect(await correction).toEqual({ ok: true });
	const [corrected] = (await findBooking(db, zoe.bookingId))!.registrations;
	expect(corrected).toMatchObject({ name: "Zoé Roy", email: "zoe@exemple.ca" });
	expect(corrected!.searchText).toContain("zoe roy");
});

test("once a date has begun an organizer still corrects where somebody is written to, and nobody is told to come", async () => {
	const sessionId = await givenSession(db);
	const [zoe] = await givenRegistrations(db, sessionId, [{ name: "Zoé Roy", email: "zoe@exempl.ca" }]);
	await db.updateTable("email").set({ status: "sent", sentAt: now }).execute();
	const { id: organizerId } = await givenOrganizer(db);
	const after = new Date("2026-12-02T15:00:00Z");
	const to = { email: "zoe@exemple.ca", locale: "fr" } as const;
	const attendee = { attendee: true } as const;
	expect(await correctPlace(db, origin, zoe!.id, to, attendee, after)).toEqual({
		ok: false,
		reason: "too-late",
	});
	const by = { organizerId, seen: addressVersionOf(zoe!) };
	expect(await correctPlace(db, origin, zoe!.id, to, by, after)).toEqual({ ok: true });
	const { booking, registrations } = (await findBooking(db, zoe!.bookingId))!;
	expect(booking).toMatchObject({ contactEmail: "zoe@exemple.ca", tokenVersion: 2 });
	expect(registrations[0]).toMatchObject({ email: "zoe@exemple.ca", tokenVersion: 2, status: "confirmed" });
	expect(await queuedFor(sessionId)).toEqual([["address-corrected", "zoe@exempl.ca"]]);
	// Whoever has no seat any more is written nothing.
	await db
		.updateTable("registration")
		.set({ status: "cancelled", cancelReason: "organizer", cancelledAt: after })
		.where("id", "=", zoe!.id)
		.execute();
	const again = { organizerId, seen: addressVersionOf(registrations[0]!) };
	expect(await correctPlace(db, origin, zoe!.id, { ...to, email: "z@exemple.ca" }, again, after)).toEqual({
		ok: false,
		reason: "too-late",
	});
});
