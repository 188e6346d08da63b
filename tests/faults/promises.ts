import { minuteMs, retell, type Standing, type Written } from "./retell.ts";
import { unwritten } from "./steps.ts";

/** What the people were told, in the order of their attempts. Times are milliseconds on one clock. */
export type Told = {
	key: string;
	/** Everyone of the party. */
	emails: string[];
	dateId: string;
	startedAt: number;
	endedAt: number;
	/** `unknown`: no answer ever came. */
	answer: "booked" | "full" | "unknown";
	/** The page of each positive answer: a retry must be sent to the same one. */
	places: string[];
	bookingId: string | null;
	/** Whether they gave their seat up afterwards, as far as they know. */
	cancelled: "no" | "yes" | "unknown";
	/** Whether they went to another date. */
	moved: "no" | "yes" | "unknown";
};

/** One look at a session while all this happened, at some moment between `since` and `at`. */
export type Look = {
	since: number;
	at: number;
	sessionId: string;
	capacity: number;
	counted: number;
	taken: number;
	waiting: number;
};

/** What the phones at the door of a date were told of somebody: noted, undone, or nothing that is sure. */
export type Noted = { registrationId: string; sessionId: string; seen: "present" | "none" | "unknown" };

/** What had not left when everything worked again, in milliseconds on the clock of `Told`, and of how many a killed process kept hold. */
export type Waiting = { since: number; messageIds: string[]; sending: number };

/** The history of a run and what the database holds in the end. */
export type Facts = {
	told: Told[];
	looks: Look[];
	written: Written[];
	mailWaiting: Waiting;
	/** By address, what each person answered to the offer of a seat: true for yes. */
	answered: Map<string, boolean>;
	/** In the order in which it was said. */
	noted: Noted[];
	/** The addresses that the mail server refused for good. */
	refused: string[];
	sessions: { id: string; capacity: number; seatsTaken: number; seatsWaiting: number }[];
	/** What `seatProblems` has to say of the sessions: counters, lines, offers. */
	seats: string[];
	bookings: { id: string; key: string }[];
	registrations: {
		id: string;
		bookingId: string;
		sessionId: string;
		email: string | null;
		status: string;
	}[];
	/** To the one question of the workshop. */
	answers: { registrationId: string; value: string }[];
	attendance: { registrationId: string; meetingId: string; sessionId: string }[];
	entries: { sessionId: string; state: string; size: number }[];
	/** About somebody's place, or that of a party. */
	emails: {
		registrationId: string | null;
		bookingId: string | null;
		kind: string;
		messageId: string;
		toAddress: string;
		status: string;
		failedAt: Date | null;
	}[];
	/** How often an organizer was written to about emails that failed. */
	alerts: number;
	/** Of everything that was ever queued. */
	messageIds: string[];
	/** Every message whose last byte reached the mail server. */
	received: { messageId: string; text: string; at: number }[];
	audit: { registrationId: string | null; sessionId: string | null; action: string; transaction: string }[];
};

/**
 * Everything promised (docs/reliability.md) against what happened. Each line is a broken promise; none is what everybody hopes
 * for. The answers that nobody got may have been yes or no, but not both.
 */
export function brokenPromises(facts: Facts): string[] {
	return [
		...oversold(facts),
		...unkept(facts),
		...unwritten(facts),
		...mailGoneWrong(facts),
		...hushedUp(facts),
		...lateMail(facts),
		...retold(facts),
		...leaked(facts),
		...miscounted(facts),
	];
}

/** The items under each key, in their order: a long run has too many to look through for each of the others. */
function byKey<Item, Key>(items: Item[], keyOf: (item: Item) => Key): (key: Key) => Item[] {
	const found = new Map<Key, Item[]>();
	for (const item of items) {
		const key = keyOf(item);
		const same = found.get(key);
		if (same) same.push(item);
		else found.set(key, [item]);
	}
	return (key) => found.get(key) ?? [];
}

function isActive({ status }: { status: string }): boolean {
	return status !== "cancelled" && status !== "repeated";
}

function holdersOf({ registrations }: Facts, sessionId: string) {
	return registrations.filter(
		(one) => one.sessionId === sessionId && isActive(one) && one.status !== "waitlisted",
	);
}

/** 1. Never a seat too many in the end. */
function oversold(facts: Facts): string[] {
	return facts.sessions.flatMap(({ id, capacity }) => {
		const { length } = holdersOf(facts, id);
		return length > capacity ? [`oversold: ${length} of ${capacity} in the end`] : [];
	});
}

/** 2 and 3. What each party was told is so, and something was told: nobody lost, nobody twice. */
function unkept(facts: Facts): string[] {
	const { told, bookings, registrations, answered } = facts;
	const bookingsOf = byKey(bookings, ({ key }) => key);
	const registeredAs = byKey(registrations, ({ email }) => email);
	const answersOf = byKey(facts.answers, ({ registrationId }) => registrationId);
	return told.flatMap((one) => [
		...unkeptBy(one, bookingsOf(one.key), registeredAs, answered),
		...unanswered(one, registeredAs, answersOf),
	]);
}

/** What the first one of a party answered is kept with their place. */
function unanswered(
	{ answer, emails: [email = ""] }: Told,
	registeredAs: (email: string) => Facts["registrations"],
	answersOf: (registrationId: string) => Facts["answers"],
): string[] {
	if (answer !== "booked") return [];
	return registeredAs(email)
		.filter(isActive)
		.flatMap(({ id }) => {
			const given = answersOf(id).map(({ value }) => value);
			return given.length === 1 && given[0]?.endsWith(email) ? [] : [`lost: the answer of ${email}`];
		});
}

function unkeptBy(
	one: Told,
	own: Facts["bookings"],
	registeredAs: (email: string) => Facts["registrations"],
	answered: Facts["answered"],
): string[] {
	const broken: string[] = [];
	const [contact] = one.emails;
	if (one.answer === "unknown") broken.push(`unanswered: ${contact} sent their form until they gave up`);
	if (one.answer === "booked" && own[0]?.id !== one.bookingId)
		broken.push(`lost: ${contact} was told of a booking that is not there`);
	if (own.length > 1) broken.push(`twice: the form of ${contact} made ${own.length} bookings`);
	if (new Set(one.places).size > 1) broken.push(`twice: ${contact} was sent to two pages`);
	for (const email of one.emails) {
		const [registered] = registeredAs(email);
		const places = registeredAs(email).filter(isActive);
		const passed = answered.get(email) === false;
		if (places.length > 1) broken.push(`twice: ${email} has ${places.length} places`);
		if (one.answer === "booked" && one.cancelled === "no" && !passed && places.length === 0)
			broken.push(`lost: ${email} has no place`);
		if (one.cancelled === "yes" && places.length > 0) broken.push(`kept: ${email} had given it up`);
		const stays = registered?.sessionId === one.dateId;
		if (one.answer === "booked" && one.moved !== "unknown" && registered && stays !== (one.moved === "no"))
			broken.push(`moved: ${email} is not on the date that they were told of`);
	}
	if (one.answer === "full" && own.length > 0)
		broken.push(`untrue: ${contact} was refused and has a booking`);
	return broken;
}

/** 5. Each email leaves under its one Message-ID, and only what is stored leaves. */
function mailGoneWrong({ emails, received, messageIds, refused }: Facts): string[] {
	const broken: string[] = [];
	const copies = new Map<string, Set<string>>();
	for (const { messageId, text } of received)
		copies.set(messageId, (copies.get(messageId) ?? new Set()).add(text));
	const known = new Set(messageIds);
	for (const [messageId, texts] of copies) {
		if (!known.has(messageId)) broken.push(`emails: ${messageId} left for nothing that is stored`);
		if (texts.size > 1) broken.push(`emails: copies of ${messageId} differ`);
	}
	const isRefused = new Set(refused);
	for (const { messageId, toAddress, status } of emails) {
		if (["queued", "sending"].includes(status)) broken.push(`emails: ${messageId} still ${status}`);
		if (status === "dead" && !isRefused.has(toAddress))
			broken.push(`emails: ${messageId} is given up, and nobody had refused it`);
		if (status === "sent" && !copies.has(messageId))
			broken.push(`emails: ${messageId} is marked sent and never left`);
	}
	return broken;
}

/** 5. What is refused for good is told to an organizer: they look when they start, and each minute. */
function hushedUp({ emails, alerts, mailWaiting }: Facts): string[] {
	const failed = emails.filter(({ failedAt }) => failedAt && failedAt.getTime() < mailWaiting.since);
	return failed.length > 0 && alerts === 0
		? [`emails: no organizer knows of ${failed.length} that failed`]
		: [];
}

/** 5. Once everything works again, what waited leaves within a minute. */
function lateMail(facts: Facts): string[] {
	return leftAfter(facts)
		.filter(({ ms }) => ms > minuteMs)
		.map(({ messageId, ms }) => `late: ${messageId} left after ${ms} ms`);
}

/** How long after everything worked again each message left that waited then. One that had left unnoticed is sent once more. */
export function leftAfter({ mailWaiting, received }: Facts): { messageId: string; ms: number }[] {
	const arrivals = byKey(received, ({ messageId }) => messageId);
	return mailWaiting.messageIds.flatMap((messageId) => {
		const first = arrivals(messageId).find(({ at }) => at >= mailWaiting.since);
		return first ? [{ messageId, ms: first.at - mailWaiting.since }] : [];
	});
}

/**
 * Each session told again. 1 and 6: at each commit no seat too many, nor at any moment that somebody looked, but for those
 * that an organizer left people with; and first come, first seated. 4: « complet » only when, at
 * some instant between request and answer, there really was no room.
 */
function retold({ told, written, sessions, looks }: Facts): string[] {
	return sessions.flatMap(({ id }) => {
		const own = written.filter(({ sessionId }) => sessionId === id);
		const { broken, standings } = retell(own);
		const untrue = told
			.filter(({ dateId, answer }) => dateId === id && answer === "full")
			.filter((one) => !standings.some((standing) => refuses(standing, one)))
			.map(({ emails }) => `untrue: ${emails[0]} was told that it was full`);
		const unexplained = looks
			.filter(({ sessionId, taken, capacity }) => sessionId === id && taken > capacity)
			.filter((look) => !standings.some((standing) => explains(standing, look)))
			.map(({ taken, capacity, at }) => `oversold: ${taken} of ${capacity} at ${at}`);
		return [...broken, ...unexplained, ...untrue];
	});
}

/** Whether the commits say that as many had a seat then, of which each was given while it fitted. */
function explains({ from, until, taken, capacity }: Standing, look: Look): boolean {
	return from <= look.at && look.since <= until && taken >= look.taken && capacity === look.capacity;
}

function refuses({ from, until, taken, waiting, capacity }: Standing, { emails, startedAt, endedAt }: Told) {
	return from <= endedAt && startedAt <= until && taken + waiting + emails.length > capacity;
}

/** 7. The counters are a recount, and no seat is free that the first in line could have. */
function leaked(facts: Facts): string[] {
	const broken = facts.seats.map((problem) => `seats: ${problem}`);
	for (const { id, capacity, seatsTaken, seatsWaiting } of facts.sessions) {
		const held = holdersOf(facts, id).length;
		const waiting = facts.registrations.filter(
			({ sessionId, status }) => sessionId === id && status === "waitlisted",
		).length;
		if (seatsTaken !== held) broken.push(`counted: ${seatsTaken} taken, there are ${held}`);
		if (seatsWaiting !== waiting) broken.push(`counted: ${seatsWaiting} waiting, there are ${waiting}`);
		const fits = facts.entries.some(
			({ sessionId, state, size }) => sessionId === id && state === "waiting" && size <= capacity - held,
		);
		if (fits) broken.push(`leaked: ${capacity - held} free while somebody waits who would fit`);
	}
	return broken;
}

/** 8. Who came is noted once unless it was undone, however many phones say so, and the audit has a line for each. */
function miscounted({ noted, attendance, registrations, audit }: Facts): string[] {
	const broken: string[] = [];
	const seenOf = byKey(attendance, ({ registrationId }) => registrationId);
	const linesAbout = byKey(audit, ({ registrationId }) => registrationId);
	const saidOf = byKey(noted, ({ registrationId }) => registrationId);
	for (const { id, email, status } of registrations) {
		const seen = seenOf(id);
		const count = (wanted: string) => linesAbout(id).filter(({ action }) => action === wanted).length;
		const [lines, undone] = [count("attendance.present"), count("attendance.forgotten")];
		if (new Set(seen.map(({ meetingId }) => meetingId)).size < seen.length)
			broken.push(`came: ${email} was noted twice at one meeting`);
		if (lines - undone !== seen.length)
			broken.push(
				`came: ${lines} lines say that ${email} came and ${undone} undo it, ${seen.length} notes do`,
			);
		const lastSaid = new Map(saidOf(id).map((one) => [one.sessionId, one.seen]));
		for (const [sessionId, said] of lastSaid) {
			const isSeen = seen.some((one) => one.sessionId === sessionId);
			if (said === "present" && status === "confirmed" && !isSeen)
				broken.push(`came: ${email} was noted and is not`);
			if (said === "none" && isSeen) broken.push(`came: ${email} was undone and is noted`);
		}
	}
	return broken;
}
