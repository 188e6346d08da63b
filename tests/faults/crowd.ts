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
import type { Facts, Look, Noted, Told, Waiting } from "./promises.ts";
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
	/** Who resizes them and notes who came, and the cookie of their phones. */
	organizerId: string;
	cookie: string;
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
	/** How long they send a form again that gets no answer. */
	patienceMs?: number;
};

const goneDomain = "partis.exemple.ca";
const usualPatienceMs = 90_000;
const longestLapseMs = 30_000;
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
	const organizerId = (await givenOrganizer(db)).id;
	const cookie = await givenOrganizerCookie(db, organizerId);
	// Whatever the clocks of the instances say.
	const tomorrow = new Date(Date.now() + 24 * 3600 * 1000);
	await db.updateTable("organizerCookie").set({ expiresAt: tomorrow }).execute();
	const open = (plan: SessionInput) => scheduleSession(db, workshopId, plan, null, new Date());
	return {
		ids: [await open(plans[0]), await open(plans[1])],
		roomy: await open(aSession({ capacity: 10_000, meetings })),
		plans,
		path: paths.register("fr", workshop.slugFr),
		questionId: await givenQuestion(db, workshopId),
		organizerId,
		cookie,
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
			reason text,
			place jsonb,
			capacity int
		);
		create function write_down() returns trigger language plpgsql as $$
			begin
				if tg_table_name = 'registration' then
					if tg_op = 'UPDATE' and old.session_id <> new.session_id then
						insert into written (id, session_id, state) values (new.id, old.session_id, 'moved');
					end if;
					insert into written (id, session_id, state, reason)
					values (new.id, new.session_id, new.status, new.cancel_reason);
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

/** Whether the mail server knows nobody of this address. */
export function isGone(address: string): boolean {
	return address.endsWith(`@${goneDomain}`);
}

/** One after the other, people of this number sign up until the end, alone or together, and change their minds. */
export async function clickUntil(over: AbortSignal, crowd: Crowd): Promise<void> {
	const { chance, number, told, dates } = crowd;
	const seated: Told[] = [];
	for (let turn = 0; !over.aborted; turn += 1) {
		const size = chance.happens(0.7) ? 1 : chance.happens(0.7) ? 2 : 3;
		const emails = Array.from({ length: size }, (_, n) => {
			const domain = chance.happens(0.15) ? goneDomain : "exemple.ca";
			return `personne.${number}.${turn}.${n}@${domain}`;
		});
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

/**
 * Until the end, whoever is offered a seat takes it or passes, and neither is taken back; or their party lets its hour go by.
 */
export async function answerOffersUntil(over: AbortSignal, crowd: Crowd): Promise<Map<string, boolean>> {
	const { db, chance, secret } = crowd;
	const answered = new Map<string, boolean>();
	const slow = new Set<string>();
	while (!over.aborted) {
		const offered = await db
			.selectFrom("registration")
			.select(["id", "email", "tokenVersion", "entryId"])
			.where("status", "=", "offered")
			.orderBy("id")
			.execute()
			.catch(() => []);
		for (const { id, email, tokenVersion, entryId } of offered) {
			if (!answered.has(email!) && chance.happens(0.2)) slow.add(entryId!);
			if (slow.has(entryId!)) {
				// Also those of the party who wanted the seat, and were not heard yet.
				for (const one of offered) if (one.entryId === entryId) answered.set(one.email!, false);
				await hourComes(db, entryId!);
				continue;
			}
			const path = paths.manage("fr", signToken(secret, "manage", id, tokenVersion));
			const takes = answered.get(email!) ?? chance.happens(0.6);
			answered.set(email!, takes);
			await post(crowd, path, { intent: takes ? "accept" : "decline" });
		}
		await delay(150);
	}
	const deadline = Date.now() + longestLapseMs;
	while (Date.now() < deadline && (await isHourGoneBy(db))) await delay(200);
	return answered;
}

/** As if the hour had passed until which an offer is held. */
async function hourComes(db: Db, entryId: string): Promise<void> {
	await db
		.updateTable("offer")
		.set({ expiresAt: new Date() })
		.where("entryId", "=", entryId)
		.where("state", "=", "open")
		.execute()
		.catch(() => {});
}

/** Whether an offer is open whose hour has come. */
async function isHourGoneBy(db: Db): Promise<boolean> {
	const open = await db
		.selectFrom("offer")
		.select("id")
		.where("state", "=", "open")
		.where("expiresAt", "<=", new Date())
		.limit(1)
		.executeTakeFirst();
	return open !== undefined;
}

/**
 * Until the end, two phones at the door note at the same moment that somebody came, or undo it; now and then one of them
 * says the one thing and the other the other. Returns what they were told of whom, in order.
 */
export async function noteWhoCameUntil(over: AbortSignal, crowd: Crowd): Promise<Noted[]> {
	const { db, dates, chance } = crowd;
	const noted: Noted[] = [];
	const present = new Set<string>();
	// A phone that got no answer may still be heard, after others.
	const unsure = new Set<string>();
	while (!over.aborted) {
		const people = await db
			.selectFrom("registration")
			.select(["id", "sessionId"])
			.where("status", "=", "confirmed")
			.where("sessionId", "in", dates.ids)
			.orderBy("id")
			.execute()
			.catch(() => []);
		const undoes = chance.happens(0.3);
		const someone = chance.pick(
			people
				.map((one) => ({ ...one, key: `${one.id} at ${one.sessionId}` }))
				.filter(({ key }) => present.has(key) === undoes && !unsure.has(key)),
		);
		if (someone) {
			const { id, sessionId, key } = someone;
			const usual = undoes ? "none" : "present";
			const says = chance.happens(0.1) ? (["present", "none"] as const) : ([usual, usual] as const);
			const path = paths.organizer.attendance(sessionId);
			const answers = await Promise.all(
				says.map((seen) => post(crowd, path, { personne: id, meeting: "all", seen }, dates.cookie)),
			);
			const stands = answers.some(({ status, location }) => status === 303 && location?.endsWith("notees=1"));
			if (answers.some(({ status }) => status === 0)) unsure.add(key);
			const agreed = stands && says[0] === says[1] && !unsure.has(key);
			noted.push({ registrationId: id, sessionId, seen: agreed ? says[0] : "unknown" });
			if (agreed && !undoes) present.add(key);
			else present.delete(key);
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
	let times = 0;
	async function resize(which: number, seats: number): Promise<void> {
		const [id, plan] = [dates.ids[which]!, dates.plans[which]!];
		const capacity = Math.max(1, plan.capacity + seats);
		const by = { organizerId: dates.organizerId, tell: false };
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
	while (one.answer === "unknown" && Date.now() - one.startedAt < (crowd.patienceMs ?? usualPatienceMs)) {
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
	while (Date.now() - startedAt < (crowd.patienceMs ?? usualPatienceMs)) {
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
			.where("organizerId", "is", null)
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
	seen: Pick<Facts, "told" | "looks" | "answered" | "noted" | "mailWaiting"> &
		Partial<Pick<Facts, "refused">>,
	smtp: TestSmtp,
): Promise<Facts> {
	const sessionIds = [...dates.ids, dates.roomy];
	return {
		refused: [],
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
		attendance: await db
			.selectFrom("attendance")
			.innerJoin("meeting", "meeting.id", "attendance.meetingId")
			.select(["attendance.registrationId", "attendance.meetingId", "meeting.sessionId"])
			.execute(),
		entries: await db.selectFrom("waitlistEntry").select(["sessionId", "state", "size"]).execute(),
		emails: await db
			.selectFrom("email")
			.select(["registrationId", "bookingId", "kind", "messageId", "toAddress", "status", "failedAt"])
			.where("organizerId", "is", null)
			.execute(),
		alerts: (await db.selectFrom("email").select("id").where("kind", "=", "alert").execute()).length,
		written: await readWritten(db),
		received: smtp.arrived.flatMap(({ messageId, text = "" }, index) =>
			messageId ? [{ messageId, text, at: smtp.times[index]! }] : [],
		),
		audit: await db
			.selectFrom("audit")
			.select(["registrationId", "sessionId", "action"])
			// Nobody changes a line: whoever wrote it is who wrote its last version.
			.select(sql<string>`xmin::text`.as("transaction"))
			.execute(),
		messageIds: (await db.selectFrom("email").select("messageId").execute()).map(
			({ messageId }) => messageId,
		),
	};
}

async function readWritten(db: Db): Promise<Written[]> {
	const { rows } = await sql<Written>`
		select transaction, (extract(epoch from at) * 1000)::float8 as at, id, session_id as "sessionId",
			state, reason, place, capacity
		from written order by number
	`.execute(db);
	return rows;
}
