import { generateKeyPairSync } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { startMailWorker } from "#app/jobs/worker.server.ts";
import { transportFor } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenRegistrations, givenSession } from "#tests/fixtures.ts";
import { deliverAll, emailOf, emptyOutbox, givenMailServer, givenQueued, settings } from "./delivery.ts";
import { startSmtp } from "./smtp.ts";

const { db, url, drop } = await createTestDatabase();
afterAll(drop);
afterEach(() => emptyOutbox(db));

/** The worker of one instance, sending to a mail server of its own. */
async function givenWorker(listenTo: pg.ClientConfig = { connectionString: url }) {
	const { smtp, transport } = await givenMailServer();
	const worker = startMailWorker(db, listenTo, transport, settings, () => {});
	onTestFinished(() => worker.stop());
	return { smtp, worker };
}

test("an email leaves at once in the process that queued it", async () => {
	const { smtp, worker } = await givenWorker();
	await givenQueued(db);
	worker.wake();
	await expect.poll(() => smtp.arrived.length, { timeout: 2500 }).toBe(1);
});

test("another instance's worker is told, and does not wait for its next look", async () => {
	const { smtp } = await givenWorker();
	const listens =
		"select 1 from pg_stat_activity where datname = current_database() and query = 'listen presence_mail'";
	const client = new pg.Client(url);
	await client.connect();
	onTestFinished(() => client.end());
	await expect.poll(async () => (await client.query(listens)).rowCount, { timeout: 4000 }).toBe(1);
	await givenQueued(db);
	await client.query("notify presence_mail");
	await expect.poll(() => smtp.arrived.length, { timeout: 2500 }).toBe(1);
});

test("a worker that cannot listen still looks by itself", async () => {
	const { smtp } = await givenWorker({ host: "127.0.0.1", port: 1, user: "personne", database: "rien" });
	await givenQueued(db);
	await expect.poll(() => smtp.arrived.length, { timeout: 9000 }).toBe(1);
});

test("while people go on signing up, the mail makes way; once they are done it leaves without a pause", async () => {
	const at: number[] = [];
	const worker = startMailWorker(
		db,
		{ connectionString: url },
		{
			kind: "capture",
			async deliver() {
				at.push(performance.now());
				if (at.length <= 40) worker.wake();
				return { outcome: "captured" };
			},
			close() {},
		},
		settings,
		() => {},
	);
	onTestFinished(() => worker.stop());
	await givenRegistrations(db, await givenSession(db, { capacity: 160 }), Array(160).fill({}));
	worker.wake();
	await expect.poll(() => at.length, { timeout: 5000 }).toBe(160);
	const batches = at.filter((_, index) => index % 8 === 0);
	const pauses = batches.slice(1).map((start, index) => start - batches[index]!);
	expect(Math.min(...pauses.slice(0, 5))).toBeGreaterThan(45);
	expect(Math.min(...pauses.slice(5))).toBeLessThan(45);
});

test("an email is signed for its domain when there is a key (DKIM, RFC 6376)", async () => {
	const smtp = await startSmtp();
	onTestFinished(() => smtp.close());
	const { privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
		publicKeyEncoding: { type: "spki", format: "pem" },
	});
	const dkim = { domainName: "exemple.ca", keySelector: "presence", privateKey };
	const transport = transportFor({ smtpUrl: smtp.url, dkim });
	onTestFinished(() => transport.close());
	const { id } = await givenQueued(db);
	await deliverAll(db, transport);
	expect((await emailOf(db, id)).status).toBe("sent");
	const signature = String(
		smtp.arrived[0]!.headers.get("dkim-signature") &&
			JSON.stringify(smtp.arrived[0]!.headers.get("dkim-signature")),
	);
	expect(signature).toContain("exemple.ca");
	expect(signature).toContain("presence");
});
