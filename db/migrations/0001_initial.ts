import { type Kysely, sql } from "kysely";

/** The whole vocabulary: workshops, sessions, bookings, registrations, the waitlist, attendance, emails, organizers, audit. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table firm (
			id boolean primary key default true check (id),
			name text not null,
			postal_address text not null default '',
			email text not null default '',
			tagline_fr text not null default '',
			tagline_en text not null default '',
			privacy_officer_fr text not null default '',
			privacy_officer_en text not null default '',
			privacy_email text not null default '',
			retention_months integer not null default 24 check (retention_months between 1 and 120),
			updated_at timestamptz not null
		);

		create table organizer (
			id uuid primary key,
			email text not null,
			name text not null,
			locale text not null check (locale in ('fr', 'en')),
			role text not null check (role in ('owner', 'organizer', 'door')),
			created_at timestamptz not null,
			revoked_at timestamptz
		);
		create unique index organizer_email on organizer (lower(email)) where revoked_at is null;

		create table sign_in (
			id uuid primary key,
			organizer_id uuid not null references organizer,
			code_hash text,
			link_hash text not null unique,
			tries integer not null default 0,
			created_at timestamptz not null,
			expires_at timestamptz not null,
			used_at timestamptz
		);
		create index sign_in_by_organizer on sign_in (organizer_id, created_at desc);

		create table organizer_cookie (
			token_hash text primary key,
			organizer_id uuid not null references organizer,
			user_agent text not null default '',
			created_at timestamptz not null,
			seen_at timestamptz not null,
			expires_at timestamptz not null
		);

		create table workshop (
			id uuid primary key,
			slug_fr text not null unique,
			slug_en text not null unique,
			title_fr text not null,
			title_en text not null default '',
			summary_fr text not null default '',
			summary_en text not null default '',
			description_fr text not null default '',
			description_en text not null default '',
			outcomes_fr text not null default '',
			outcomes_en text not null default '',
			audience_fr text not null default '',
			audience_en text not null default '',
			bring_fr text not null default '',
			bring_en text not null default '',
			accessibility_fr text not null default '',
			accessibility_en text not null default '',
			trainer text not null default '',
			revision integer not null default 1,
			published_at timestamptz,
			archived_at timestamptz,
			created_at timestamptz not null,
			updated_at timestamptz not null,
			check (published_at is null or title_fr <> '')
		);

		create table workshop_slug (
			locale text not null check (locale in ('fr', 'en')),
			slug text not null,
			workshop_id uuid not null references workshop,
			primary key (locale, slug)
		);

		create table session (
			id uuid primary key,
			workshop_id uuid not null references workshop,
			language text not null check (language in ('fr', 'en')),
			online boolean not null default false,
			place text not null default '',
			address text not null default '',
			join_url text not null default '',
			zone text not null,
			capacity integer not null check (capacity between 1 and 100000),
			minimum integer not null default 0 check (minimum >= 0),
			seats_taken integer not null default 0 check (seats_taken >= 0),
			seats_waiting integer not null default 0 check (seats_waiting >= 0),
			waitlist_mode text not null default 'automatic' check (waitlist_mode in ('automatic', 'offer', 'none')),
			waitlist_seq integer not null default 0,
			price_cents integer not null default 0 check (price_cents >= 0),
			opens_at timestamptz,
			closes_at timestamptz,
			cancel_until timestamptz,
			starts_at timestamptz not null,
			ends_at timestamptz not null check (ends_at > starts_at),
			revision integer not null default 1,
			schedule_revision integer not null default 0,
			published_at timestamptz,
			cancelled_at timestamptz,
			created_at timestamptz not null,
			updated_at timestamptz not null
		);
		create index session_by_workshop on session (workshop_id, starts_at);
		create index session_upcoming on session (ends_at, starts_at) where published_at is not null;

		create table meeting (
			id uuid primary key,
			session_id uuid not null references session on delete cascade,
			position integer not null check (position >= 1),
			local_date date not null,
			local_start time not null,
			local_end time not null,
			zone text not null,
			starts_at timestamptz not null,
			ends_at timestamptz not null check (ends_at > starts_at),
			unique (session_id, position)
		);

		create table booking (
			id uuid primary key,
			key text not null unique check (length(key) between 16 and 64),
			payload_hash text not null,
			reference text not null unique check (reference ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
			session_id uuid not null references session,
			contact_name text not null,
			contact_email text not null,
			contact_locale text not null check (contact_locale in ('fr', 'en')),
			contact_attends boolean not null default true,
			organization text not null default '',
			po_number text not null default '',
			billing_address text not null default '',
			outcome text not null check (outcome in ('confirmed', 'waitlisted')),
			created_at timestamptz not null
		);
		create index booking_by_session on booking (session_id);

		create table registration (
			id uuid primary key,
			booking_id uuid not null references booking,
			session_id uuid not null references session,
			position integer not null check (position >= 1),
			name text not null,
			sort_name text not null,
			search_text text not null,
			email text,
			locale text not null check (locale in ('fr', 'en')),
			organization text not null default '',
			phone text not null default '',
			note text not null default '',
			status text not null check (status in ('confirmed', 'offered', 'waitlisted', 'cancelled')),
			cancel_reason text check (cancel_reason in ('attendee', 'organizer', 'session', 'declined', 'lapsed', 'given', 'switched', 'erased')),
			price_cents integer not null default 0,
			gst_rate numeric(6, 5) not null default 0.05,
			qst_rate numeric(6, 5) not null default 0.09975,
			token_version integer not null default 1,
			calendar_uid text not null unique,
			calendar_sequence integer not null default 0,
			created_at timestamptz not null,
			updated_at timestamptz not null,
			cancelled_at timestamptz,
			unique (booking_id, position),
			check ((status = 'cancelled') = (cancelled_at is not null))
		);
		create unique index registration_once_per_session on registration (session_id, lower(email))
			where email is not null and status <> 'cancelled';
		create index registration_by_session on registration (session_id, status, sort_name, id);

		create table waitlist_entry (
			id uuid primary key,
			booking_id uuid not null references booking,
			session_id uuid not null references session,
			size integer not null check (size >= 1),
			seq integer not null,
			state text not null default 'waiting' check (state in ('waiting', 'offered', 'confirmed', 'declined', 'lapsed', 'left')),
			skips integer not null default 0,
			created_at timestamptz not null,
			ended_at timestamptz,
			unique (session_id, seq),
			check ((state in ('waiting', 'offered')) = (ended_at is null))
		);
		create index waitlist_in_order on waitlist_entry (session_id, seq) where state = 'waiting';

		create table offer (
			id uuid primary key,
			entry_id uuid not null references waitlist_entry,
			session_id uuid not null references session,
			seats integer not null check (seats >= 1),
			state text not null default 'open' check (state in ('open', 'accepted', 'declined', 'lapsed')),
			created_at timestamptz not null,
			expires_at timestamptz not null,
			ended_at timestamptz,
			check ((state = 'open') = (ended_at is null))
		);
		create unique index offer_open_once on offer (entry_id) where state = 'open';
		create index offer_lapsing on offer (expires_at) where state = 'open';

		create table question (
			id uuid primary key,
			workshop_id uuid not null references workshop,
			position integer not null,
			kind text not null check (kind in ('short', 'long', 'choice', 'choices', 'boolean', 'number', 'date')),
			label_fr text not null,
			label_en text not null default '',
			options jsonb not null default '[]',
			required boolean not null default false,
			asked_at text not null default 'registration' check (asked_at in ('registration', 'after')),
			archived_at timestamptz
		);
		create index question_by_workshop on question (workshop_id, position);

		create table answer (
			registration_id uuid not null references registration,
			question_id uuid not null references question,
			value jsonb not null,
			updated_at timestamptz not null,
			primary key (registration_id, question_id)
		);

		create table attendance (
			registration_id uuid not null references registration,
			meeting_id uuid not null references meeting,
			status text not null check (status in ('present', 'partial', 'absent')),
			minutes integer check (minutes >= 0),
			recorded_at timestamptz not null,
			recorded_by uuid references organizer,
			primary key (registration_id, meeting_id)
		);

		create table interest (
			id uuid primary key,
			email text not null,
			locale text not null check (locale in ('fr', 'en')),
			wording text not null,
			source text not null,
			created_at timestamptz not null,
			ended_at timestamptz
		);
		create unique index interest_once on interest (lower(email)) where ended_at is null;

		create table email (
			id uuid primary key,
			dedupe_key text not null unique,
			kind text not null,
			registration_id uuid references registration,
			booking_id uuid references booking,
			organizer_id uuid references organizer,
			interest_id uuid references interest,
			to_name text not null default '',
			to_address text not null,
			reply_to text,
			locale text not null check (locale in ('fr', 'en')),
			subject text not null,
			html text not null,
			text text not null,
			calendar text,
			calendar_method text check (calendar_method in ('PUBLISH', 'REQUEST', 'CANCEL')),
			attachments jsonb not null default '[]',
			message_id text not null unique,
			token_version integer,
			status text not null check (status in ('queued', 'sending', 'sent', 'captured', 'dead', 'cancelled', 'bounced', 'suppressed')),
			due_at timestamptz not null,
			give_up_at timestamptz not null,
			attempts integer not null default 0,
			lease uuid,
			smtp_response text,
			last_error text,
			created_at timestamptz not null,
			sent_at timestamptz,
			check (num_nonnulls(registration_id, booking_id, organizer_id, interest_id) = 1)
		);
		create index email_due on email (due_at) where status in ('queued', 'sending');
		create index email_dead on email (created_at) where status = 'dead';
		create index email_recent on email (created_at desc, id desc);
		create index email_by_registration on email (registration_id) where registration_id is not null;

		create table audit (
			id uuid primary key,
			at timestamptz not null,
			actor text not null check (actor in ('attendee', 'organizer', 'system')),
			organizer_id uuid,
			action text not null,
			workshop_id uuid,
			session_id uuid,
			booking_id uuid,
			registration_id uuid,
			data jsonb not null default '{}'
		);
		create index audit_by_session on audit (session_id, at);

		create function audit_is_append_only() returns trigger language plpgsql as $$
		begin
			raise exception 'audit rows are never changed or removed';
		end $$;
		create trigger audit_append_only before update or delete on audit
			for each row execute function audit_is_append_only();
		create trigger audit_never_emptied before truncate on audit
			for each statement execute function audit_is_append_only();

		create table rate (
			key text not null,
			period_start timestamptz not null,
			count integer not null,
			primary key (key, period_start)
		);
		create index rate_by_age on rate (period_start);
	`.execute(db);
}

/** Leaves nothing: for a database that is to begin again. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop table rate, audit, email, interest, attendance, answer, question, offer, waitlist_entry, registration, booking,
			meeting, session, workshop_slug, workshop, organizer_cookie, sign_in, organizer, firm cascade;
		drop function audit_is_append_only;
	`.execute(db);
}
