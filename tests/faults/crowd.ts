import { setTimeout as delay } from "node:timers/promises";
import { sql } from "kysely";
import { idOfToken, signToken } from "#app/domain/token.server.ts";
import { questionField } from "#app/forms/answers-form.ts";
import { newFormKey } from "#app/http/form-key.server.ts";
import { paths } from "#app/paths.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { type SessionInput, scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import type { Db } from "#db/client.server.ts";
import { seatProblems } from "../db/seats-check.ts";
import type { TestSmtp } from "../emails/smtp.ts";
import {
	aMeeting,
	aSession,
	aWorkshop,
	givenOrganizer,
	givenOrganizerCookie,
	givenQuestion,
	givenWorkshop,
	origin,
} from "../fixtures.ts";
import type { Facts, Look, Told, Waiting } from "./promises.ts";
import type { Written } from "./retell.ts";
import type { Chance } from "./seed.ts";

/**
 * Two dates of one workshop, which asks a question: the first seats who waits by itself, the second offers its freed seats.
 * Nobody signs up for the third, which has room for everybody who moves there.
 */
export type Dates = {
	ids: [string, string];
	roomy: string;
	plans: [SessionInput, SessionInput];
	path: string;
	questionId: string;
};

export type Crowd = {
	chance: Chance;
	/** Whose people these are; part of their addresses. */
	number: number;
	/** Where they click: instances, or one proxy before them. */
	origins: string[];
	secret: string;
	/** Reads what their emails say. */
	db: Db;
	dates: Dates;
	told: Told[];
};

const patienceMs = 90_000;
const longestSettlingMs = 70_000;

/** Opens the dates in a month, the first two with so many seats each. The database writes down what is done to them. */
export async function openDates(db: Db, capacity: number): Promise<Dates> {
	await writeDown(db);
	const workshop = aWorkshop();
	const workshopId = await givenWorkshop(db, workshop);
	const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
	const meetings: [ReturnType<typeof aMeeting>] = [aMeeting(inAMonth)];
	const plans: Dates["plans"] = [
		aSession({ capacity, waitlistMode: "automatic", meetings }),
		aSession({ capacity, waitlistMode: "offer", meetings }),
	];
	const open = (plan: SessionInput) => scheduleSession(db, workshopId, plan, null, new Date());
	return {
		ids: [await open(plans[0]), await open(plans[1])],
		roomy: await open(aSession({ capacity: 10_000, meetings })),
		plans,
		path: paths.register("fr", workshop.slugFr),
		questionId: await givenQuestion(db, workshopId),
	};
}

/**
 * Has the database note each change of a registration, of a place in the line and of the number of seats. The number of the
 * line is taken under the lock of the session, so that they are in the order of the commits whatever the clocks say.
 */
async function writeDown(db: Db): Promise<void> {
	await sql`
		create table written (
			number bigserial primary key,
			transaction text not null default pg_current_xact_id()::text,
			at timestamptz not null default clock_timestamp(),
			id uuid not null,
			session_id uuid not null,
			state text not null,
			place jsonb,
			capacity int
		);
		create function write_down() returns trigger language plpgsql as $$
			begin
				if tg_table_name = 'registration' then
					if tg_op = 'UPDATE' and old.session_id <> new.session_id then
						insert into written (id, session_id, state) values (new.id, old.session_id, 'moved');
					end if;
					insert into written (id, session_id, state) values (new.id, new.session_id, new.status);
				elsif tg_table_name = 'session' then
					insert into written (id, session_id, state, capacity) values (new.id, new.id, 'sized', new.capacity);
				else
					insert into written (id, session_id, state, place) values (
						new.id, new.session_id, new.state,
						jsonb_build_object('seq', new.seq, 'size', new.size, 'skips', new.skips)
					);
				end if;
				return null;
			end
		$$;
		create trigger write_down after insert or update on registration for each row execute function write_down();
		create trigger write_down after insert or update on waitlist_entry for each row execute function write_down();
		create trigger write_down after insert or update of capacity on session for each row execute function write_down();
	`.execute(db);
}

/** Somebody who counts, in one statement, as often as the database lets them. */
export async function lookOn(db: Db, looks: Look[], over: AbortSignal): Promise<void> {
	while (!over.aborted) {
		const since = Date.now();
		try {
			const { rows } = await sql<Omit<Look, "since" | "at">>`
				select id as "sessionId", capacity, seats_taken as counted,
					(select count(*)::int from registration where session_id = session.id and status in ('confirmed', 'offered')) as taken,
					(select count(*)::int from registration where session_id = session.id and status = 'waitlisted') as waiting
				from session
			`.execute(db);
			const at = Date.now();
			looks.push(...rows.map((row) => ({ ...row, since, at })));
		} catch {
			// The database is down: nobody sees anything.
		}
		await delay(50);
	}
}

/** One after the other, people of this number sign up until the end, alone or together, and change their minds. */
export async function clickUntil(over: AbortSignal, crowd: Crowd): Promise<void> {
	const { chance, number, told, dates } = crowd;
	const seated: Told[] = [];
	for (let turn = 0; !over.aborted; turn += 1) {
		const size = chance.happens(0.7) ? 1 : chance.happens(0.7) ? 2 : 3;
		const emails = Array.from({ length: size }, (_, n) => `personne.${number}.${turn}.${n}@exemple.ca`);
		const date = chance.pick(dates.ids);
		const first = await signUp(crowd, emails, date, "");
		told.push(first);
		let last = first;
		if (first.answer === "full" && chance.happens(0.5)) {
			last = await signUp(crowd, emails, date, size > 1 && chance.happens(0.3) ? "split:" : "waitlist:");
			told.push(last);
		}
		if (last.answer === "booked" && size === 1) {
			const others = [dates.roomy, ...dates.ids].filter((id) => id !== date);
			if (chance.happens(0.2)) await moveTo(crowd, last, chance.pick(others));
			seated.push(last);
		}
		// Somebody who booked earlier cannot come, and their seat goes to whoever waits.
		if (seated.length > 0 && chance.happens(0.4)) {
			const one = chance.pick(seated);
			seated.splice(seated.indexOf(one), 1);
			await giveUp(crowd, one);
		}
		await delay(chance.between(0, 100));
	}
}

/** Until the end, whoever is offered a seat takes it or passes, and neither is taken back. */
export async function answerOffersUntil(over: AbortSignal, crowd: Crowd): Promise<Map<string, boolean>> {
	const answered = new Map<string, boolean>();
	while (!over.aborted) {
		const offered = await crowd.db
			.selectFrom("registration")
			.select(["id", "email", "tokenVersion"])
			.where("status", "=", "offered")
			.orderBy("id")
			.execute()
			.catch(() => []);
		for (const { id, email, tokenVersion } of offered) {
			const path = paths.manage("fr", signToken(crowd.secret, "manage", id, tokenVersion));
			const takes = answered.get(email!) ?? crowd.chance.happens(0.6);
			answered.set(email!, takes);
			await post(crowd, path, { intent: takes ? "accept" : "decline" });
		}
		await delay(150);
	}
	return answered;
}

/**
 * Until the end, two phones at the door note at the same moment that somebody came, again and again until one is answered.
 * Returns who was noted.
 */
export async function noteWhoCameUntil(over: AbortSignal, crowd: Crowd): Promise<string[]> {
	const { db, dates, chance } = crowd;
	const cookie = await givenOrganizerCookie(db, (await givenOrganizer(db)).id);
	// Whatever the clocks of the instances say.
	await db
		.updateTable("organizerCookie")
		.set({ expiresAt: new Date(Date.now() + 24 * 3600 * 1000) })
		.execute();
	const noted: string[] = [];
	while (!over.aborted) {
		const someone = await db
			.selectFrom("registration")
			.select(["id", "sessionId"])
			.where("status", "=", "confirmed")
			.where("sessionId", "in", dates.ids)
			.$if(noted.length > 0, (query) => query.where("id", "not in", noted))
			.orderBy("id", chance.happens(0.5) ? "asc" : "desc")
			.limit(1)
			.executeTakeFirst()
			.catch(() => undefined);
		if (someone) {
			const form = { personne: someone.id, meeting: "all", seen: "present" };
			const path = paths.organizer.attendance(someone.sessionId);
			const answers = await Promise.all([1, 2].map(() => post(crowd, path, form, cookie)));
			if (answers.some(({ status, location }) => status === 303 && location?.includes("notees=")))
				noted.push(someone.id);
		}
		await delay(chance.between(100, 400));
	}
	return noted;
}

/**
 * Until the end, an organizer gives a date more seats or fewer, fewer than are taken too; then both have some to spare.
 * Returns how often.
 */
export async function resizeUntil(over: AbortSignal, crowd: Crowd): Promise<number> {
	const { db, dates, chance } = crowd;
	const organizerId = (await givenOrganizer(db)).id;
	let times = 0;
	async function resize(which: number, seats: number): Promise<void> {
		const [id, plan] = [dates.ids[which]!, dates.plans[which]!];
		const capacity = Math.max(1, plan.capacity + seats);
		const by = { organizerId, tell: false };
		try {
			const session = await db
				.selectFrom("session")
				.select("revision")
				.where("id", "=", id)
				.executeTakeFirstOrThrow();
			const existing = { id, revision: session.revision };
			const result = await changeSession(db, origin, existing, { ...plan, capacity }, by, new Date());
			if (result.ok) times += 1;
		} catch {
			// The database is down. Whether it was done is written down there.
		}
	}
	while (!over.aborted) {
		await delay(chance.between(200, 1200));
		await resize(chance.pick([0, 1]), Math.round(chance.between(-4, 4)));
	}
	for (const which of [0, 1]) await resize(which, 5);
	return times;
}

/** Sends one form until it is answered, sometimes twice at once, each time to any instance. */
async function signUp(crowd: Crowd, emails: string[], dateId: string, prefix: string): Promise<Told> {
	const { chance, dates, secret } = crowd;
	const [email = "", ...colleagues] = emails;
	const form: Record<string, string> = {
		date: prefix + dateId,
		name: `Personne ${crowd.number}`,
		email,
		organization: "",
		key: newFormKey([secret]),
		asks: "yes",
		[questionField(dates.questionId)]: answerOf(email),
	};
	for (const [index, address] of colleagues.entries()) {
		form[`name${index + 2}`] = `Collègue ${index + 2}`;
		form[`email${index + 2}`] = address;
	}
	const one: Told = {
		key: idOfToken(form.key!)!,
		emails,
		dateId,
		startedAt: Date.now(),
		endedAt: 0,
		answer: "unknown",
		places: [],
		bookingId: null,
		cancelled: "no",
		moved: "no",
	};
	while (one.answer === "unknown" && Date.now() - one.startedAt < patienceMs) {
		const clicks = chance.happens(0.1) ? 2 : 1;
		const answers = await Promise.all(Array.from({ length: clicks }, () => post(crowd, dates.path, form)));
		for (const { status, location } of answers) {
			if (status === 303 && location) {
				one.answer = "booked";
				one.places.push(location);
				one.bookingId = idOfToken(location.split("/").at(-1)!);
			} else if (status === 409 && one.bookingId === null) one.answer = "full";
		}
		if (one.answer === "unknown") await delay(chance.between(50, 300));
	}
	one.endedAt = Date.now();
	// Back to the form, with another name in it: it asks, and nothing is written.
	if (one.answer === "booked" && chance.happens(0.1)) {
		const { status, location } = await post(crowd, dates.path, { ...form, name: "Quelqu’un d’autre" });
		if (status === 303) one.places.push(`${location}, under another name`);
	}
	return one;
}

/** What somebody answers to the workshop's question. */
export function answerOf(email: string): string {
	return `Métier de ${email}`;
}

/** Follows a link of their email, which this reader makes from what is stored, until it is answered. */
async function follow(
	crowd: Crowd,
	one: Told,
	pathOf: (token: string) => string,
	form: Record<string, string>,
): Promise<number | null> {
	const startedAt = Date.now();
	while (Date.now() - startedAt < patienceMs) {
		const registration = await crowd.db
			.selectFrom("registration")
			.select("id")
			.where("bookingId", "=", one.bookingId!)
			.executeTakeFirst()
			.catch(() => undefined);
		if (registration) {
			const { status } = await post(crowd, pathOf(signToken(crowd.secret, "manage", registration.id)), form);
			// 302: what the link was for is over, and the page leads to their place.
			if ([302, 303, 409].includes(status)) return status;
		}
		await delay(200);
	}
	return null;
}

async function giveUp(crowd: Crowd, one: Told): Promise<void> {
	one.cancelled = "unknown";
	const status = await follow(crowd, one, (token) => paths.cancel("fr", token), {});
	if (status === 303) one.cancelled = "yes";
}

async function moveTo(crowd: Crowd, one: Told, date: string): Promise<void> {
	one.moved = "unknown";
	const status = await follow(crowd, one, (token) => paths.placeAction("fr", token, "switch"), { date });
	if (status === 303) one.moved = "yes";
	else if (status === 409) one.moved = "no";
}

async function post(crowd: Crowd, path: string, form: Record<string, string>, cookie = "") {
	try {
		const answer = await fetch(`${crowd.chance.pick(crowd.origins)}${path}`, {
			method: "POST",
			body: new URLSearchParams(form),
			headers: { "Sec-Fetch-Site": "same-origin", Cookie: cookie },
			redirect: "manual",
			signal: AbortSignal.timeout(10_000),
		});
		await answer.arrayBuffer();
		return { status: answer.status, location: answer.headers.get("Location") };
	} catch {
		return { status: 0, location: null };
	}
}

/** As if the time had passed after which a lease, or a wait before the next attempt, is over. */
export async function leasesRunOut(db: Db): Promise<void> {
	await sql`update email set due_at = now() where status in ('queued', 'sending')`
		.execute(db)
		.catch(() => {});
}

/** Now that everything works again, until nothing waits to be sent. Returns what waited at first. */
export async function settle(db: Db): Promise<Waiting> {
	const since = Date.now();
	const unsent = () =>
		db
			.selectFrom("email")
			.select(["messageId", "status"])
			.where("status", "in", ["queued", "sending"])
			.where("registrationId", "is not", null)
			.execute();
	const waiting = await unsent();
	while (Date.now() < since + longestSettlingMs && (await unsent()).length > 0) await delay(500);
	return {
		since,
		messageIds: waiting.map(({ messageId }) => messageId),
		sending: waiting.filter(({ status }) => status === "sending").length,
	};
}

/** What the database holds in the end, beside what was told, seen and received. */
export async function readFacts(
	db: Db,
	dates: Dates,
	seen: Pick<Facts, "told" | "looks" | "answered" | "noted" | "mailWaiting">,
	smtp: TestSmtp,
): Promise<Facts> {
	const sessionIds = [...dates.ids, dates.roomy];
	return {
		...seen,
		sessions: await db
			.selectFrom("session")
			.select(["id", "capacity", "seatsTaken", "seatsWaiting"])
			.where("id", "in", sessionIds)
			.execute(),
		seats: await seatProblems(db, sessionIds),
		bookings: await db.selectFrom("booking").select(["id", "key"]).execute(),
		registrations: await db
			.selectFrom("registration")
			.select(["id", "bookingId", "sessionId", "email", "status"])
			.execute(),
		answers: (await db
			.selectFrom("answer")
			.select(["registrationId", "value"])
			.execute()) as Facts["answers"],
		attendance: await db.selectFrom("attendance").select(["registrationId", "meetingId"]).execute(),
		entries: await db.selectFrom("waitlistEntry").select(["sessionId", "state", "size"]).execute(),
		emails: await db
			.selectFrom("email")
			.select(["registrationId", "kind", "messageId", "status"])
			.where("registrationId", "is not", null)
			.execute(),
		written: await readWritten(db),
		received: smtp.arrived.flatMap(({ messageId, text = "" }, index) =>
			messageId ? [{ messageId, text, at: smtp.times[index]! }] : [],
		),
		audit: await db.selectFrom("audit").select(["registrationId", "action"]).execute(),
		messageIds: (await db.selectFrom("email").select("messageId").execute()).map(
			({ messageId }) => messageId,
		),
	};
}

async function readWritten(db: Db): Promise<Written[]> {
	const { rows } = await sql<Written>`
		select transaction, (extract(epoch from at) * 1000)::float8 as at, id, session_id as "sessionId", state, place, capacity
		from written order by number
	`.execute(db);
	return rows;
}
