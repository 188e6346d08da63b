import { createHistogram } from "node:perf_hooks";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "undici";
import { newFormKey } from "#app/http/form-key.server.ts";

/*
 * The people, in a process of their own: reads one job as JSON, sends it over kept-alive connections, and writes what it
 * saw as one line of JSON. Everything that is sent is made before the clock starts.
 */
export type Job = {
	url: string;
	path: string;
	/** Each connection has one request under way; a paced job opens as many as it needs, up to this number. */
	connections: number;
	/** Ends by itself, whatever happens. */
	seconds: number;
	/** Seconds at the beginning whose requests are sent and not counted. */
	uncounted?: number;
	/** Requests per second, started on time however slow the answers are. Without it, as fast as they are answered. */
	rate?: number;
	/** Sign-ups for these sessions in turn; without them, GET. */
	signUps?: { secret: string; sessionIds: string[]; run: string; most: number };
};

export type Seen = {
	perSecond: number;
	/** Answers by status. 0 is a connection that failed. */
	statuses: Record<string, number>;
	/** Milliseconds from the moment the request was due, of those that were not answered 503. */
	p50: number;
	p99: number;
};

const job = JSON.parse(await text(process.stdin)) as Job;
const bodies = job.signUps ? Array.from({ length: job.signUps.most }, (_, n) => signUpBody(n)) : [];
const latency = createHistogram();
const statuses: Record<string, number> = {};
let sent = 0;

function signUpBody(n: number): string {
	const { secret, sessionIds, run } = job.signUps!;
	return new URLSearchParams({
		date: sessionIds[n % sessionIds.length]!,
		name: `Zoé Côté-Tremblay ${n}`,
		email: `zoe.${run}.${n}@exemple.ca`,
		organization: "Coopérative du Nord",
		key: newFormKey([secret]),
	}).toString();
}

function nextRequest(n: number) {
	const body = bodies[n];
	const headers: Record<string, string> = { "Accept-Encoding": "gzip", Accept: "text/html" };
	if (body === undefined) return { path: job.path, method: "GET" as const, headers };
	headers["Content-Type"] = "application/x-www-form-urlencoded";
	headers["Sec-Fetch-Site"] = "same-origin";
	// As a proxy would say it: people come from everywhere.
	headers["X-Forwarded-For"] = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`;
	return { path: job.path, method: "POST" as const, headers, body };
}

async function sendOne(client: Client, dueAt: number): Promise<void> {
	const request = nextRequest(sent++);
	const status = await new Promise<number>((resolve) => {
		let code = 0;
		client.dispatch(request, {
			onConnect() {},
			onHeaders(received) {
				code = received;
				return true;
			},
			onData: () => true,
			onComplete: () => resolve(code),
			onError: () => resolve(0),
		});
	});
	if (dueAt < countedFrom) return;
	statuses[status] = (statuses[status] ?? 0) + 1;
	if (status !== 503) latency.record(Math.max(1, Math.round((performance.now() - dueAt) * 1000)));
}

const clients = Array.from({ length: job.connections }, () => new Client(job.url, { pipelining: 1 }));
const mostSent = job.signUps ? bodies.length : Number.POSITIVE_INFINITY;
// Connections are opened before the clock starts, as those of a proxy are.
const opening = Math.min(job.connections, 64);
await Promise.all(
	clients
		.slice(0, opening)
		.map((client) => client.request({ path: "/health", method: "GET" }).then(({ body }) => body.dump())),
);
const startedAt = performance.now();
const countedFrom = startedAt + (job.uncounted ?? 0) * 1000;
const endAt = startedAt + job.seconds * 1000;
if (job.rate) await atTheirPace(job.rate);
else await Promise.all(clients.map(asFastAsAnswered));
const seconds = (performance.now() - countedFrom) / 1000;

async function asFastAsAnswered(client: Client): Promise<void> {
	while (performance.now() < endAt && sent < mostSent) await sendOne(client, performance.now());
}

async function atTheirPace(rate: number): Promise<void> {
	const free = [...clients];
	const waiting: number[] = [];
	const underWay = new Set<Promise<void>>();
	const start = () => {
		while (free.length > 0 && waiting.length > 0) {
			const client = free.pop()!;
			const one = sendOne(client, waiting.shift()!).then(() => {
				underWay.delete(one);
				free.push(client);
				start();
			});
			underWay.add(one);
		}
	};
	for (let due = 0; performance.now() < endAt && due < mostSent; ) {
		const dueAt = startedAt + (due / rate) * 1000;
		if (dueAt > performance.now()) {
			await delay(1);
			continue;
		}
		waiting.push(dueAt);
		due += 1;
		start();
	}
	await Promise.race([Promise.all(underWay), delay(10_000)]);
}

const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
const seen: Seen = {
	perSecond: answered / seconds,
	statuses,
	p50: latency.percentile(50) / 1000,
	p99: latency.percentile(99) / 1000,
};
console.log(JSON.stringify(seen));
process.exit(0);
