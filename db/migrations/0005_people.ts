import { type Kysely, sql } from "kysely";

/** Taxes and defaults of the firm, remembered export columns, files on their way in, and what long lists are found by. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table firm
			add gst_number text not null default '',
			add qst_number text not null default '',
			add default_place text not null default '',
			add default_address text not null default '',
			add default_capacity integer check (default_capacity between 1 and 100000),
			add default_start text not null default '',
			add default_end text not null default '',
			add default_zone text not null default 'America/Toronto';

		alter table organizer add export_columns text[];

		create table import_draft (
			id uuid primary key,
			session_id uuid not null references session,
			organizer_id uuid not null references organizer,
			file_name text not null,
			rows jsonb not null,
			created_at timestamptz not null
		);
		create index import_draft_by_age on import_draft (created_at);

		create index registration_by_word on registration using gin (
			array_to_tsvector(array_remove(regexp_split_to_array(search_text, '[\\s@.,;:''"()/_+&-]+'), ''))
		);
		create index audit_in_time on audit (at, id);
		create index audit_by_booking on audit (booking_id) where booking_id is not null;
		create index audit_by_organizer on audit (organizer_id, at) where organizer_id is not null;
		create index organizer_cookie_by_organizer on organizer_cookie (organizer_id);
	`.execute(db);
}
