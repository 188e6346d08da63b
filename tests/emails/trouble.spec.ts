import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { startMailWorker } from "#app/jobs/worker.server.ts";
import { awaitFirstAttempt, queueTestEmail } from "#app/use-cases/send-test-email.server.ts";
import { findMailTrouble } from "#db/queries/emails.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenOrganizer, minutesLater, now, origin } from "#tests/fixtures.ts";
import { deliverAll, emptyOutbox, givenMailServer, givenQueued, settings } from "./delivery.ts";

const { db, url, drop } = await createTestDatabase();
afterEach(() => emptyOutbox(db));
afterAll(drop);

test("mail that has stopped is told after a quarter of an hour, with what the server said, until it goes again", async () => {
	const { smtp, transport } = await givenMailServer({ code: 421, at: "connection" });
	await givenQueued(db);
	await givenQueued(db);
	await deliverAll(db, transport, minutesLater(10));
	expect(await findMailTrouble(db, minutesLater(14))).toBeNull();
	expect(await findMailTrouble(db, minutesLater(16))).toEqual({
		since: now,
		waiting: 2,
		answer: expect.stringContaining("421"),
	});
	smtp.answer = () => "accept";
	await deliverAll(db, transport, minutesLater(17));
	expect(await findMailTrouble(db, minutesLater(18))).toBeNull();
});

test("one message that waits while others leave is no stop", async () => {
	const { smtp, transport } = await givenMailServer();
	const slow = await givenQueued(db);
	smtp.answer = (recipient) => (recipient === slow.email ? { code: 451, at: "recipient" } : "accept");
	await deliverAll(db, transport);
	await givenQueued(db);
	await deliverAll(db, transport, minutesLater(5));
	expect(await findMailTrouble(db, minutesLater(20))).toBeNull();
});

test.each([
	["accept", { status: "sent", smtpResponse: expect.stringContaining("250") }],
	[
		{ code: 421, at: "connection" },
		{ status: "queued", smtpResponse: expect.stringContaining("421") },
	],
	[
		{ code: 550, at: "recipient" },
		{ status: "dead", smtpResponse: expect.stringContaining("550") },
	],
] as const)(
	"an organizer's test takes the way of every email and brings the server's answer (%j)",
	async (answer, fate) => {
		const { smtp, transport } = await givenMailServer(answer);
		const worker = startMailWorker(db, { connectionString: url }, transport, settings, () => {});
		onTestFinished(() => worker.stop());
		const organizer = await givenOrganizer(db, { locale: "en" });
		const id = await queueTestEmail(db, origin, organizer, new Date());
		worker.wake();
		expect(await awaitFirstAttempt(db, id, 10_000)).toMatchObject({ ...fate, toAddress: organizer.email });
		if (answer === "accept") expect(smtp.arrived[0]!.subject).toBe("Test email");
	},
);
