import { type Kysely, sql } from "kysely";

/** Thanks after a date, dates that wait for their minimum, what organizers receive, invitations, and messages to a view. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table workshop add feedback_url text not null default '';
		alter table session
			add feedback_url text not null default '',
			add thanks boolean not null default true,
			add tentative boolean not null default false;
		update session set tentative = true where seats_taken < minimum;
		create index session_tentative on session (id) where tentative;

		alter table firm add calendar_invitations boolean not null default false;
		alter table organizer
			add digest boolean not null default true,
			add alerts boolean not null default true,
			add calendar_version integer not null default 1;

		alter table email add failed_at timestamptz;
		create index email_by_organizer on email (organizer_id, created_at) where organizer_id is not null;
		create index email_failed on email (failed_at) where failed_at is not null;

		alter table campaign
			drop constraint campaign_audience_check,
			add view jsonb,
			add constraint campaign_audience_check
				check (audience in ('confirmed', 'waitlisted', 'cancelled', 'interest', 'view')),
			add constraint campaign_view_check check ((audience = 'view') = (view is not null));
	`.execute(db);
}
