import { type Kysely, sql } from "kysely";

/** The order in which mail leaves: an organizer's code, what concerns one person, messages to many. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop index email_due;
		create index email_due on email ((kind <> 'sign-in'), (campaign_id is not null), due_at)
			where status in ('queued', 'sending');
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop index email_due;
		create index email_due on email ((campaign_id is not null), due_at) where status in ('queued', 'sending');
	`.execute(db);
}
