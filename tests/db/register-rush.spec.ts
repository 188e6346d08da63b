import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { referenceFromBytes } from "#app/domain/reference.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { registerTogether, type SignUp, type SignUpResult } from "#app/use-cases/register.server.ts";
import { createRegistrar } from "#app/use-cases/registrar.server.ts";
import { type Db, type OpenDatabase, openDatabase } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aSignUp,
	givenRegistrations,
	givenSession,
	now,
	origin,
	seatsOf,
	warmUp,
	writtenAbout,
} from "#tests/fixtures.ts";

const { db, url, drop } = await createTestDatabase();
/** Each has a pool of its own, as the instances behind a proxy have. */
const instances: OpenDatabase[] = Array.from({ length: 4 }, () => openDatabase({ connectionString: url }));

afterAll(async () => {
	for (const instance of instances) await instance.close();
	await drop();
});

/** How one instance takes a sign-up, good or bad. */
type Door = (signUp: SignUp) => Promise<unknown>;

/** Many people at once at the doors of several instances, while somebody counts the seats again and again. */
async function rush(sessionId: string, people: number, openDoor: (instance: Db) => Door) {
	await Promise.all(instances.map((instance) => warmUp(instance.db)));
	const doors = instances.map((instance) => openDoor(instance.db));
	let over = false;
	const mostSeen = (async () => {
		let most = 0;
		while (!over) most = Math.max(most, (await seatsOf(db, sessionId)).recount.taken);
		return most;
	})();
	const results = await Promise.all(
		Array.from({ length: people }, (_, index) => doors[index % doors.length]!(aSignUp(sessionId))),
	);
	over = true;
	const { recount, taken } = await seatsOf(db, sessionId);
	return { results, sold: recount.taken, counted: taken, mostSeen: Math.max(await mostSeen, recount.taken) };
}

function registrarDoor(instance: Db): Door {
	const registrar = createRegistrar(instance, origin, () => now);
	return (signUp) => registrar.register(signUp);
}

test("two hundred people at four instances for ten seats: ten get one, and at no moment more", async () => {
	const sessionId = await givenSession(db, { capacity: 10 });
	const { results, sold, counted, mostSeen } = await rush(sessionId, 200, registrarDoor);
	expect([sold, counted]).toEqual([10, 10]);
	expect(mostSeen).toBeLessThanOrEqual(10);
	expect(results.filter((result) => (result as SignUpResult).ok)).toHaveLength(10);
	expect(results.filter((result) => !(result as SignUpResult).ok)).toEqual(
		Array(190).fill({ ok: false, reason: "full" }),
	);
	expect(await writtenAbout(db, sessionId)).toEqual({
		bookings: 10,
		registrations: 10,
		entries: 0,
		emails: 10,
		audit: 10,
	});
});

test("capacity holds when each sign-up comes in a transaction of its own", async () => {
	const sessionId = await givenSession(db, { capacity: 10 });
	const { sold, counted, mostSeen } = await rush(
		sessionId,
		80,
		(instance) => (signUp) => registerTogether(instance, origin, [signUp], now),
	);
	expect([sold, counted]).toEqual([10, 10]);
	expect(mostSeen).toBeLessThanOrEqual(10);
});

test("the same rush oversells when the seats are counted without a lock: the rush can tell", async () => {
	const sessionId = await givenSession(db, { capacity: 10 });
	const { sold, mostSeen } = await rush(sessionId, 200, countFirstDoor);
	expect(sold).toBeGreaterThan(10);
	expect(mostSeen).toBeGreaterThan(10);
});

/** The mistake that sells seats twice: it looks, thinks, then writes. */
function countFirstDoor(instance: Db): Door {
	return (signUp) =>
		instance.transaction().execute(async (trx) => {
			const { capacity } = await trx
				.selectFrom("session")
				.select("capacity")
				.where("id", "=", signUp.sessionId)
				.executeTakeFirstOrThrow();
			const { taken } = await trx
				.selectFrom("registration")
				.select(sql<number>`count(*)::int`.as("taken"))
				.where("sessionId", "=", signUp.sessionId)
				.executeTakeFirstOrThrow();
			await sql`select pg_sleep(0.02)`.execute(trx);
			if (taken >= capacity) return;
			const bookingId = newId();
			await trx
				.insertInto("booking")
				.values({
					id: bookingId,
					key: signUp.key,
					payloadHash: "",
					reference: referenceFromBytes(Buffer.from(randomUUID().replaceAll("-", ""), "hex")),
					sessionId: signUp.sessionId,
					contactName: signUp.contact.name,
					contactEmail: signUp.contact.email,
					contactLocale: signUp.contact.locale,
					organization: "",
					createdAt: now,
				})
				.execute();
			const id = newId();
			await trx
				.insertInto("registration")
				.values({
					id,
					bookingId,
					sessionId: signUp.sessionId,
					position: 1,
					name: signUp.contact.name,
					sortName: signUp.contact.name,
					searchText: "",
					email: signUp.contact.email,
					locale: signUp.contact.locale,
					status: "confirmed",
					cancelReason: null,
					priceCents: 0,
					calendarUid: id,
					createdAt: now,
					updatedAt: now,
					cancelledAt: null,
				})
				.execute();
		});
}

test("while people sign up and give up their seats, none is sold twice and none is left to nobody", async () => {
	const sessionId = await givenSession(db, { capacity: 5 });
	const leaving = await givenRegistrations(db, sessionId, Array(20).fill({}));
	const doors = instances.map((instance) => registrarDoor(instance.db));
	const arriving = Array.from({ length: 40 }, (_, index) =>
		doors[index % doors.length]!(aSignUp(sessionId, { whenFull: "wait" })),
	);
	const giving = leaving.map(({ id }, index) =>
		cancelRegistration(instances[index % instances.length]!.db, origin, id, { attendee: true }, now),
	);
	await Promise.all([...arriving, ...giving]);
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 5,
		waiting: 35,
		recount: { taken: 5, waiting: 35 },
	});
});

test("a double click is one booking, in one batch or at two instances", async () => {
	const sessionId = await givenSession(db);
	const clicked = aSignUp(sessionId);
	const inOneBatch = await registerTogether(db, origin, [clicked, clicked], now);
	const clickedElsewhere = aSignUp(sessionId);
	const atTwoInstances = await Promise.all(
		instances.map((instance) => registrarDoor(instance.db)(clickedElsewhere)),
	);
	for (const results of [inOneBatch, atTwoInstances as SignUpResult[]]) {
		expect(new Set(results.map((result) => result.ok && result.reference)).size).toBe(1);
		expect(results.filter((result) => result.ok && !result.replayed)).toHaveLength(1);
	}
	expect(await writtenAbout(db, sessionId)).toMatchObject({ bookings: 2, registrations: 2, emails: 2 });
});

test("one key sent to two sessions at once is one booking", async () => {
	const here = await givenSession(db);
	const there = await givenSession(db);
	const signUp = aSignUp(here);
	const results = await Promise.all([
		registrarDoor(instances[0]!.db)(signUp),
		registrarDoor(instances[1]!.db)({ ...signUp, sessionId: there }),
	]);
	expect(results.filter((result) => (result as SignUpResult).ok)).toHaveLength(1);
	expect(results).toContainEqual({ ok: false, reason: "key-reused" });
	const written = [await writtenAbout(db, here), await writtenAbout(db, there)];
	expect(written.map(({ bookings }) => bookings).toSorted()).toEqual([0, 1]);
});
