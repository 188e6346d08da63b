import { type Kysely, sql } from "kysely";

/** Reminders, messages to many people, addresses that mail cannot reach, and the firm's own words in emails. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table session
			add reminder_days integer default 1 check (reminder_days between 0 and 30),
			add reminder_weekdays boolean not null default true,
			add reminder_time time not null default '10:00';

		alter table firm add email_texts jsonb not null default '{}';

		create table campaign (
			id uuid primary key,
			session_id uuid not null references session,
			organizer_id uuid not null references organizer,
			audience text not null check (audience in ('confirmed', 'waitlisted', 'cancelled', 'interest')),
			subject_fr text not null,
			subject_en text not null default '',
			body_fr text not null,
			body_en text not null default '',
			state text not null default 'draft' check (state in ('draft', 'sending', 'sent', 'stopped')),
			recipients integer,
			queued_up_to uuid,
			created_at timestamptz not null,
			updated_at timestamptz not null,
			sends_at timestamptz,
			ended_at timestamptz,
			check ((state = 'draft') = (sends_at is null)),
			check ((state in ('sent', 'stopped')) = (ended_at is not null))
		);
		create index campaign_by_session on campaign (session_id, created_at desc);
		create index campaign_sending on campaign (sends_at) where state = 'sending';

		create table suppression (
			address text primary key check (address = lower(address)),
			answer text not null,
			email_id uuid references email on delete set null,
			created_at timestamptz not null
		);

		alter table email
			add campaign_id uuid references campaign,
			add expires_at timestamptz;
		drop index email_due;
		create index email_due on email ((campaign_id is not null), due_at) where status in ('queued', 'sending');
		create index email_by_campaign on email (campaign_id, status) where campaign_id is not null;
		create index email_by_interest on email (interest_id) where interest_id is not null;
	`.execute(db);
}

/** The emails that left stay, without the message to many that they were copies of. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop index email_due, email_by_campaign, email_by_interest;
		alter table email drop column campaign_id, drop column expires_at;
		create index email_due on email (due_at) where status in ('queued', 'sending');
		drop table suppression, campaign;
		alter table firm drop column email_texts;
		alter table session drop column reminder_days, drop column reminder_weekdays, drop column reminder_time;
	`.execute(db);
}
