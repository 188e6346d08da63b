import { type Kysely, sql } from "kysely";

/**
 * What an organizer does to several people at once, which waits half a minute for them to change their mind; and the
 * columns that each organizer sees on screen.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table deed (
			id uuid primary key,
			session_id uuid not null references session,
			organizer_id uuid not null references organizer,
			kind text not null check (kind in ('cancel', 'move', 'resend')),
			to_session_id uuid references session,
			registration_ids uuid[] not null check (cardinality(registration_ids) > 0),
			failed_ids uuid[] not null default '{}',
			state text not null default 'waiting' check (state in ('waiting', 'done', 'stopped')),
			created_at timestamptz not null,
			due_at timestamptz not null,
			ended_at timestamptz,
			check ((kind = 'move') = (to_session_id is not null)),
			check ((state = 'waiting') = (ended_at is null))
		);
		create index deed_waiting on deed (due_at) where state = 'waiting';

		alter table organizer add list_columns text[];
	`.execute(db);
}

/** What waits to be done is not done. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop table deed;
		alter table organizer drop column list_columns;
	`.execute(db);
}
