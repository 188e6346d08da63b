import { spawn } from "node:child_process";
import { once } from "node:events";
import { sql } from "kysely";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { newId } from "#db/id.ts";
import type { Message } from "#emails/message.ts";
import { deliverDue, queueEmails } from "#emails/outbox.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenRegistrations, givenSession, minutesLater, now, origin } from "#tests/fixtures.ts";
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

const { db, url, drop } = await createTestDatabase();
afterEach(() => emptyOutbox(db));
afterAll(drop);

/** What becomes of a message whose server answers so: tried later, refused for good, or the server's own trouble. */
const later = { status: "queued", dueAt: secondsLater(30) };
const refused = { status: "dead", dueAt: expect.any(Date) };
const unreachable = { status: "queued", dueAt: secondsLater(20) };

test.each([
	[421, "connection", unreachable],
	[451, "connection", unreachable],
	[550, "connection", unreachable],
	[421, "sender", unreachable],
	[451, "sender", unreachable],
	[550, "sender", unreachable],
	[421, "recipient", unreachable],
	[451, "recipient", later],
	[550, "recipient", refused],
	[421, "data", unreachable],
	[451, "data", later],
	[550, "data", refused],
] as const)("%i at the %s", async (code, at, fate) => {
	const { transport } = await givenMailServer({ code, at });
	const { id } = await givenQueued(db);
	await deliverAll(db, transport);
	expect(await emailOf(db, id)).toMatchObject({
		...fate,
		attempts: 1,
		smtpResponse: expect.stringContaining(String(code)),
	});
});

test.each(["silent-at-connection", "silent-at-data"] as const)(
	"a server that is %s is left after a while, and gets the same message when it speaks",
	async (answer) => {
		const { smtp } = await givenMailServer(answer);
		const { id } = await givenQueued(db);
		const started = Date.now();
		await deliverAll(db, smtpTransport(smtp.url, {}, 400));
		expect(Date.now() - started).toBeLessThan(5000);
		expect(await emailOf(db, id)).toMatchObject({ ...unreachable, lastError: expect.any(String) });
		smtp.answer = () => "accept";
		await deliverAll(db, smtpTransport(smtp.url), secondsLater(20));
		const { status, messageId } = await emailOf(db, id);
		expect(status).toBe("sent");
		expect(new Set(smtp.arrived.map((mail) => mail.messageId))).toEqual(new Set([messageId]));
	},
);

test.each(["from-the-start", "starttls"] as const)(
	"a server whose certificate nobody vouches for (TLS %s) gets nothing, not even in clear",
	async (tls) => {
		const smtp = await startSmtp({ tls });
		onTestFinished(() => smtp.close());
		const { id } = await givenQueued(db);
		await deliverAll(db, smtpTransport(smtp.url));
		expect(await emailOf(db, id)).toMatchObject({ ...unreachable, lastError: expect.any(String) });
		expect(smtp.arrived).toEqual([]);
	},
);

test("a server that dies in the middle of many messages gets the others when it is back, under the same Message-ID", async () => {
	const people = await givenRegistrations(db, await givenSession(db, { capacity: 100 }), Array(60).fill({}));
	const dying = await startSmtp();
	const transport = smtpTransport(dying.url);
	let taken = 0;
	let gone: Promise<void> | undefined;
	dying.answer = (): Answer => {
		taken += 1;
		if (taken > 60) gone ??= dying.close();
		return "accept";
	};
	await deliverAll(db, transport);
	await gone;
	const before = dying.arrived.map((mail) => mail.messageId);
	expect(before.length).toBeGreaterThan(0);
	expect(before.length).toBeLessThan(60);
	const { smtp, transport: restarted } = await givenMailServer();
	await deliverAll(db, restarted, minutesLater(1));
	const all = new Set([...before, ...smtp.arrived.map((mail) => mail.messageId)]);
	for (const { id } of people) {
		const email = await emailOf(db, id);
		expect(email.status).toBe("sent");
		expect(all).toContain(email.messageId);
	}
	expect(all.size).toBe(60);
});

test("a rate limit holds the messages back, and none is lost by it", async () => {
	const { smtp } = await givenMailServer();
	await givenRegistrations(db, await givenSession(db), Array(9).fill({}));
	const started = Date.now();
	await deliverAll(db, smtpTransport(smtp.url, { smtpPerSecond: 4 }));
	expect(smtp.arrived).toHaveLength(9);
	expect(Date.now() - started).toBeGreaterThan(1900);
});

test("a bounce comes back to an address that names its message", async () => {
	const { smtp, transport } = await givenMailServer();
	const { id } = await givenQueued(db);
	await deliverAll(db, transport);
	expect(smtp.senders).toEqual([`retours+${(await emailOf(db, id)).id}@exemple.ca`]);
	await givenQueued(db);
	while ((await deliverDue(db, transport, { ...settings, bounceAddress: null }, now)) > 0);
	expect(smtp.senders[1]).toBe(settings.from.address);
});

const manyMessages = 1000;
const kills = 4;

test("a worker killed again and again in the middle of a thousand loses none, and repeats only under the same Message-ID", {
	timeout: 180_000,
}, async () => {
	const smtp = await startSmtp();
	onTestFinished(() => smtp.close());
	const { id: registrationId } = await givenQueued(db);
	const from = new Date();
	for (let queued = 0; queued < manyMessages; queued += 500) {
		const messages = Array.from({ length: 500 }, (): Message => {
			const to = { name: "Zoé Roy", address: `${newId()}@exemple.ca` };
			const owner = { registrationId, tokenVersion: 1 };
			return {
				kind: "reminder",
				dedupeKey: newId(),
				owner,
				to,
				locale: "fr",
				subject: "a",
				html: "b",
				text: "c",
			};
		});
		await db.transaction().execute((trx) => queueEmails(trx, messages, origin.domain, from));
	}
	const left = async () => {
		const row = await db
			.selectFrom("email")
			.select(sql<number>`count(*)::int`.as("count"))
			.where("status", "in", ["queued", "sending"])
			.executeTakeFirstOrThrow();
		return row.count;
	};
	const started = Date.now();
	for (let life = 0; life <= kills; life++) {
		const program = ["--import", "tsx", "tests/emails/worker-process.ts", url, smtp.url];
		const worker = spawn(process.execPath, program, { stdio: "inherit" });
		const ended = once(worker, "exit");
		const goal = life < kills ? Math.round(((life + 1) * manyMessages) / (kills + 1)) : manyMessages + 1;
		const enough = () => (life < kills ? smtp.arrived.length >= goal : left().then((count) => count === 0));
		await expect.poll(enough, { timeout: 60_000, interval: 5 }).toBe(true);
		worker.kill("SIGKILL");
		await ended;
		// What the dead one held is free when its lease ends: here, at once.
		await db.updateTable("email").set({ dueAt: from }).where("status", "=", "sending").execute();
	}
	const ids = smtp.arrived.map((mail) => mail.messageId);
	const stored = await db.selectFrom("email").select("messageId").where("status", "=", "sent").execute();
	const known = new Set(stored.map(({ messageId }) => messageId));
	const seconds = (Date.now() - started) / 1000;
	console.log(
		`${kills} kill -9 over ${manyMessages + 1} messages in ${seconds.toFixed(1)} s: ${manyMessages + 1 - new Set(ids).size} lost, ` +
			`${ids.length - new Set(ids).size} repeated under the same Message-ID`,
	);
	expect(new Set(ids).size).toBe(manyMessages + 1);
	expect(ids.filter((id) => !known.has(id!))).toEqual([]);
});
