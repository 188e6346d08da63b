import { sql } from "kysely";
import type { Db } from "#db/client.server.ts";

/**
 * What is wrong with the seats of these sessions, as sentences; none when all is well. The promises, at rest: no seat is
 * sold twice, the counters are what a recount finds, who waits stands in a line of its own, an offer is open for whoever
 * is offered a seat, and no seat stays empty that the first party in line could have.
 */
export async function seatProblems(db: Db, sessionIds: string[]): Promise<string[]> {
	const problems: string[] = [];
	const sessions = await db.selectFrom("session").selectAll().where("id", "in", sessionIds).execute();
	const people = await db
		.selectFrom("registration")
		.leftJoin("waitlistEntry", "waitlistEntry.id", "registration.entryId")
		.select([
			"registration.id",
			"registration.sessionId",
			"registration.status",
			"registration.entryId",
			"waitlistEntry.state",
			"waitlistEntry.sessionId as entrySession",
		])
		.where("registration.sessionId", "in", sessionIds)
		.execute();
	const entries = await db
		.selectFrom("waitlistEntry")
		.selectAll()
		.where("sessionId", "in", sessionIds)
		.where("state", "in", ["waiting", "offered"])
		.orderBy("seq")
		.execute();
	const offers = await db
		.selectFrom("offer")
		.selectAll()
		.where("sessionId", "in", sessionIds)
		.where("state", "=", "open")
		.execute();

	for (const session of sessions) {
		const here = people.filter(({ sessionId }) => sessionId === session.id);
		const count = (...statuses: string[]) => here.filter(({ status }) => statuses.includes(status)).length;
		const held = count("confirmed", "offered");
		if (session.seatsTaken !== held)
			problems.push(`${session.seatsTaken} seats are counted, ${held} are held`);
		if (session.seatsWaiting !== count("waitlisted")) problems.push("the people who wait are miscounted");
		const line = entries.filter(({ sessionId }) => sessionId === session.id);
		const [first] = line.filter(({ state }) => state === "waiting");
		if (first && first.size <= session.capacity - held && session.waitlistMode !== "none")
			problems.push(`${session.capacity - held} seats are free, and the first in line wants ${first.size}`);
		for (const entry of line) {
			const party = here.filter(({ entryId }) => entryId === entry.id);
			if (party.length !== entry.size)
				problems.push(`a party of ${party.length} is written as ${entry.size}`);
			const open = offers.filter(({ entryId }) => entryId === entry.id);
			if (open.length !== (entry.state === "offered" ? 1 : 0))
				problems.push("an offer and its party disagree");
		}
	}
	for (const person of people) {
		const expected = { offered: "offered", waitlisted: "waiting" }[person.status as string] ?? null;
		if (person.state !== expected)
			problems.push(`somebody ${person.status} stands in line as ${person.state}`);
		if (person.entryId && person.entrySession !== person.sessionId) problems.push("somebody waits elsewhere");
	}
	const unaudited = await db
		.selectFrom("registration")
		.select(sql<number>`count(*)::int`.as("count"))
		.where("sessionId", "in", sessionIds)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom("audit").select("audit.id").whereRef("audit.registrationId", "=", "registration.id"),
				),
			),
		)
		.executeTakeFirstOrThrow();
	if (unaudited.count > 0) problems.push(`${unaudited.count} registrations have no line in the audit`);
	return problems;
}

/** Sessions that hold more people than their capacity ever allowed. */
export async function oversold(db: Db, sessionIds: string[]): Promise<string[]> {
	const rows = await db
		.selectFrom("session")
		.select(["capacity"])
		.select((eb) =>
			eb
				.selectFrom("registration")
				.select(sql<number>`count(*)::int`.as("count"))
				.whereRef("registration.sessionId", "=", "session.id")
				.where("registration.status", "in", ["confirmed", "offered"])
				.as("held"),
		)
		.where("id", "in", sessionIds)
		.execute();
	return rows.flatMap(({ capacity, held }) =>
		(held ?? 0) > capacity ? [`${held} people hold ${capacity} seats`] : [],
	);
}
