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

/** A message to a view stays in the history as one to the people of its date. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table campaign drop constraint campaign_view_check, drop constraint campaign_audience_check;
		update campaign set audience = 'confirmed' where audience = 'view';
		alter table campaign
			drop column view,
			add constraint campaign_audience_check check (audience in ('confirmed', 'waitlisted', 'cancelled', 'interest'));

		drop index email_by_organizer, email_failed;
		alter table email drop column failed_at;
		alter table organizer drop column digest, drop column alerts, drop column calendar_version;
		alter table firm drop column calendar_invitations;
		drop index session_tentative;
		alter table session drop column feedback_url, drop column thanks, drop column tentative;
		alter table workshop drop column feedback_url;
	`.execute(db);
}
