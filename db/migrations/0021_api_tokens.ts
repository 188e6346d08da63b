import { type Kysely, sql } from "kysely";

/** Tokens that other software reads by. Page after page, it reads a session's people in the order in which they signed up. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table api_token (
			id uuid primary key,
			name text not null check (name <> ''),
			token_hash text not null unique,
			created_by uuid not null references organizer,
			created_at timestamptz not null,
			last_used_at timestamptz,
			revoked_at timestamptz
		);
		create index registration_in_order on registration (session_id, id);
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop index registration_in_order;
		drop table api_token;
	`.execute(db);
}
