import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type Db, openDatabase } from "#db/client.server.ts";
import { freePort, type RunningApp, startApp } from "../app-process.ts";
import { type Answer, startSmtp } from "../emails/smtp.ts";
import {
	answerOffersUntil,
	clickUntil,
	isGone,
	leasesRunOut,
	lookOn,
	noteWhoCameUntil,
	openDates,
	readFacts,
	resizeUntil,
	settle,
} from "./crowd.ts";
import { startMortalPostgres } from "./mortal-postgres.ts";
import type { Facts, Look, Told } from "./promises.ts";
import { type Chance, chanceFrom } from "./seed.ts";

export type Campaign = {
	seed: number;
	seconds: number;
	instances: number;
	capacity: number;
	/** What each instance does wrong, and must be seen to do (sabotage.mjs). */
	sabotage?: keyof typeof sabotages;
};

/** What the checker must say of instances that do this wrong. */
export const sabotages = {
	lock: /^(oversold|counted)/,
	commit: /^lost/,
	email: /^emails: 0 times/,
	audit: /^audit: 0 lines/,
	sent: /^emails: .* is marked sent and never left/,
};

export type Report = { facts: Facts; faults: Record<string, number>; answers: Record<string, number> };

const secret = "a-secret-that-only-the-faults-may-know";
const people = 6;
const skewedClock = pathToFileURL("tests/faults/clock.mjs").href;
const saboteur = pathToFileURL("tests/faults/sabotage.mjs").href;
const longestSkewMs = 2 * 3600 * 1000;

/**
 * People sign up alone and together, click twice, send again what got no answer, go to another date, give seats up and
 * answer offers or let their hour go by, two phones note who came and undo it, and an organizer gives the dates more seats or
 * fewer, while instances, their clocks, the database, its connections and the mail server fail as the seed decides; the mail
 * server never knows some of the people. When it is over everything is left to settle, and what was told and what is stored
 * is returned.
 */
export async function runCampaign(campaign: Campaign): Promise<Report> {
	const chance = chanceFrom(campaign.seed);
	const postgres = await startMortalPostgres();
	const smtp = await startSmtp();
	const refused = new Set<string>();
	/** What the mail server answers from now on. Those of whom it knows nobody it refuses in any case. */
	function mailServer(answer: () => Answer): void {
		smtp.answer = (address) => {
			if (!address || !isGone(address)) return answer();
			refused.add(address);
			return { code: 550, at: "recipient" };
		};
	}
	mailServer(() => "accept");
	const ports = await Promise.all(Array.from({ length: campaign.instances }, () => freePort()));
	const publicUrl = `http://127.0.0.1:${ports[0]}`;
	const folder = await mkdtemp(join(tmpdir(), "presence-clocks-"));
	const modules = campaign.sabotage ? [skewedClock, saboteur] : [skewedClock];
	const clockOf = (port: number) => join(folder, String(port));
	const start = (port: number) =>
		startApp({
			NODE_OPTIONS: modules.map((module) => `--import=${module}`).join(" "),
			SABOTAGE: campaign.sabotage ?? "",
			CLOCK_FILE: clockOf(port),
			PORT: String(port),
			PUBLIC_URL: publicUrl,
			DATABASE_URL: postgres.proxiedUrl,
			DATABASE_DIRECT_URL: postgres.url,
			COOKIE_SECRET: secret,
			SMTP_URL: smtp.url,
			MAIL_FROM: "Formation Exemple <inscriptions@exemple.ca>",
			ORGANIZER_EMAIL: "responsable@exemple.ca",
		});
	const apps = await Promise.all(ports.map(start));
	const { db, close } = openDatabase({ connectionString: postgres.url });
	const faults: Record<string, number> = {};
	const told: Told[] = [];
	const looks: Look[] = [];
	try {
		const dates = await openDates(db, campaign.capacity);
		const endAt = Date.now() + campaign.seconds * 1000;
		const clicked = new AbortController();
		const over = new AbortController();
		const origins = ports.map((port) => `http://127.0.0.1:${port}`);
		const crowd = (number: number) => ({
			chance: chanceFrom(campaign.seed * 1000 + number),
			...{ number, origins, secret, db, dates, told },
			// Where something else is broken, nobody waits for an answer.
			...(campaign.sabotage && { patienceMs: 5_000 }),
		});
		const looking = lookOn(db, looks, over.signal);
		const answering = answerOffersUntil(over.signal, crowd(people));
		const noting = noteWhoCameUntil(over.signal, crowd(people + 1));
		const resizing = resizeUntil(clicked.signal, crowd(people + 2));
		const clicking = Array.from({ length: people }, (_, number) => clickUntil(clicked.signal, crowd(number)));
		await failUntil(endAt, { chance, apps, ports, start, clockOf, postgres, mailServer, db, faults });
		await Promise.all(ports.map((port) => writeFile(clockOf(port), "0")));
		await delay(1000);
		await leasesRunOut(db);
		// In the end the mail server falls silent, all instances are killed while they send, and everything starts again.
		mailServer(() => "silent-at-data");
		await delay(1500);
		await Promise.all(apps.map((app) => app.stop("SIGKILL")));
		mailServer(() => "accept");
		smtp.hangUp();
		for (const [index, port] of ports.entries()) apps[index] = await start(port);
		clicked.abort();
		// Nor for the mail.
		if (campaign.sabotage) await leasesRunOut(db);
		const [mailWaiting] = await Promise.all([settle(db), resizing, ...clicking]);
		over.abort();
		await looking;
		const answered = await answering;
		const noted = await noting;
		// The last answers to offers caused messages of their own.
		await settle(db);
		faults.cutAtCommit = postgres.cuts();
		const answers: Record<string, number> = { offersAnswered: answered.size, resized: await resizing };
		for (const seen of ["present", "none"])
			answers[seen === "none" ? "undone" : "noted"] = noted.filter((one) => one.seen === seen).length;
		for (const { answer } of told) answers[answer] = (answers[answer] ?? 0) + 1;
		answers.moved = told.filter(({ moved }) => moved === "yes").length;
		answers.together = told.filter(({ answer, emails }) => answer === "booked" && emails.length > 1).length;
		return {
			facts: await readFacts(
				db,
				dates,
				{ told, looks, answered, noted, mailWaiting, refused: [...refused] },
				smtp,
			),
			faults,
			answers,
		};
	} finally {
		await Promise.all(apps.map((app) => app.stop("SIGKILL")));
		await close();
		await smtp.close();
		await postgres.stop();
		await rm(folder, { recursive: true, force: true });
	}
}

type Victims = {
	chance: Chance;
	apps: RunningApp[];
	ports: number[];
	start(port: number): Promise<RunningApp>;
	/** The file that says how far the clock of the instance on this port is off. */
	clockOf(port: number): string;
	postgres: Awaited<ReturnType<typeof startMortalPostgres>>;
	mailServer(answer: () => Answer): void;
	db: Db;
	faults: Record<string, number>;
};

/** One fault after the other, each kind in each round, in an order and at moments that the seed decides. */
async function failUntil(endAt: number, victims: Victims): Promise<void> {
	const { chance, apps, ports, start, clockOf, postgres, mailServer, db, faults } = victims;
	const kinds: Record<string, () => Promise<void>> = {
		async killInstance() {
			const which = Math.floor(chance.between(0, apps.length));
			await apps[which]!.stop("SIGKILL");
			apps[which] = await start(ports[which]!);
		},
		async killPostgres() {
			await postgres.kill();
			await postgres.restart();
		},
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
		// Forward or back, at once; sometimes it is set right again and sometimes left wrong.
		async stepClock() {
			const file = clockOf(chance.pick(ports));
			await writeFile(file, String(Math.round(chance.between(-longestSkewMs, longestSkewMs))));
			await delay(1500);
			if (chance.happens(0.5)) await writeFile(file, "0");
		},
		async badMailServer() {
			const bad = ["hang-up-before-250", "hang-up-after-250", "hang-up-at-connection"] as const;
			const codes = [421, 451, 452];
			mailServer(() => {
				if (chance.happens(0.5)) return "accept";
				return chance.happens(0.5) ? chance.pick(bad) : { code: chance.pick(codes), at: "data" };
			});
			await delay(2000);
			mailServer(() => "accept");
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
