import fc from "fast-check";
import { seatsLeft } from "#app/domain/session.ts";
import { offerExpiry } from "#app/domain/waitlist.ts";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { changeSession } from "#app/use-cases/change-session.server.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import { lapseOffers } from "#app/use-cases/lapse-offers.server.ts";
import { type Person, registerTogether } from "#app/use-cases/register.server.ts";
import { returnToWaitlist } from "#app/use-cases/return-to-waitlist.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import type { Db } from "#db/client.server.ts";
import type { WaitlistMode } from "#db/schema.ts";
import { aMeeting, aPerson, aSession, aSignUp, givenWorkshop, now, origin } from "../fixtures.ts";

/** Somebody as the rules, written a second time and without a database, say they should stand. */
type Known = {
	id: string;
	email: string;
	date: Date_;
	status: "confirmed" | "offered" | "waitlisted" | "cancelled" | "repeated";
	why?: "declined" | "lapsed" | "other";
	party: Party | null;
};
type Party = { people: Known[]; expiresAt: Date | null };
type Date_ = { id: string; capacity: number; mode: WaitlistMode; line: Party[] };

/** What the model knows of two dates of one workshop, and how late it is. */
export type World = { dates: [Date_, Date_]; people: Known[]; clock: Date; workshopId: string };

export type Real = { db: Db; origin: typeof origin; organizerId: string };

const startsAt = aMeeting("2026-12-01").startsAt;
const latest = startsAt.getTime() - 3 * 3600 * 1000;

/** Two dates that nobody knows yet, the first of which offers its freed seats. */
export async function aWorld(db: Db, modes: [WaitlistMode, WaitlistMode]): Promise<World> {
	const workshopId = await givenWorkshop(db);
	const dates: Date_[] = [];
	for (const mode of modes) {
		const id = await scheduleSession(
			db,
			workshopId,
			aSession({ capacity: 3, waitlistMode: mode }),
			null,
			now,
		);
		dates.push({ id, capacity: 3, mode, line: [] });
	}
	return { dates: dates as [Date_, Date_], people: [], clock: now, workshopId };
}

export function taken(world: World, date: Date_): number {
	return world.people.filter(
		(one) => one.date === date && (one.status === "confirmed" || one.status === "offered"),
	).length;
}

function left(world: World, date: Date_): number {
	const seatsWaiting = world.people.filter((one) => one.date === date && one.status === "waitlisted").length;
	return seatsLeft({ capacity: date.capacity, seatsTaken: taken(world, date), seatsWaiting });
}

/** The first party that fits, again and again: what should follow whatever frees a seat. */
function fill(world: World, date: Date_): void {
	const expiresAt = date.mode === "offer" ? offerExpiry(startsAt, world.clock) : null;
	let free = date.capacity - taken(world, date);
	for (const party of date.line.filter((one) => one.expiresAt === null)) {
		if (party.people.length > free) continue;
		free -= party.people.length;
		party.expiresAt = expiresAt;
		for (const person of [...party.people]) {
			person.status = expiresAt ? "offered" : "confirmed";
			if (!expiresAt) leaveParty(person);
		}
	}
}

function leaveParty(person: Known): void {
	const { party, date } = person;
	if (!party) return;
	party.people.splice(party.people.indexOf(person), 1);
	if (party.people.length === 0) date.line.splice(date.line.indexOf(party), 1);
	person.party = null;
}

function leave(world: World, person: Known, why: Known["why"]): void {
	leaveParty(person);
	person.status = "cancelled";
	person.why = why;
	fill(world, person.date);
}

function active(person: Known): boolean {
	return person.status !== "cancelled" && person.status !== "repeated";
}

function holder(world: World, date: Date_, email: string): Known | undefined {
	return world.people.find((one) => one.date === date && one.email === email && active(one));
}

type Step = (world: World, real: Real) => Promise<void>;

function command(name: string, step: Step): fc.AsyncCommand<World, Real> {
	return { check: () => true, run: step, toString: () => name };
}

/** Does `step` to one of the people there are, if any. */
function toSomebody(
	name: string,
	index: number,
	step: (person: Known, world: World, real: Real) => Promise<void>,
) {
	return command(name, async (world, real) => {
		const person = world.people[index % Math.max(1, world.people.length)];
		if (person) await step(person, world, real);
	});
}

const attendee = { attendee: true } as const;
const which = fc.nat(999);
const side = fc.constantFrom(0 as const, 1 as const);

/** Everything that people and organizers do to seats, each done to the site and to the model. */
export const commands = [
	fc
		.record({
			side,
			size: fc.integer({ min: 1, max: 3 }),
			whenFull: fc.constantFrom("refuse" as const, "wait" as const, "split" as const),
			repeats: fc.option(which, { freq: 6 }),
		})
		.map((wanted) =>
			command(`register ${JSON.stringify(wanted)}`, (world, real) => register(world, real, wanted)),
		),
	which.map((index) =>
		toSomebody(`cancel ${index}`, index, async (person, world, { db }) => {
			await cancelRegistration(db, origin, person.id, attendee, world.clock);
			if (active(person)) leave(world, person, "other");
		}),
	),
	which.map((index) =>
		toSomebody(`erase ${index}`, index, async (person, world, { db }) => {
			const result = await eraseRegistration(db, origin, person.id, attendee, world.clock);
			expectOutcome(result.ok, true, "erase");
			if (active(person)) leave(world, person, "other");
			// With them, wherever their address was named again: nobody can do anything to them any more.
			const { email, date } = person;
			const isGone = (one: Known) =>
				one === person || (one.status === "repeated" && one.email === email && one.date === date);
			world.people = world.people.filter((one) => !isGone(one));
		}),
	),
	which.map((index) =>
		toSomebody(`switch ${index}`, index, async (person, world, { db }) => {
			const target = world.dates[person.date === world.dates[0] ? 1 : 0];
			const result = await switchSession(db, origin, person.id, target.id, attendee, world.clock);
			if (!active(person) || left(world, target) < 1 || holder(world, target, person.email)) {
				expectOutcome(result.ok, false, "switch");
				return;
			}
			expectOutcome(result.ok, true, "switch");
			const from = person.date;
			leaveParty(person);
			person.date = target;
			person.status = "confirmed";
			fill(world, from);
		}),
	),
	fc.tuple(which, fc.option(which)).map(([index, to]) =>
		toSomebody(`give ${index} to ${to}`, index, async (person, world, real) => {
			const known = to === null ? undefined : world.people[to % world.people.length];
			await give(person, known, world, real);
		}),
	),
	fc.tuple(which, fc.option(which)).map(([index, to]) =>
		toSomebody(`correct ${index} to ${to}`, index, async (person, world, { db }) => {
			const email = to === null ? aPerson().email! : world.people[to % world.people.length]!.email;
			await correct(person, email, world, db);
		}),
	),
	fc.tuple(side, fc.integer({ min: 1, max: 6 })).map(([index, capacity]) =>
		command(`capacity ${index} ${capacity}`, async (world, { db, organizerId }) => {
			const date = world.dates[index];
			const { revision } = await db
				.selectFrom("session")
				.select("revision")
				.where("id", "=", date.id)
				.executeTakeFirstOrThrow();
			const input = aSession({ capacity, waitlistMode: date.mode });
			await changeSession(
				db,
				origin,
				{ id: date.id, revision },
				input,
				{ organizerId, tell: false },
				world.clock,
			);
			date.capacity = capacity;
			fill(world, date);
		}),
	),
	fc.tuple(which, fc.constantFrom("accept" as const, "decline" as const)).map(([index, answer]) =>
		toSomebody(`${answer} ${index}`, index, async (person, world, { db }) => {
			const result = await answerOffer(db, origin, person.id, answer, world.clock);
			const { party } = person;
			if (person.status !== "offered" || !party?.expiresAt) return;
			if (world.clock >= party.expiresAt) {
				expectOutcome(result.ok, false, "a lapsed offer");
				return;
			}
			expectOutcome(result.ok, true, answer);
			if (answer === "decline") {
				leave(world, person, "declined");
			} else {
				leaveParty(person);
				person.status = "confirmed";
			}
		}),
	),
	which.map((index) =>
		toSomebody(`return ${index}`, index, async (person, world, { db }) => {
			const result = await returnToWaitlist(db, origin, person.id, world.clock);
			const gaveUp = person.status === "cancelled" && person.why !== "other";
			if (!gaveUp || person.date.mode === "none" || holder(world, person.date, person.email)) return;
			expectOutcome(result.ok, true, "return");
			person.status = "waitlisted";
			person.party = { people: [person], expiresAt: null };
			person.date.line.push(person.party);
			fill(world, person.date);
		}),
	),
	fc.integer({ min: 1, max: 30 }).map((hours) =>
		command(`${hours} hours pass`, async (world) => {
			world.clock = new Date(Math.min(latest, world.clock.getTime() + hours * 3600 * 1000));
		}),
	),
	fc.constant(
		command("offers lapse", async (world, { db }) => {
			await lapseOffers(db, origin, world.clock);
			for (const date of world.dates) {
				const due = date.line.filter(({ expiresAt }) => expiresAt && expiresAt <= world.clock);
				for (const party of due) {
					for (const person of [...party.people]) {
						leaveParty(person);
						person.status = "cancelled";
						person.why = "lapsed";
					}
					fill(world, date);
				}
			}
		}),
	),
];

async function register(
	world: World,
	{ db }: Real,
	wanted: { side: 0 | 1; size: number; whenFull: "refuse" | "wait" | "split"; repeats: number | null },
): Promise<void> {
	const date = world.dates[wanted.side];
	const people = Array.from({ length: wanted.size }, () => aPerson());
	const again =
		wanted.repeats === null ? undefined : world.people[wanted.repeats % Math.max(1, world.people.length)];
	if (again) people[0] = aPerson({ email: again.email });
	const signUp = {
		...aSignUp(date.id, { whenFull: wanted.whenFull }),
		people: people as [Person, ...Person[]],
	};
	const [result] = await registerTogether(db, origin, [signUp], world.clock);

	const room = left(world, date);
	const fits = wanted.size <= room;
	const waits = wanted.whenFull !== "refuse" && date.mode !== "none";
	expectOutcome(result?.ok ?? false, fits || waits, "register");
	if (!result?.ok) return;
	const rows = await db
		.selectFrom("registration")
		.select(["id", "position"])
		.where("bookingId", "=", result.bookingId)
		.orderBy("position")
		.execute();
	const seated = fits ? wanted.size : wanted.whenFull === "split" ? room : 0;
	const party: Party = { people: [], expiresAt: null };
	for (const [index, { id }] of rows.entries()) {
		const email = people[index]!.email!;
		const repeated = holder(world, date, email) !== undefined;
		const status = repeated ? "repeated" : index < seated ? "confirmed" : "waitlisted";
		const person: Known = { id, email, date, status, party: null };
		if (status === "waitlisted") {
			person.party = party;
			party.people.push(person);
		}
		world.people.push(person);
	}
	if (party.people.length === 0) return;
	date.line.push(party);
	fill(world, date);
}

async function give(giver: Known, to: Known | undefined, world: World, { db }: Real): Promise<void> {
	const email = to?.email ?? aPerson().email!;
	const result = await giveSeat(db, origin, giver.id, { name: "Lan", email, locale: "fr" }, world.clock);
	const allowed = giver.status === "confirmed" && giver.email !== email;
	expectOutcome(result.ok, allowed, "give");
	if (!allowed) return;
	const { date } = giver;
	const known = holder(world, date, email);
	giver.status = "cancelled";
	giver.why = "other";
	if (known && known.status !== "confirmed") {
		leaveParty(known);
		known.status = "confirmed";
	} else if (!known) {
		const row = await db
			.selectFrom("registration")
			.select("id")
			.where("sessionId", "=", date.id)
			.where("email", "=", email)
			.where("status", "=", "confirmed")
			.executeTakeFirstOrThrow();
		world.people.push({ id: row.id, email, date, status: "confirmed", party: null });
	}
	fill(world, date);
}

async function correct(person: Known, email: string, world: World, db: Db): Promise<void> {
	const given = { name: "Nom corrigé", email, locale: "en" as const };
	const { shownAs } = await db
		.selectFrom("registration")
		.select("shownAs")
		.where("id", "=", person.id)
		.executeTakeFirstOrThrow();
	const result = await correctPlace(db, origin, person.id, given, { attendee: true }, world.clock);
	if (person.status === "cancelled" || shownAs === "cancelled") {
		expectOutcome(result.ok, false, "correct");
		return;
	}
	if (person.email === email) return;
	const { date } = person;
	if (holder(world, date, email)) {
		if (person.status !== "repeated") leave(world, person, "other");
		person.status = "repeated";
	} else if (person.status === "repeated") {
		if (left(world, date) < 1 && date.mode === "none") {
			expectOutcome(result.ok, false, "a place at last");
			return;
		}
		person.status = left(world, date) > 0 ? "confirmed" : "waitlisted";
		if (person.status === "waitlisted") {
			person.party = { people: [person], expiresAt: null };
			date.line.push(person.party);
			fill(world, date);
		}
	}
	expectOutcome(result.ok, true, "correct");
	person.email = email;
}

function expectOutcome(got: boolean, wanted: boolean, what: string): void {
	if (got !== wanted) throw new Error(`${what}: the site said ${got}, the rules say ${wanted}`);
}
