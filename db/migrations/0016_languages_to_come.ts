import { type Kysely, sql } from "kysely";

/** Whether a date to come is held in a language: without it, every date was read to learn that none is. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create index session_by_language on session (language, ends_at) where published_at is not null
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index session_by_language`.execute(db);
}
