import { type Kysely, sql } from "kysely";

/** The few emails that took another way than most: without it, all were read to count them. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create index email_by_fate on email (status, created_at desc, id desc)
			where status not in ('queued', 'sending', 'sent')
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index email_by_fate`.execute(db);
}
