import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import { signatureOf, signingSecret } from "#app/domain/webhook-signature.server.ts";
import { startWebhookWorker } from "#app/jobs/webhook-worker.server.ts";
import { deliverSome, sendTest } from "#app/use-cases/deliver-webhooks.server.ts";
import { changeWebhook } from "#app/use-cases/save-webhook.server.ts";
import {
	claimDeliveries,
	findWebhook,
	listDueWebhooks,
	listTroubledWebhooks,
	markReceiver,
	pauseByItself,
} from "#db/queries/webhooks.server.ts";
import type { Organizer } from "#db/schema.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	givenOrganizer,
	givenRegistration,
	givenRegistrations,
	givenSession,
	givenWebhook,
	minutesLater,
	now,
} from "#tests/fixtures.ts";
import { mostRows, planOf } from "#tests/plan.ts";
import { givenReceiver } from "#tests/receiver.ts";
import { webhookSettings as settings } from "#tests/webhook-settings.ts";

const { db, url, drop } = await createTestDatabase();
afterAll(drop);

let owner: Organizer;
let sessionId: string;
beforeAll(async () => {
	owner = await givenOrganizer(db, { role: "owner" });
	sessionId = await givenSession(db, { capacity: 1000 });
});
afterEach(async () => {
	await db.deleteFrom("webhookDelivery").execute();
	await db.deleteFrom("webhook").execute();
});

/** A webhook that leads to a receiver, with something to tell of so many people. */
async function givenTold(people = 1) {
	const receiver = await givenReceiver();
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	if (people > 0) await givenRegistrations(db, sessionId, Array(people).fill({}));
	return { receiver, id };
}

const deliver = (id: string, at = now) => deliverSome(db, settings, id, at);

async function deliverAll(id: string, at = now): Promise<void> {
	while ((await deliver(id, at)) === "received");
}

async function deliveriesOf(id: string) {
	return db.selectFrom("webhookDelivery").selectAll().where("webhookId", "=", id).orderBy("id").execute();
}

async function deliveryOf(id: string) {
	const [delivery] = await deliveriesOf(id);
	return delivery!;
}

const secondsAfter = (at: Date, since: Date) => (at.getTime() - since.getTime()) / 1000;

test("what arrives carries a signature that its owner's secret verifies", async () => {
	const { receiver, id } = await givenTold();
	expect(await deliver(id)).toBe("received");
	const [{ headers, raw }] = receiver.received as [(typeof receiver.received)[0]];
	const webhook = (await findWebhook(db, id, now))!;
	const key = Buffer.from(signingSecret(settings.secrets[0]!, webhook).replace("whsec_", ""), "base64");
	const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${raw}`;
	expect(headers["webhook-signature"]).toBe(`v1,${signatureOf(key, signed)}`);
	expect(await deliveryOf(id)).toMatchObject({ state: "delivered", attempts: 1, lastStatus: 200 });
});

test("what fails is tried again later under the same id, and is received once the receiver is well", async () => {
	const { receiver, id } = await givenTold();
	receiver.answer = (_, response) => void response.writeHead(500).end("interne");
	expect(await deliver(id)).toBe("failed");
	const failed = await deliveryOf(id);
	expect(failed).toMatchObject({ state: "waiting", attempts: 1, lastStatus: 500, lease: null });
	expect(secondsAfter(failed.dueAt, now)).toBeGreaterThanOrEqual(5);
	expect(secondsAfter(failed.dueAt, now)).toBeLessThan(7);
	expect(await deliver(id, minutesLater(0.05))).toBe("nothing");
	receiver.answer = (_, response) => void response.writeHead(204).end();
	expect(await deliver(id, minutesLater(1))).toBe("received");
	expect(await deliveryOf(id)).toMatchObject({ state: "delivered", attempts: 2, lastStatus: 204 });
	expect(receiver.received.map((one) => one.id)).toEqual([failed.id, failed.id]);
	expect((await findWebhook(db, id, now))?.failingSince).toBeNull();
});

test("ten tries over three days, then no more, unless an owner asks for it", async () => {
	const { receiver, id } = await givenTold();
	receiver.answer = (_, response) => void response.writeHead(503).end();
	let at = now;
	for (let attempt = 0; attempt < 12; attempt++) {
		await deliver(id, at);
		at = (await deliveryOf(id)).dueAt;
	}
	expect(receiver.received).toHaveLength(10);
	const dead = await deliveryOf(id);
	expect(dead).toMatchObject({ state: "dead", attempts: 10, lastStatus: 503 });
	expect(secondsAfter(dead.endedAt!, now) / 3600).toBeCloseTo(75.6, 0);
	await changeWebhook(db, id, { what: "again" }, owner.id, at);
	receiver.answer = (_, response) => void response.writeHead(200).end();
	expect(await deliver(id, at)).toBe("received");
	expect(new Set(receiver.received.map((one) => one.id)).size).toBe(1);
});

test("what waits for its next try leaves at once for another address", async () => {
	const { receiver, id } = await givenTold(2);
	receiver.answer = (_, response) => void response.writeHead(404).end();
	await deliver(id);
	const right = await givenReceiver();
	await changeWebhook(db, id, { what: "change", name: "CRM", url: right.url }, owner.id, now);
	await deliver(id);
	expect(right.received).toHaveLength(2);
});

test("one message that is refused among others does not say that a webhook receives nothing", async () => {
	const { receiver, id } = await givenTold(4);
	receiver.answer = ({ id: sent }, response) => {
		response.writeHead(sent === receiver.received[0]!.id ? 400 : 200).end();
	};
	expect(await deliver(id)).toBe("failed");
	expect(receiver.received).toHaveLength(4);
	expect((await findWebhook(db, id, now))?.failingSince).toBeNull();
});

test("what was given up asks for a person for thirty days, unless it is sent again", async () => {
	const { id } = await givenTold(2);
	const days = (n: number) => minutesLater(n * 24 * 60);
	await db
		.updateTable("webhookDelivery")
		.set({ state: "dead", endedAt: now })
		.where("webhookId", "=", id)
		.execute();
	expect(await listTroubledWebhooks(db, days(29))).toEqual([{ id, name: "CRM", trouble: "lost", lost: 2 }]);
	expect(await findWebhook(db, id, days(29))).toMatchObject({ dead: 2, lost: 2 });
	expect(await listTroubledWebhooks(db, days(31))).toEqual([]);
	await changeWebhook(db, id, { what: "again" }, owner.id, days(1));
	expect(await listTroubledWebhooks(db, days(1))).toEqual([]);
});

test("a late answer of the former address says nothing of the new one, where the message leaves at once", async () => {
	for (const status of [410, 500]) {
		const { receiver: former, id } = await givenTold();
		const next = await givenReceiver();
		let release = (): void => {};
		const held = new Promise<void>((resolve) => {
			release = resolve;
		});
		former.answer = async (_, response) => {
			await held;
			response.writeHead(status).end();
		};
		const patient = { ...settings, reach: { ...settings.reach, patienceMs: 20_000 } };
		const late = deliverSome(db, patient, id, now);
		await expect.poll(() => former.received.length).toBe(1);
		await changeWebhook(db, id, { what: "change", name: "CRM", url: next.url }, owner.id, now);
		release();
		await late;
		expect(await findWebhook(db, id, now)).toMatchObject({ pausedAt: null, failingSince: null });
		expect(await deliver(id, minutesLater(0.05))).toBe("received");
		expect(next.received).toHaveLength(1);
		await changeWebhook(db, id, { what: "remove" }, owner.id, now);
	}
});

test("another address begins afresh where the former one made it stop, and not in a pause of its owner", async () => {
	const { receiver, id } = await givenTold();
	receiver.answer = (_, response) => void response.writeHead(410).end();
	await deliver(id);
	const to = (url: string) =>
		changeWebhook(db, id, { what: "change", name: "CRM", url }, owner.id, minutesLater(1));
	expect(await to("https://crm.exemple.ca/2")).toEqual({ resumed: true });
	expect(await findWebhook(db, id, now)).toMatchObject({ pausedAt: null, pausedBecause: null });
	await changeWebhook(db, id, { what: "pause" }, owner.id, now);
	expect(await to("https://crm.exemple.ca/3")).toEqual({ resumed: false });
	expect(await findWebhook(db, id, now)).toMatchObject({ pausedBecause: "owner" });
});

test("who answers 410 wants nothing more: nothing more is sent, and owners are told why", async () => {
	const { receiver, id } = await givenTold(6);
	receiver.answer = (_, response) => void response.writeHead(410).end();
	expect(await deliver(id)).toBe("failed");
	expect(await deliver(id)).toBe("nothing");
	await givenRegistration(db, sessionId);
	expect(receiver.received.length).toBeLessThan(6);
	expect(await deliveriesOf(id)).toHaveLength(6);
	expect(await findWebhook(db, id, now)).toMatchObject({ pausedBecause: "gone" });
	expect(await listTroubledWebhooks(db, now)).toMatchObject([{ id, trouble: "stopped" }]);
});

test("five days of nothing but failures pause a webhook; what waited leaves once it is resumed", async () => {
	const { receiver, id } = await givenTold(2);
	receiver.answer = (_, response) => void response.writeHead(404).end();
	const days = (n: number) => minutesLater(n * 24 * 60);
	await deliver(id);
	await deliver(id, days(4.9));
	expect(await findWebhook(db, id, now)).toMatchObject({ pausedAt: null });
	expect(await listTroubledWebhooks(db, days(0.9))).toEqual([]);
	expect(await listTroubledWebhooks(db, days(1.1))).toMatchObject([{ id, trouble: "failing" }]);
	await deliver(id, days(5.1));
	expect(await findWebhook(db, id, now)).toMatchObject({ pausedBecause: "failing" });
	const before = receiver.received.length;
	await givenRegistration(db, sessionId);
	expect(await deliver(id, days(6))).toBe("nothing");
	expect(receiver.received).toHaveLength(before);
	receiver.answer = (_, response) => void response.writeHead(200).end();
	await db
		.updateTable("webhookDelivery")
		.set({ dueAt: days(8) })
		.where("webhookId", "=", id)
		.execute();
	await changeWebhook(db, id, { what: "resume" }, owner.id, days(7));
	await deliverAll(id, days(7));
	expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(["delivered", "delivered"]);
	expect(await listTroubledWebhooks(db, days(7))).toEqual([]);
});

test("a process killed between sending and marking has it sent again under the same id, never lost", async () => {
	const { receiver, id } = await givenTold();
	receiver.answer = () => {};
	const program = ["--import", "tsx", "tests/webhook-process.ts", url];
	const worker = spawn(process.execPath, program, { stdio: "inherit" });
	await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBe(1);
	const ended = once(worker, "exit");
	worker.kill("SIGKILL");
	await ended;
	const { dueAt, state, attempts } = await deliveryOf(id);
	expect([state, attempts]).toEqual(["waiting", 1]);
	receiver.answer = (_, response) => void response.writeHead(200).end();
	// Nobody takes over what may still be on its way.
	expect(await deliver(id, new Date(dueAt.getTime() - 1))).toBe("nothing");
	expect(await deliver(id, dueAt)).toBe("received");
	const [first, again] = receiver.received.map((one) => one.id);
	expect(again).toBe(first);
	expect(receiver.received).toHaveLength(2);
});

test("an instance that wakes up late does not undo what another has marked since", async () => {
	const { receiver, id } = await givenTold();
	let release = (): void => {};
	const frozen = new Promise<void>((resolve) => {
		release = resolve;
	});
	receiver.answer = async (_, response) => {
		if (receiver.received.length === 1) await frozen;
		response.writeHead(receiver.received.length === 1 ? 500 : 200).end();
	};
	const patient = { ...settings, reach: { ...settings.reach, patienceMs: 20_000 } };
	const late = deliverSome(db, patient, id, now);
	await expect.poll(() => receiver.received.length).toBe(1);
	expect(await deliver(id, minutesLater(1))).toBe("received");
	release();
	await late;
	expect(await deliveryOf(id)).toMatchObject({ state: "delivered", attempts: 2, lastStatus: 200 });
});

test("two instances share what is due, and send nothing twice", async () => {
	const { receiver, id } = await givenTold(60);
	await Promise.all([deliverAll(id), deliverAll(id)]);
	await deliverAll(id);
	expect(receiver.received).toHaveLength(60);
	expect(new Set(receiver.received.map((one) => one.id)).size).toBe(60);
});

test("a receiver is asked a few things at once, and one alone while it fails", async () => {
	const { receiver, id } = await givenTold(30);
	receiver.answer = async (_, response) => {
		await delay(20);
		response.writeHead(200).end();
	};
	await deliverAll(id);
	expect(receiver.mostAtOnce).toBe(4);
	receiver.answer = (_, response) => void response.writeHead(500).end();
	await givenRegistrations(db, sessionId, Array(10).fill({}));
	await deliver(id);
	const before = receiver.received.length;
	await deliver(id);
	expect(receiver.received.length - before).toBe(1);
});

test("what is due is found at once, however much waits, all of it due at one instant", async () => {
	const id = await givenWebhook(db, owner.id);
	await sql`
		insert into webhook_delivery (webhook_id, id, event, occurred_at, due_at)
		select ${id}, gen_random_uuid(), 'registration.confirmed', ${now}, ${now} from generate_series(1, 20000)
	`.execute(db);
	for (const analyzed of [false, true]) {
		if (analyzed) await sql`analyze webhook_delivery`.execute(db);
		expect(mostRows(await planOf(db, (db) => listDueWebhooks(db, now)))).toBeLessThan(10);
		expect(mostRows(await planOf(db, (db) => claimDeliveries(db, id, 4, now)))).toBeLessThan(50);
	}
	expect(await listDueWebhooks(db, now)).toEqual([id]);
});

test("one slow receiver holds back no other", async () => {
	const { receiver: slow } = await givenTold(0);
	const { receiver: quick, id } = await givenTold(20);
	slow.answer = () => {};
	const patient = { ...settings, reach: { ...settings.reach, patienceMs: 3000 } };
	const worker = startWebhookWorker(db, patient, (event, error) => {
		throw new Error(event, { cause: error });
	});
	onTestFinished(() => worker.stop());
	await expect.poll(() => quick.received.length, { timeout: 2500 }).toBe(20);
	expect(slow.received.length).toBeGreaterThan(0);
	await expect
		.poll(async () => (await deliveriesOf(id)).every(({ state }) => state === "delivered"))
		.toBe(true);
});

test("a worker that is woken tells at once, and one that is stopped waits for what is under way", async () => {
	const { receiver, id } = await givenTold(0);
	const worker = startWebhookWorker(db, settings, () => {});
	await delay(300);
	await givenRegistration(db, sessionId);
	receiver.answer = async (_, response) => {
		await delay(100);
		response.writeHead(200).end();
	};
	worker.wake();
	await expect.poll(() => receiver.received.length, { timeout: 2000 }).toBe(1);
	await worker.stop();
	expect(await deliveryOf(id)).toMatchObject({ state: "delivered" });
});

test("a worker that is stopped waits two seconds for who does not answer, and leaves the rest to who comes next", async () => {
	const { receiver, id } = await givenTold();
	receiver.answer = () => {};
	const patient = { ...settings, reach: { ...settings.reach, patienceMs: 9000 } };
	const worker = startWebhookWorker(db, patient, () => {});
	await expect.poll(() => receiver.received.length, { timeout: 5000 }).toBe(1);
	const asked = performance.now();
	await worker.stop();
	expect(performance.now() - asked).toBeLessThan(4000);
	receiver.answer = (_, response) => void response.writeHead(200).end();
	expect(await deliver(id, (await deliveryOf(id)).dueAt)).toBe("received");
});

test("a trial says what came back, is about nobody, and is not tried again", async () => {
	const { receiver, id } = await givenTold(0);
	const webhook = (await findWebhook(db, id, now))!;
	receiver.answer = (_, response) => void response.writeHead(404).end();
	expect(await sendTest(db, settings, webhook, now)).toEqual({ status: 404, failure: null });
	expect(receiver.received[0]!.body).toEqual({
		type: "webhook.test",
		timestamp: now.toISOString(),
		data: {},
	});
	expect(await deliveriesOf(id)).toEqual([]);
});

test("a webhook that leads inside is not followed where the host did not say so, even if it was stored before", async () => {
	const { receiver, id } = await givenTold();
	const public_ = { ...settings, reach: { ...settings.reach, inside: false } };
	expect(await deliverSome(db, public_, id, now)).toBe("failed");
	expect(await deliveryOf(id)).toMatchObject({ lastStatus: null, lastFailure: "address" });
	expect(receiver.received).toEqual([]);
});

test("one that received something meanwhile, from another instance, is not stopped for what failed before", async () => {
	const id = await givenWebhook(db, owner.id);
	const longAgo = new Date(now.getTime() - 6 * 24 * 3600_000);
	await db.updateTable("webhook").set({ failingSince: longAgo }).where("id", "=", id).execute();
	const asked = await db.selectFrom("webhook").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
	await markReceiver(db, asked, false, now);
	await pauseByItself(db, asked, "failing", now);
	const { pausedAt } = await db
		.selectFrom("webhook")
		.select("pausedAt")
		.where("id", "=", id)
		.executeTakeFirstOrThrow();
	expect(pausedAt).toBeNull();
});
