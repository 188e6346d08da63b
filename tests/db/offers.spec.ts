import { afterAll, expect, test } from "vitest";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { returnToWaitlist } from "#app/use-cases/return-to-waitlist.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { emailsAbout, givenRegistrations, givenSession, origin } from "#tests/fixtures.ts";

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
