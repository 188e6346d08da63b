import { type Kysely, sql } from "kysely";

/** What the dashboard counts at each showing: seats by when they were taken, and today's meetings. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create index registration_seated on registration (session_id, created_at)
			where status in ('confirmed', 'offered');
		create index meeting_by_start on meeting (starts_at);
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index registration_seated, meeting_by_start`.execute(db);
}
