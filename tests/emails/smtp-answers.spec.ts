import { afterAll, afterEach, expect, test } from "vitest";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { deliverDue, outboxCounts } from "#emails/outbox.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenRegistrations, givenSession, minutesLater, now } from "#tests/fixtures.ts";
import {
	deliverAll,
	emailOf,
	emptyOutbox,
	givenMailServer,
	givenQueued,
	secondsLater,
	settings,
	smtpTransport,
} from "./delivery.ts";
import { type Answer, startSmtp } from "./smtp.ts";

const { db, drop } = await createTestDatabase();
afterEach(() => emptyOutbox(db));
afterAll(drop);

test("a message asked to come again later waits twice as long each time, and is the same message", async () => {
	const { smtp, transport } = await givenMailServer({ code: 451, at: "data" });
	const { id } = await givenQueued(db);
	let at = now;
	const waits: number[] = [];
	for (let attempt = 1; attempt <= 9; attempt++) {
		await deliverAll(db, transport, at);
		const { dueAt } = await emailOf(db, id);
		waits.push((dueAt.getTime() - at.getTime()) / 1000);
		expect(await deliverDue(db, transport, settings, new Date(dueAt.getTime() - 1))).toBe(0);
		at = dueAt;
	}
	expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600]);
	expect(await emailOf(db, id)).toMatchObject({
		status: "queued",
		attempts: 9,
		smtpResponse: expect.stringContaining("451"),
	});
	smtp.answer = () => "accept";
	await deliverAll(db, transport, at);
	const kept = await emailOf(db, id);
	expect(kept).toMatchObject({ status: "sent", attempts: 10, lastError: null });
	expect(smtp.arrived).toHaveLength(10);
	expect(new Set(smtp.arrived.map(({ messageId }) => messageId))).toEqual(new Set([kept.messageId]));
	expect(new Set(smtp.arrived.map(({ date }) => date?.getTime()))).toEqual(new Set([now.getTime()]));
});

test.each([
	["recipient", 550],
	["data", 554],
] as const)("a message refused for good (%s, %i) stops, and its seat is kept", async (at, code) => {
	const { smtp, transport } = await givenMailServer();
	const [refused, taken] = await givenRegistrations(db, await givenSession(db), [{}, {}]);
	smtp.answer = (recipient) => (recipient === refused!.email ? { code, at } : "accept");
	const { dead } = await outboxCounts(db);
	await deliverAll(db, transport);
	expect(await emailOf(db, refused!.id)).toMatchObject({
		status: "dead",
		attempts: 1,
		sentAt: null,
		smtpResponse: expect.stringContaining(String(code)),
	});
	expect(await emailOf(db, taken!.id)).toMatchObject({ status: "sent" });
	expect(await findRegistration(db, refused!.id)).toMatchObject({ status: "confirmed" });
	expect(await outboxCounts(db)).toEqual({ waiting: 0, dead: dead + 1 });
	await deliverAll(db, transport, minutesLater(60 * 24));
	expect((await emailOf(db, refused!.id)).attempts).toBe(1);
});

const notAboutTheMessage: Answer[] = [
	{ code: 421, at: "connection" },
	{ code: 554, at: "connection" },
	{ code: 530, at: "sender" },
	{ code: 553, at: "sender" },
	{ code: 421, at: "recipient" },
	{ code: 421, at: "data" },
	"hang-up-at-connection",
	"hang-up-before-250",
];

test.each(notAboutTheMessage.map((answer) => [JSON.stringify(answer), answer] as const))(
	"a server that answers %s says nothing of the message, which is tried again twenty seconds later",
	async (_name, answer) => {
		const { smtp, transport } = await givenMailServer(answer);
		const { id } = await givenQueued(db);
		for (const attempts of [1, 2]) {
			await deliverAll(db, transport, secondsLater(20 * (attempts - 1)));
			expect(await emailOf(db, id)).toMatchObject({
				status: "queued",
				attempts,
				dueAt: secondsLater(20 * attempts),
				lastError: expect.any(String),
			});
		}
		smtp.answer = () => "accept";
		await deliverAll(db, transport, secondsLater(40));
		const { status, messageId } = await emailOf(db, id);
		expect(status).toBe("sent");
		expect(smtp.arrived.at(-1)!.messageId).toBe(messageId);
	},
);

test("a server that hangs up before its 250 gets another copy of the same message, one for each attempt", async () => {
	const { smtp, transport } = await givenMailServer("hang-up-before-250");
	const { id } = await givenQueued(db);
	await deliverAll(db, transport);
	expect(smtp.arrived).toHaveLength(1);
	smtp.answer = () => "accept";
	await deliverAll(db, transport, minutesLater(1));
	expect(smtp.arrived.map(({ messageId }) => messageId)).toEqual(
		Array(2).fill((await emailOf(db, id)).messageId),
	);
});

test("a server that hangs up after its 250 has taken the message: it is not sent again", async () => {
	const { smtp, transport } = await givenMailServer("hang-up-after-250");
	const people = await givenRegistrations(db, await givenSession(db), Array(5).fill({}));
	await deliverAll(db, transport);
	await deliverAll(db, transport, minutesLater(5));
	for (const { id } of people) expect(await emailOf(db, id)).toMatchObject({ status: "sent" });
	const ids = smtp.arrived.map(({ messageId }) => messageId);
	expect(new Set(ids).size).toBe(5);
});

test("a connection that is refused is tried again, and delivers when the server is back", async () => {
	const gone = await startSmtp();
	await gone.close();
	const { id } = await givenQueued(db);
	await deliverAll(db, smtpTransport(gone.url));
	expect(await emailOf(db, id)).toMatchObject({
		status: "queued",
		smtpResponse: null,
		dueAt: secondsLater(20),
	});
	const { smtp, transport } = await givenMailServer();
	await deliverAll(db, transport, secondsLater(20));
	expect(smtp.arrived).toHaveLength(1);
	expect(await emailOf(db, id)).toMatchObject({ status: "sent" });
});
