import { randomInt } from "node:crypto";
import { type KyselyPlugin, type RootOperationNode, SelectQueryNode, sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { answerOffer } from "#app/use-cases/answer-offer.server.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { fillFreedSeats } from "#app/use-cases/fill-freed-seats.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import { lapseOffers } from "#app/use-cases/lapse-offers.server.ts";
import { leaveSession } from "#app/use-cases/leave-session.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { switchSession } from "#app/use-cases/switch-session.server.ts";
import { type Db, openDatabase } from "#db/client.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aPerson,
	aSession,
	aSignUp,
	givenWorkshop,
	minutesLater,
	now,
	origin,
} from "#tests/fixtures.ts";
import { oversold, seatProblems } from "./seats-check.ts";

const { db, url, drop } = await createTestDatabase();
const instances = Array.from({ length: 3 }, () => openDatabase({ connectionString: url, max: 8 }));
afterAll(async () => {
	for (const instance of instances) await instance.close();
	await drop();
});

const attendee = { attendee: true } as const;
const later = minutesLater(60 * 26);

/** Two dates of one workshop, both full, with people in line: the first offers its freed seats. */
async function givenFullDates(): Promise<[string, string]> {
	const workshopId = await givenWorkshop(db);
	const dates: string[] = [];
	for (const waitlistMode of ["offer", "automatic"] as const) {
		const id = await scheduleSession(db, workshopId, aSession({ capacity: 5, waitlistMode }), null, now);
		const signUps = Array.from({ length: 10 }, () => aSignUp(id, { whenFull: "wait" }));
		await registerTogether(db, origin, signUps, now);
		dates.push(id);
	}
	return dates as [string, string];
}

async function peopleOf(ids: string[]) {
	return db.selectFrom("registration").selectAll().where("sessionId", "in", ids).execute();
}

/** Everybody does something at the same moment, through any instance; a lock that is waited for too long is a refusal. */
async function allAtOnce(doors: Db[], dates: [string, string], rounds: number): Promise<void> {
	for (let round = 0; round < rounds; round++) {
		const people = await peopleOf(dates);
		const door = () => doors[randomInt(doors.length)]!;
		const at = round % 3 === 2 ? later : now;
		const acts = people.map((person) => {
			const other = dates[person.sessionId === dates[0] ? 1 : 0];
			switch (randomInt(7)) {
				case 0:
					return () => cancelRegistration(door(), origin, person.id, attendee, at);
				case 1:
					return () => switchSession(door(), origin, person.id, other, attendee, at);
				case 2:
					return () => giveSeat(door(), origin, person.id, { ...aPerson(), email: aPerson().email! }, at);
				case 3:
					return () => answerOffer(door(), origin, person.id, randomInt(2) ? "accept" : "decline", at);
				case 4:
					return () => eraseRegistration(door(), origin, person.id, attendee, at);
				case 5:
					return () =>
						registerTogether(door(), origin, [aGroup(person.sessionId, 2, { whenFull: "wait" })], at);
				default:
					return () => registerTogether(door(), origin, [aSignUp(person.sessionId)], at);
			}
		});
		const done = await Promise.allSettled([
			...acts.map((act) => act()),
			lapseOffers(door(), origin, at),
			lapseOffers(door(), origin, at),
		]);
		for (const one of done)
			if (one.status === "rejected") expect(one.reason?.code ?? one.reason).toBe("55P03");
	}
}

test("whatever everybody does at the same moment, on three instances, the promises hold", {
	timeout: 120_000,
}, async () => {
	for (let story = 0; story < 3; story++) {
		const dates = await givenFullDates();
		await allAtOnce(
			instances.map((instance) => instance.db),
			dates,
			4,
		);
		expect(await seatProblems(db, dates)).toEqual([]);
		expect(await oversold(db, dates)).toEqual([]);
	}
});

/** Takes `for update` out of every query: what happens when nobody locks. */
const withoutLocks: KyselyPlugin = {
	transformQuery({ node }): RootOperationNode {
		return SelectQueryNode.is(node) ? { ...node, endModifiers: undefined } : node;
	},
	transformResult: async ({ result }) => result,
};

test("the same without locks breaks them: the check can tell", { timeout: 120_000 }, async () => {
	const doors = instances.map((instance) => instance.db.withPlugin(withoutLocks));
	const problems: string[] = [];
	for (let story = 0; story < 6 && problems.length === 0; story++) {
		const dates = await givenFullDates();
		await allAtOnce(doors, dates, 2).catch(() => {});
		problems.push(...(await seatProblems(db, dates)), ...(await oversold(db, dates)));
	}
	expect(problems).not.toEqual([]);
});

test("promoting after the lock is let go breaks them too", async () => {
	const [offering, automatic] = await givenFullDates();
	const seated = (await peopleOf([automatic])).filter(({ status }) => status === "confirmed");
	const at = (index: number) => instances[index % instances.length]!.db;
	const left = await Promise.all(
		seated.map(({ id }, index) =>
			at(index)
				.transaction()
				.execute(async (trx) => {
					const session = (await lockSession(trx, automatic))!;
					const place = (await findRegistration(trx, id))!;
					return (await leaveSession(trx, session, place, "attendee", now)).session;
				}),
		),
	);
	// Each promotes by what it saw under its own lock, which is true no longer. In the order in which they left: whoever
	// left last saw every seat free, and before the others would leave them nothing to do wrong.
	for (const session of left.toSorted((a, b) => b.seatsTaken - a.seatsTaken))
		await db.transaction().execute((trx) => fillFreedSeats(trx, origin, session, now));
	expect(await seatProblems(db, [offering, automatic])).not.toEqual([]);
});

test("an offer that is not counted lets somebody else have its seat", async () => {
	const workshopId = await givenWorkshop(db);
	const id = await scheduleSession(
		db,
		workshopId,
		aSession({ capacity: 1, waitlistMode: "offer" }),
		null,
		now,
	);
	await sql`
		create function forget_offer() returns trigger language plpgsql as $$
		begin
			update session set seats_taken = seats_taken - new.seats where id = new.session_id;
			return new;
		end $$;
		create trigger forget_offer after insert on offer for each row
			when (new.session_id = '${sql.raw(id)}') execute function forget_offer();
	`.execute(db);
	const [first] = await registerTogether(db, origin, [aSignUp(id), aSignUp(id, { whenFull: "wait" })], now);
	const [holder] = await db
		.selectFrom("registration")
		.select("id")
		.where("bookingId", "=", first?.ok ? first.bookingId : "")
		.execute();
	await cancelRegistration(db, origin, holder!.id, attendee, now);
	await registerTogether(db, origin, [aSignUp(id)], now);
	expect(await oversold(db, [id])).toEqual(["2 people hold 1 seats"]);
});
