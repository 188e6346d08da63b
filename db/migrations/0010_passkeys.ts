import { type Kysely, sql } from "kysely";

/** Passkeys, beside the code: the public half of what an organizer's device holds (WebAuthn level 3). */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table passkey (
			id text primary key,
			organizer_id uuid not null references organizer,
			public_key bytea not null,
			counter bigint not null default 0,
			name text not null default '',
			created_at timestamptz not null,
			used_at timestamptz
		);
		create index passkey_by_organizer on passkey (organizer_id);
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop table passkey`.execute(db);
}
