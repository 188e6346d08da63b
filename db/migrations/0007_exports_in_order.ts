import { type Kysely, sql } from "kysely";

/** An export reads a session's people by name, a thousand at a time: without this, each thousand sorts them all. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`create index registration_by_name on registration (session_id, sort_name, id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index registration_by_name`.execute(db);
}
