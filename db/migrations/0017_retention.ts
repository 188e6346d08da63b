import { type Kysely, sql } from "kysely";

/** What is erased with time: the messages to a group, and what is about no one's place and still names its reader. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create index email_by_booking on email (booking_id) where booking_id is not null;
		create index email_other on email (created_at)
			where (interest_id is not null or kind = 'test') and to_address <> '';
	`.execute(db);
}

/** What was erased stays so. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index email_by_booking, email_other`.execute(db);
}
