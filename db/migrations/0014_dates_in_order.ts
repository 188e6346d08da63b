import { type Kysely, sql } from "kysely";

/** The dates to come, and those that are over, a page at a time in their order: without it, all of them were sorted. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`create index session_in_order on session (starts_at, id, ends_at)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index session_in_order`.execute(db);
}
