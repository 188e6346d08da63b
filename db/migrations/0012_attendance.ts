import { type Kysely, sql } from "kysely";

/** A meeting that an organizer takes away takes with it who was seen there; the lists of who came ask by meeting. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table attendance
			drop constraint attendance_meeting_id_fkey,
			add constraint attendance_meeting_id_fkey foreign key (meeting_id) references meeting on delete cascade;
		create index attendance_by_meeting on attendance (meeting_id);
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop index attendance_by_meeting;
		alter table attendance
			drop constraint attendance_meeting_id_fkey,
			add constraint attendance_meeting_id_fkey foreign key (meeting_id) references meeting;
	`.execute(db);
}
