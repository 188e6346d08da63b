import { sql } from "kysely";
import type { Seen } from "#app/domain/attestation.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Attestation, Registration } from "../schema.ts";
import { stillNamed } from "./registrations.server.ts";

/** As many as one form can choose. */
const participantsPerPage = 100;

/** Somebody of a session, with what was recorded of them at each of its meetings, and whether they have a seat in it. */
export type Participant = Pick<Registration, "id" | "name" | "organization" | "locale"> & {
	isSeated: boolean;
	seen: Seen[];
};

/**
 * Who has a seat in a session, and who holds a proof of it without one, by name: a page of them, and whether another one
 * follows. Of whoever was erased, only the proof is left.
 */
export async function listParticipants(
	db: Db,
	sessionId: string,
	page: number,
): Promise<{ people: Participant[]; more: boolean }> {
	const rows = await participants(db, sessionId)
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
	const row = await participants(db, sessionId).where("id", "=", registrationId).executeTakeFirst();
	return row && (await withSeen(db, sessionId, [row]))[0];
}

function participants(db: Db | Trx, sessionId: string) {
	const isSeated = sql<boolean>`(session_id = ${sessionId}::uuid and status = 'confirmed' and ${stillNamed})`;
	return db
		.selectFrom("registration")
		.select(["id", "name", "organization", "locale"])
		.select(isSeated.as("isSeated"))
		.where(({ or, eb, selectFrom }) =>
			or([
				isSeated,
				eb(
					"id",
					"in",
					selectFrom("attestation")
						.select("attestation.registrationId")
						.where("attestation.sessionId", "=", sessionId)
						.where("endedAt", "is", null),
				),
			]),
		);
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

/** The attestations of a session that are in force, by registration. */
export async function findInForce(
	db: Db | Trx,
	sessionId: string,
	registrationIds: string[],
): Promise<Map<string, Attestation>> {
	const rows = await db
		.selectFrom("attestation")
		.selectAll()
		.where("sessionId", "=", sessionId)
		.where(sql<boolean>`registration_id = any(${registrationIds}::uuid[])`)
		.where("endedAt", "is", null)
		.execute();
	return new Map(rows.map((attestation) => [attestation.registrationId, attestation]));
}

/** The attestations among these that the last email about did not reach its reader. */
export async function findUndelivered(db: Db, ids: string[]): Promise<Set<string>> {
	const { rows } = await sql<{ id: string }>`
		select attestation.id
		from attestation
		cross join lateral (
			select status from email
			where email.registration_id = attestation.registration_id and email.attachments ? attestation.id::text
			order by email.created_at desc
			limit 1
		) last
		where attestation.id = any(${ids}::uuid[]) and last.status in ('dead', 'bounced', 'suppressed', 'cancelled')
	`.execute(db);
	return new Set(rows.map(({ id }) => id));
}

/** Whether an email that brings this attestation is still to leave. */
export async function isUnderWay(trx: Trx, { id, registrationId }: Attestation): Promise<boolean> {
	const email = await trx
		.selectFrom("email")
		.select("id")
		.where("registrationId", "=", registrationId)
		.where("status", "in", ["queued", "sending"])
		.where(sql<boolean>`attachments ? ${id}`)
		.executeTakeFirst();
	return email !== undefined;
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

/** The attestation of this serial number, and whether another one has taken its place. */
export async function findAttestation(
	db: Db,
	serial: string,
): Promise<(Attestation & { isReplaced: boolean }) | undefined> {
	return db
		.selectFrom("attestation")
		.selectAll()
		.select(({ exists, selectFrom }) =>
			exists(
				selectFrom("attestation as other")
					.select("other.id")
					.whereRef("other.registrationId", "=", "attestation.registrationId")
					.whereRef("other.sessionId", "=", "attestation.sessionId")
					.whereRef("other.id", "<>", "attestation.id")
					.where("other.endedAt", "is", null),
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
		.orderBy("id")
		.execute();
}
