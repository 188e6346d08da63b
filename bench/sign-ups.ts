import { startApp } from "#tests/app-process.ts";
import { type Lab, mailGone, openLab, pgbench, secret, signUp } from "./lab.ts";
import { signUpScript } from "./sign-up-script.ts";
import { givenSessions } from "./site.ts";
import { type Row, share, whole } from "./table.ts";

const capacity = 100_000;
const fastest = 5_000;

/**
 * Sign-ups per second on one hot session and on 20, beside pgbench running the same statements and beside the same form
 * sent to the same address of a second instance, which reads it and answers without the database (`no-op.mjs`); then
 * twice what it can sustain.
 */
export async function measureSignUps(seconds: number): Promise<Row[]> {
	const lab = await openLab();
	const noOp = await startApp({
		// One of its own: it would deliver the mail of the other.
		DATABASE_URL: await lab.postgres.createDatabase("no_op"),
		COOKIE_SECRET: secret,
		TRUST_PROXY_HOPS: "1",
		NODE_OPTIONS: "--import ./bench/no-op.mjs",
	});
	try {
		const most = fastest * seconds;
		const warm = await givenSessions(lab.db, 1, capacity);
		// What a process compiles in its first half minute is not the pace of either.
		const warmUp = { connections: 32, seconds: 30, most: fastest * 10 };
		for (const app of [noOp, lab.app]) await signUp(lab, warm, { app, ...warmUp });

		const rows: Row[] = [];
		let sustainable = 0;
		for (const connections of [32, 64]) {
			const nothing = await signUp(lab, warm, { app: noOp, connections, seconds, most });
			for (const count of [1, 20]) {
				const dates = await givenSessions(lab.db, count, capacity);
				const seen = await signUp(lab, dates, { connections, seconds, most });
				const ok = ((seen.statuses[303] ?? 0) / seconds) | 0;
				if (count === 1) sustainable = Math.max(sustainable, ok);
				const limit = await limitOf(lab, count, connections, seconds);
				const what = `sign-ups/s, ${count === 1 ? "one session" : `${count} sessions`}, ${connections} connections`;
				const figure = `${whole(ok)}, p99 ${whole(seen.p99)} ms`;
				rows.push(
					{
						what,
						figure,
						limit: `no-op POST ${whole(nothing.perSecond)}`,
						ratio: share(ok, nothing.perSecond),
						target: count === 1 ? "≥ 80 % (floor 50 %)" : "",
					},
					{
						what: "",
						figure: "",
						limit: limit ? `pgbench ${whole(limit)}` : "no pgbench here",
						ratio: share(ok, limit),
						target: count === 1 ? "> 100 %" : "",
					},
				);
			}
		}
		rows.push(await measureTwoInstances(lab, sustainable, seconds));
		rows.push(await measureOverload(lab, sustainable, seconds));
		return rows;
	} finally {
		await noOp.stop();
		await lab.stop();
	}
}

async function limitOf(lab: Lab, sessions: number, clients: number, seconds: number): Promise<number | null> {
	const { ids } = await givenSessions(lab.db, sessions, capacity);
	await mailGone(lab.db);
	return pgbench(lab, await signUpScript(lab.database.pool, ids), clients, seconds);
}

/** The same date on two instances of this database, 32 connections to each: they share the machine, and the date's lock. */
async function measureTwoInstances(lab: Lab, alone: number, seconds: number): Promise<Row> {
	const { app: other } = await lab.startAnother();
	try {
		const warm = await givenSessions(lab.db, 1, capacity);
		await signUp(lab, warm, { app: other, connections: 32, seconds: 30, most: fastest * 10 });
		const date = await givenSessions(lab.db, 1, capacity);
		const seen = await Promise.all(
			[lab.app, other].map((app) =>
				signUp(lab, date, { app, connections: 32, seconds, most: fastest * seconds }),
			),
		);
		const ok = seen.reduce((sum, { statuses }) => sum + (statuses[303] ?? 0), 0) / seconds;
		return {
			what: "sign-ups/s, one session, two instances, 32 connections each",
			figure: `${whole(ok)}, p99 ${whole(Math.max(...seen.map(({ p99 }) => p99)))} ms`,
			limit: `one instance ${whole(alone)}`,
			ratio: share(ok, alone),
		};
	} finally {
		await other.stop();
	}
}

async function measureOverload(lab: Lab, sustainable: number, seconds: number): Promise<Row> {
	const date = await givenSessions(lab.db, 1, capacity);
	const rate = sustainable * 2;
	// The first seconds take the burst in, and then answer it; what is measured is a flood that lasts.
	const uncounted = 10;
	const { statuses, p50, p99 } = await signUp(lab, date, {
		connections: 2_000,
		rate,
		uncounted,
		seconds: uncounted + seconds,
		most: rate * (uncounted + seconds),
	});
	const told = Object.entries(statuses)
		.map(([status, count]) => `${status}: ${whole(count / seconds)}/s`)
		.join(", ");
	const taken = (statuses[303] ?? 0) / seconds;
	return {
		what: `at ${whole(rate)} sign-ups/s, twice that`,
		figure: `p99 ${whole(p99)} ms (p50 ${whole(p50)}); ${told}`,
		limit: `taken without a flood ${whole(sustainable)}`,
		ratio: share(taken, sustainable),
		target: "p99 ≤ 250 ms, 503 for the excess",
	};
}
