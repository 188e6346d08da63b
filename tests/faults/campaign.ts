import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { idOfToken, signToken } from "#app/domain/token.server.ts";
import { newFormKey } from "#app/http/form-key.server.ts";
import { paths } from "#app/paths.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import { freePort, type RunningApp, startApp } from "../app-process.ts";
import { startSmtp } from "../emails/smtp.ts";
import { aMeeting, aSession, aWorkshop, givenWorkshop } from "../fixtures.ts";
import { startMortalPostgres } from "./mortal-postgres.ts";
import type { Facts, Look, Told } from "./promises.ts";
import { type Chance, chanceFrom } from "./seed.ts";

export type Campaign = { seed: number; seconds: number; instances: number; capacity: number };

export type Report = { facts: Facts; faults: Record<string, number>; answers: Record<string, number> };

const secret = "a-secret-that-only-the-faults-may-know";
const people = 6;
const patienceMs = 90_000;

/**
 * People sign up, click twice, send again what got no answer and give seats up, while instances, the database, its
 * connections and the mail server fail as the seed decides. When it is over everything is left to settle, and what was
 * told and what is stored is returned.
 */
export async function runCampaign(campaign: Campaign): Promise<Report> {
	const chance = chanceFrom(campaign.seed);
	const postgres = await startMortalPostgres();
	const smtp = await startSmtp();
	const ports = await Promise.all(Array.from({ length: campaign.instances }, () => freePort()));
	const publicUrl = `http://127.0.0.1:${ports[0]}`;
	const start = (port: number) =>
		startApp({
			PORT: String(port),
			PUBLIC_URL: publicUrl,
			DATABASE_URL: postgres.proxiedUrl,
			DATABASE_DIRECT_URL: postgres.url,
			COOKIE_SECRET: secret,
			SMTP_URL: smtp.url,
			MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
		});
	const apps = await Promise.all(ports.map(start));
	const { db, close } = openDatabase({ connectionString: postgres.url });
	const faults: Record<string, number> = {};
	const told: Told[] = [];
	const looks: Look[] = [];
	try {
		const session = await openDate(db, campaign.capacity);
		const endAt = Date.now() + campaign.seconds * 1000;
		const over = new AbortController();
		const looking = lookOn(db, session.id, looks, over.signal);
		const clicking = Array.from({ length: people }, (_, number) =>
			clickUntil(endAt, {
				chance: chanceFrom(campaign.seed * 1000 + number),
				number,
				ports,
				db,
				told,
				session,
			}),
		);
		await failUntil(endAt, { chance, apps, ports, start, postgres, smtp, db, faults });
		smtp.answer = () => "accept";
		await Promise.all(clicking);
		await settle(db);
		over.abort();
		await looking;
		faults.cutAtCommit = postgres.cuts();
		const answers: Record<string, number> = {};
		for (const { answer } of told) answers[answer] = (answers[answer] ?? 0) + 1;
		return { facts: await readFacts(db, session.id, told, looks, smtp.arrived), faults, answers };
	} finally {
		await Promise.all(apps.map((app) => app.stop("SIGKILL")));
		await close();
		await smtp.close();
		await postgres.stop();
	}
}

async function openDate(db: Db, capacity: number) {
	const workshop = aWorkshop();
	const workshopId = await givenWorkshop(db, workshop);
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
	const input = aSession({ capacity, meetings: [aMeeting(inAMonth)] });
	const id = await scheduleSession(db, workshopId, input, null, new Date());
	return { id, path: paths.register("fr", workshop.slugFr) };
}

/** Somebody who counts, in one statement, as often as the database lets them. */
async function lookOn(db: Db, sessionId: string, looks: Look[], over: AbortSignal): Promise<void> {
	while (!over.aborted) {
		try {
			const { rows } = await sql<Omit<Look, "at">>`
				select capacity, seats_taken as counted,
					(select count(*)::int from registration where session_id = session.id and status in ('confirmed', 'offered')) as taken,
					(select count(*)::int from registration where session_id = session.id and status = 'waitlisted') as waiting
				from session where id = ${sessionId}
			`.execute(db);
			looks.push({ at: Date.now(), ...rows[0]! });
		} catch {
			// The database is down: nobody sees anything.
		}
		await delay(50);
	}
}

type Crowd = {
	chance: Chance;
	number: number;
	ports: number[];
	db: Db;
	told: Told[];
	session: { id: string; path: string };
};

/** One after the other, people of this number sign up until the end. */
async function clickUntil(endAt: number, crowd: Crowd): Promise<void> {
	const { chance, number, told, session } = crowd;
	for (let turn = 0; Date.now() < endAt; turn += 1) {
		const email = `personne.${number}.${turn}@exemple.ca`;
		const first = await signUp(crowd, email, session.id);
		told.push(first);
		let last = first;
		if (first.answer === "full" && chance.happens(0.5)) {
			last = await signUp(crowd, email, `waitlist:${session.id}`);
			told.push(last);
		}
		if (last.answer === "booked" && chance.happens(0.3)) await giveUp(crowd, last);
		await delay(chance.between(0, 150));
	}
}

/** Sends one form until it is answered, sometimes twice at once, each time to any instance. */
async function signUp(crowd: Crowd, email: string, date: string): Promise<Told> {
	const { chance, session } = crowd;
	const form = {
		date,
		name: `Personne ${crowd.number}`,
		email,
		organization: "",
		key: newFormKey([secret]),
	};
	const one: Told = {
		key: idOfToken(form.key)!,
		email,
		startedAt: Date.now(),
		endedAt: 0,
		answer: "unknown",
		places: [],
		bookingId: null,
		cancelled: "no",
	};
	while (one.answer === "unknown" && Date.now() - one.startedAt < patienceMs) {
		const clicks = chance.happens(0.1) ? 2 : 1;
		const answers = await Promise.all(Array.from({ length: clicks }, () => post(crowd, session.path, form)));
		for (const { status, location } of answers) {
			if (status === 303 && location) {
				one.answer = "booked";
				one.places.push(location);
				one.bookingId = idOfToken(location.split("/").at(-1)!);
			} else if (status === 409) one.answer = "full";
		}
		if (one.answer === "unknown") await delay(chance.between(50, 300));
	}
	one.endedAt = Date.now();
	return one;
}

/** Follows the link of their email, which this reader makes from what is stored. */
async function giveUp(crowd: Crowd, one: Told): Promise<void> {
	one.cancelled = "unknown";
	const startedAt = Date.now();
	while (one.cancelled === "unknown" && Date.now() - startedAt < patienceMs) {
		const registration = await crowd.db
			.selectFrom("registration")
			.select("id")
			.where("bookingId", "=", one.bookingId!)
			.executeTakeFirst()
			.catch(() => undefined);
		if (registration) {
			const path = paths.cancel("fr", signToken(secret, "manage", registration.id, 1));
			const { status } = await post(crowd, path, {});
			if (status === 303) one.cancelled = "yes";
		}
		if (one.cancelled === "unknown") await delay(200);
	}
}

async function post(crowd: Crowd, path: string, form: Record<string, string>) {
	try {
		const answer = await fetch(`http://127.0.0.1:${crowd.chance.pick(crowd.ports)}${path}`, {
			method: "POST",
			body: new URLSearchParams(form),
			headers: { "Sec-Fetch-Site": "same-origin" },
			redirect: "manual",
			signal: AbortSignal.timeout(10_000),
		});
		await answer.arrayBuffer();
		return { status: answer.status, location: answer.headers.get("Location") };
	} catch {
		return { status: 0, location: null };
	}
}

type Victims = {
	chance: Chance;
	apps: RunningApp[];
	ports: number[];
	start(port: number): Promise<RunningApp>;
	postgres: Awaited<ReturnType<typeof startMortalPostgres>>;
	smtp: Awaited<ReturnType<typeof startSmtp>>;
	db: Db;
	faults: Record<string, number>;
};

/** One fault after the other, each kind in each round, in an order and at moments that the seed decides. */
async function failUntil(endAt: number, victims: Victims): Promise<void> {
	const { chance, apps, ports, start, postgres, smtp, db, faults } = victims;
	const kinds: Record<string, () => Promise<void>> = {
		async killInstance() {
			const which = Math.floor(chance.between(0, apps.length));
			await apps[which]!.stop("SIGKILL");
			apps[which] = await start(ports[which]!);
		},
		killPostgres: () => postgres.killAndRestart(),
		async cutCommits() {
			postgres.cutAtCommit(3);
			await delay(1500);
			postgres.cutAtCommit(0);
		},
		// It wakes and believes that the messages it had claimed are still its own to send and mark.
		async freezeInstance() {
			const { process } = chance.pick(apps);
			process.kill("SIGSTOP");
			await delay(300);
			await leasesRunOut(db);
			await delay(1500);
			process.kill("SIGCONT");
		},
		async badMailServer() {
			const bad = ["hang-up-before-250", "hang-up-after-250", "hang-up-at-connection"] as const;
			const codes = [421, 451, 452];
			smtp.answer = () => {
				if (chance.happens(0.5)) return "accept";
				return chance.happens(0.5) ? chance.pick(bad) : { code: chance.pick(codes), at: "data" };
			};
			await delay(2000);
			smtp.answer = () => "accept";
		},
	};
	while (Date.now() < endAt) {
		for (const kind of chance.shuffled(Object.keys(kinds))) {
			await delay(chance.between(200, 1000));
			await kinds[kind]!();
			faults[kind] = (faults[kind] ?? 0) + 1;
		}
	}
}

/** As if the time had passed after which a lease, or a wait before the next attempt, is over. */
async function leasesRunOut(db: Db): Promise<void> {
	await sql`update email set due_at = now() where status in ('queued', 'sending')`
		.execute(db)
		.catch(() => {});
}

/** Until nothing waits to be sent. */
async function settle(db: Db): Promise<void> {
	const deadline = Date.now() + 60_000;
	for (;;) {
		const { rows } = await sql<{ count: number }>`
			select count(*)::int as count from email where status in ('queued', 'sending')
		`.execute(db);
		if (rows[0]?.count === 0 || Date.now() > deadline) return;
		await leasesRunOut(db);
		await delay(3000);
	}
}

async function readFacts(
	db: Db,
	sessionId: string,
	told: Told[],
	looks: Look[],
	arrived: { messageId?: string; text?: string }[],
): Promise<Facts> {
	const session = await db
		.selectFrom("session")
		.select(["capacity", "seatsTaken", "seatsWaiting"])
		.where("id", "=", sessionId)
		.executeTakeFirstOrThrow();
	return {
		told,
		looks,
		session,
		bookings: await db.selectFrom("booking").select(["id", "key"]).execute(),
		registrations: await db
			.selectFrom("registration")
			.select(["id", "bookingId", "email", "status"])
			.execute(),
		entries: await db.selectFrom("waitlistEntry").select(["seq", "state", "size"]).execute(),
		emails: await db
			.selectFrom("email")
			.select(["registrationId", "kind", "messageId", "status"])
			.where("registrationId", "is not", null)
			.execute(),
		received: arrived.map(({ messageId = "", text = "" }) => ({ messageId, text })),
		audit: await db.selectFrom("audit").select(["registrationId", "action"]).execute(),
	};
}
