import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openDatabase } from "#db/client.server.ts";
import { startApp } from "#tests/app-process.ts";
import { startSmtp } from "#tests/emails/smtp.ts";
import {
	answerOffersUntil,
	clickUntil,
	type Dates,
	lookOn,
	openDates,
	readFacts,
	settle,
} from "#tests/faults/crowd.ts";
import { brokenPromises, type Look, type Told } from "#tests/faults/promises.ts";
import { chanceFrom } from "#tests/faults/seed.ts";
import { startCluster, until } from "./cluster.ts";

/*
 * npm run drill: two instances behind HAProxy, over PgBouncer in transaction mode, on a Patroni cluster of two nodes.
 * People sign up all the while. Each instance is restarted, the primary hands over, then its machine is lost and comes
 * back. In the end every promise is checked against what people were told. Fails when one was broken, and when a page or a
 * form failed before anything was done or during the rolling restart.
 */
const { values } = parseArgs({
	options: { seed: { type: "string", default: "7" }, capacity: { type: "string", default: "40" } },
});
const seed = Number(values.seed);
const secret = "a-secret-that-only-the-drill-may-know";
const people = 4;

const cluster = await startCluster();
const smtp = await startSmtp();
const start = (port: number) =>
	startApp({
		PORT: String(port),
		PUBLIC_URL: cluster.origin,
		DATABASE_URL: cluster.pooledUrl,
		DATABASE_DIRECT_URL: cluster.directUrl,
		COOKIE_SECRET: secret,
		TRUST_PROXY_HOPS: "1",
		BOOKINGS_PER_HOUR: "100000",
		SMTP_URL: smtp.url,
		MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
		ORGANIZER_EMAIL: "responsable@exemple.ca",
	});
const apps = [await start(cluster.appPorts[0]), await start(cluster.appPorts[1])];
const { db, close } = openDatabase({ connectionString: cluster.directUrl });
await until("both instances in the proxy", async () => (await fetch(`${cluster.origin}/health`)).ok);
const told: Told[] = [];
const looks: Look[] = [];
const over = new AbortController();

type Seen = { answered: number; failed: number; longestMs: number };
const nothing = (): Seen => ({ answered: 0, failed: 0, longestMs: 0 });

/** The forms of one drill, each time that they are sent: the crowd sends a form again that got no answer, and says nothing. */
let forms = { seen: nothing(), underWay: [] as Promise<void>[] };
const plainFetch = globalThis.fetch;
globalThis.fetch = (address, options) => {
	const answer = plainFetch(address, options);
	if (options?.method === "POST") forms.underWay.push(countForm(answer, forms.seen));
	return answer;
};

async function countForm(answer: Promise<Response>, seen: Seen): Promise<void> {
	const before = performance.now();
	try {
		const response = await answer;
		await response.clone().arrayBuffer();
		// 409: it is full, or an offer is over.
		if (response.status < 400 || response.status === 409) seen.answered += 1;
		else seen.failed += 1;
	} catch {
		seen.failed += 1;
	}
	seen.longestMs = Math.max(seen.longestMs, Math.round(performance.now() - before));
}

/** Somebody who looks at the list and never asks twice: what fails here, fails for a person. */
async function readOn(ends: AbortSignal): Promise<Seen> {
	const seen = nothing();
	while (!ends.aborted) {
		const before = performance.now();
		const path = seen.answered % 2 === 0 ? "/" : "/health";
		const answer = await fetch(cluster.origin + path, { signal: AbortSignal.timeout(30_000) }).catch(
			() => null,
		);
		await answer?.arrayBuffer();
		if (answer?.ok) seen.answered += 1;
		else seen.failed += 1;
		seen.longestMs = Math.max(seen.longestMs, Math.round(performance.now() - before));
		await delay(20);
	}
	return seen;
}

/** Does one thing to the cluster while somebody reads and the others sign up. Returns how many pages and forms failed. */
async function drill(name: string, deed: () => Promise<Record<string, unknown>>): Promise<number> {
	const done = new AbortController();
	const reading = readOn(done.signal);
	const facts = await deed();
	await delay(2000);
	done.abort();
	const reads = await reading;
	const { seen, underWay } = forms;
	// What is sent from here on belongs to the next drill.
	forms = { seen: nothing(), underWay: [] };
	await Promise.all(underWay);
	console.log(JSON.stringify({ drill: name, ...facts, reads, forms: seen }));
	return reads.failed + seen.failed;
}

async function replicaInStep() {
	const ms = await until("a replica in step", cluster.replicaInStep);
	return { inStepAfterMs: Math.round(ms) };
}

async function takesWrites(): Promise<boolean> {
	await db.updateTable("firm").set({ updatedAt: new Date() }).execute();
	return true;
}

const dates: Dates = await openDates(db, Number(values.capacity));
const crowd = (number: number) => ({
	chance: chanceFrom(seed * 1000 + number),
	...{ number, origins: [cluster.origin], secret, db, dates, told },
});
const looking = lookOn(db, looks, over.signal);
const answering = answerOffersUntil(over.signal, crowd(people));
const clicked = new AbortController();
const clicking = Array.from({ length: people }, (_, number) => clickUntil(clicked.signal, crowd(number)));

try {
	const failedBefore = await drill("nothing", async () => {
		await delay(8000);
		return {};
	});
	const failedWhileRestarting = await drill("rolling restart", async () => {
		for (const [index, port] of cluster.appPorts.entries()) {
			await cluster.setInstance(index, "drain");
			await delay(1000);
			await apps[index]!.stop("SIGTERM");
			apps[index] = await start(port);
			await cluster.setInstance(index, "ready");
			await delay(1500);
		}
		return {};
	});
	await drill("switchover", async () => {
		const from = await cluster.primary();
		cluster.switchover();
		const ms = await until("writes", takesWrites);
		return { from, to: await cluster.primary(), writesAfterMs: Math.round(ms) };
	});
	// Until it has a copy again, a cluster that promises to lose nothing does not fail over.
	await drill("the old primary follows", replicaInStep);
	await drill("failover", async () => {
		const from = await cluster.primary();
		const lost = cluster.nodes.find(({ name }) => name === from)!;
		const before = performance.now();
		await lost.lose();
		await until("another primary", async () => ![null, from].includes(await cluster.primary()));
		await until("writes", takesWrites);
		const writesAfterMs = Math.round(performance.now() - before);
		lost.start();
		return { from, to: await cluster.primary(), writesAfterMs };
	});
	await drill("the lost node comes back", replicaInStep);
	clicked.abort();
	await Promise.all(clicking);
	const mailWaiting = await settle(db);
	over.abort();
	await looking;
	const answered = await answering;
	await settle(db);
	const facts = await readFacts(db, dates, { told, looks, answered, noted: [], mailWaiting }, smtp);
	const broken = brokenPromises(facts);
	const count = (answer: Told["answer"]) => told.filter((one) => one.answer === answer).length;
	const copies = facts.received.length - new Set(facts.received.map(({ messageId }) => messageId)).size;
	console.log(
		JSON.stringify({
			...{ booked: count("booked"), full: count("full"), unknown: count("unknown") },
			...{ registrations: facts.registrations.length, emails: facts.emails.length, sentTwice: copies },
			...{ looks: looks.length, broken: broken.length },
		}),
	);
	console.log(broken.length === 0 ? "Every promise was kept." : broken.join("\n"));
	if (failedBefore > 0) console.log(`${failedBefore} pages or forms failed before anything was done.`);
	if (failedWhileRestarting > 0) console.log(`${failedWhileRestarting} failed during the rolling restart.`);
	process.exitCode = broken.length + failedBefore + failedWhileRestarting === 0 ? 0 : 1;
} finally {
	clicked.abort();
	over.abort();
	await Promise.all(apps.map((app) => app.stop("SIGKILL")));
	await close();
	await smtp.close();
	await cluster.stop();
}
process.exit();
