import { afterAll, expect, test } from "vitest";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { lapseOffers } from "#app/use-cases/lapse-offers.server.ts";
import { returnToWaitlist } from "#app/use-cases/return-to-waitlist.server.ts";
import { seatPerson } from "#app/use-cases/seat-person.server.ts";
import { waitlistPosition } from "#db/queries/bookings.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	emailsAbout,
	givenOrganizer,
	givenRegistrations,
	givenSession,
	origin,
	seatsOf,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

function hoursBefore(hours: number): Date {
	return new Date(new Date("2026-12-01T14:30:00Z").getTime() - hours * 3600 * 1000);
}

test("whoever passes, comes back to the list and is offered a seat again is told again, though the offer ends at the same hour", async () => {
	const sessionId = await givenSession(db, { capacity: 2, waitlistMode: "offer" });
	const [first, second, waiting] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	const attendee = { attendee: true } as const;
	await cancelRegistration(db, origin, first!.id, attendee, hoursBefore(20));
	await answerOffer(db, origin, waiting!.id, "decline", hoursBefore(18));
	expect(await returnToWaitlist(db, origin, waiting!.id, hoursBefore(17))).toMatchObject({ ok: true });
	await cancelRegistration(db, origin, second!.id, attendee, hoursBefore(10));
	expect((await findRegistration(db, waiting!.id))?.status).toBe("offered");
	const offers = (await emailsAbout(db, sessionId)).filter(({ kind }) => kind === "offered");
	expect(offers).toHaveLength(2);
});

test("an organizer gives a seat to somebody who waits, past those before them, over the room's size where they say so", async () => {
	const { id: organizerId } = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 1 });
	const [, before, wanted] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	const seat = (over: boolean) => seatPerson(db, origin, wanted!.id, { organizerId, over }, hoursBefore(30));
	expect(await seat(false)).toEqual({ ok: false, reason: "full" });
	expect((await findRegistration(db, wanted!.id))?.status).toBe("waitlisted");
	// Two tabs, or a double click.
	expect(await Promise.all([seat(true), seat(true)])).toEqual([{ ok: true }, { ok: true }]);
	expect((await findRegistration(db, wanted!.id))?.status).toBe("confirmed");
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 2,
		waiting: 1,
		recount: { taken: 2, waiting: 1 },
	});
	expect(await waitlistPosition(db, before!)).toBe(1);
	const emails = (await emailsAbout(db, sessionId)).filter((email) => email.registrationId === wanted!.id);
	expect(emails.map(({ kind, status }) => [kind, status])).toEqual([
		["waitlisted", "cancelled"],
		["confirmation", "queued"],
	]);
});

test("an organizer takes an offered seat for the person, and it is counted once", async () => {
	const { id: organizerId } = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 1, waitlistMode: "offer" });
	const [seated, waiting] = await givenRegistrations(db, sessionId, [{}, {}]);
	await cancelRegistration(db, origin, seated!.id, { attendee: true }, hoursBefore(30));
	const by = { organizerId, over: false };
	expect(await seatPerson(db, origin, waiting!.id, by, hoursBefore(29))).toEqual({ ok: true });
	await lapseOffers(db, origin, hoursBefore(1));
	expect((await findRegistration(db, waiting!.id))?.status).toBe("confirmed");
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 1, waiting: 0, recount: { taken: 1 } });
	await cancelRegistration(db, origin, waiting!.id, { organizerId }, hoursBefore(1));
	expect(await seatPerson(db, origin, waiting!.id, by, hoursBefore(1))).toMatchObject({ ok: false });
});

test("a seat that is free while people wait, such as just before the start, can be given", async () => {
	const { id: organizerId } = await givenOrganizer(db);
	const sessionId = await givenSession(db, { capacity: 1, waitlistMode: "offer" });
	const [seated, , wanted] = await givenRegistrations(db, sessionId, [{}, {}, {}]);
	await cancelRegistration(db, origin, seated!.id, { attendee: true }, hoursBefore(1));
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 0, waiting: 2 });
	const by = { organizerId, over: false };
	expect(await seatPerson(db, origin, wanted!.id, by, hoursBefore(1))).toEqual({ ok: true });
	expect(await seatsOf(db, sessionId)).toMatchObject({
		taken: 1,
		waiting: 1,
		recount: { taken: 1, waiting: 1 },
	});
});
