import { type Kysely, sql } from "kysely";

/** Taxes and defaults of the firm, remembered export columns, and what long lists are found by. */
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

		create index registration_by_word on registration using gin (
			array_to_tsvector(array_remove(regexp_split_to_array(search_text, '[\\s@.,;:''"()/_+&-]+'), ''))
		);
		create index audit_in_time on audit (at, id);
		create index audit_by_booking on audit (booking_id) where booking_id is not null;
		create index audit_by_organizer on audit (organizer_id, at) where organizer_id is not null;
		create index organizer_cookie_by_organizer on organizer_cookie (organizer_id);
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop index registration_by_word, audit_in_time, audit_by_booking, audit_by_organizer, organizer_cookie_by_organizer;
		alter table organizer drop column export_columns;
		alter table firm
			drop column gst_number,
			drop column qst_number,
			drop column default_place,
			drop column default_address,
			drop column default_capacity,
			drop column default_start,
			drop column default_end,
			drop column default_zone;
	`.execute(db);
}
