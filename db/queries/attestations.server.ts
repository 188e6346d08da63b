import { sql } from "kysely";
import type { Seen } from "#app/domain/attestation.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Attestation, Registration } from "../schema.ts";

export const participantsPerPage = 200;

/** Somebody who has a seat, with what was recorded of them at each meeting of their session. */
export type Participant = Pick<Registration, "id" | "name" | "organization" | "locale"> & { seen: Seen[] };

/** The people who have a seat in a session and are not erased, by name: a page of them, and whether another one follows. */
export async function listParticipants(
	db: Db,
	sessionId: string,
	page: number,
): Promise<{ people: Participant[]; more: boolean }> {
	const rows = await seated(db, sessionId)
		.orderBy("sortName")
		.orderBy("id")
		.offset((page - 1) * participantsPerPage)
		.limit(participantsPerPage + 1)
		.execute();
	const people = await withSeen(db, sessionId, rows.slice(0, participantsPerPage));
	return { people, more: rows.length > participantsPerPage };
}

/** One of them. */
export async function findParticipant(
	db: Db | Trx,
	sessionId: string,
	registrationId: string,
): Promise<Participant | undefined> {
	const row = await seated(db, sessionId).where("id", "=", registrationId).executeTakeFirst();
	return row && (await withSeen(db, sessionId, [row]))[0];
}

function seated(db: Db | Trx, sessionId: string) {
	return db
		.selectFrom("registration")
		.select(["id", "name", "organization", "locale"])
		.where("sessionId", "=", sessionId)
		.where("status", "=", "confirmed")
		.where("name", "<>", "");
}

async function withSeen(
	db: Db | Trx,
	sessionId: string,
	people: Omit<Participant, "seen">[],
): Promise<Participant[]> {
	const ids = people.map(({ id }) => id);
	const records = await db
		.selectFrom("attendance")
		.innerJoin("meeting", "meeting.id", "attendance.meetingId")
		.select(["registrationId", "meetingId", "status", "minutes"])
		.where("meeting.sessionId", "=", sessionId)
		.where(sql<boolean>`registration_id = any(${ids}::uuid[])`)
		.execute();
	const seen = new Map<string, Seen[]>(ids.map((id) => [id, []]));
	for (const { registrationId, ...record } of records) seen.get(registrationId)?.push(record);
	return people.map((person) => ({ ...person, seen: seen.get(person.id)! }));
}

/** The attestations in force of these registrations. */
export async function findInForce(
	db: Db | Trx,
	registrationIds: string[],
): Promise<Map<string, Attestation>> {
	const rows = await db
		.selectFrom("attestation")
		.selectAll()
		.where(sql<boolean>`registration_id = any(${registrationIds}::uuid[])`)
		.where("endedAt", "is", null)
		.execute();
	return new Map(rows.map((attestation) => [attestation.registrationId, attestation]));
}

/** These attestations, whatever became of them. */
export async function findAttestations(db: Db, ids: string[]): Promise<Attestation[]> {
	return db
		.selectFrom("attestation")
		.selectAll()
		.where(sql<boolean>`id = any(${ids}::uuid[])`)
		.orderBy("id")
		.execute();
}

/** The attestation of this serial number, and whether another one took its place. */
export async function findAttestation(
	db: Db,
	serial: string,
): Promise<(Attestation & { isReplaced: boolean }) | undefined> {
	return db
		.selectFrom("attestation")
		.selectAll()
		.select(({ exists, selectFrom }) =>
			exists(
				selectFrom("attestation as later")
					.select("later.id")
					.whereRef("later.registrationId", "=", "attestation.registrationId")
					.whereRef("later.issuedAt", ">", "attestation.issuedAt"),
			)
				.$castTo<boolean>()
				.as("isReplaced"),
		)
		.where("serial", "=", serial)
		.executeTakeFirst();
}

/** All that was ever issued for a registration, the oldest first. */
export async function listAttestations(db: Db, registrationId: string): Promise<Attestation[]> {
	return db
		.selectFrom("attestation")
		.selectAll()
		.where("registrationId", "=", registrationId)
		.orderBy("issuedAt")
		.execute();
}
