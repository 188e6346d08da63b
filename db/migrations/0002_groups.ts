import { type Kysely, sql } from "kysely";

/** Several people in one booking, one place in line per booking, a deadline to hand a seat over. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table session add column give_until timestamptz;

		alter table booking drop column outcome;
		alter table booking add column token_version integer not null default 1;

		-- A repeated registration holds nothing: the address has its place by an earlier booking, and this one's pages
		-- keep showing what a newcomer would have been told.
		alter table registration add column shown_as text check (shown_as in ('confirmed', 'offered', 'waitlisted', 'cancelled'));
		alter table registration drop constraint registration_status_check;
		alter table registration add constraint registration_status_check
			check (status in ('confirmed', 'offered', 'waitlisted', 'cancelled', 'repeated'));
		alter table registration add constraint registration_shown_check
			check ((status = 'repeated') = (shown_as is not null));
		alter table registration drop constraint registration_cancel_reason_check;
		alter table registration add constraint registration_cancel_reason_check
			check (cancel_reason in ('attendee', 'organizer', 'session', 'declined', 'lapsed', 'given', 'erased'));
		drop index registration_once_per_session;
		create unique index registration_once_per_session on registration (session_id, lower(email))
			where email is not null and status not in ('cancelled', 'repeated');
		create index registration_by_email on registration (lower(email)) where email is not null;

		-- Which place in line somebody stands in: a booking can have several, when part of it came back later.
		alter table registration add column entry_id uuid references waitlist_entry;
		alter table registration add constraint registration_entry_check
			check ((status in ('offered', 'waitlisted')) = (entry_id is not null));
		create index registration_by_entry on registration (entry_id) where entry_id is not null;
		create index audit_by_registration on audit (registration_id, id) where registration_id is not null;
		create index booking_by_contact on booking (lower(contact_email));
	`.execute(db);
}

/** Who asked for a place they already had goes back to being a booking without a person. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table booking add column outcome text check (outcome in ('confirmed', 'waitlisted'));
		update booking set outcome = case when exists (
			select from registration
			where booking_id = booking.id and (status in ('offered', 'waitlisted') or shown_as = 'waitlisted')
		) then 'waitlisted' else 'confirmed' end;
		alter table booking alter column outcome set not null, drop column token_version;
		delete from registration where status = 'repeated';

		drop index registration_once_per_session, registration_by_email, registration_by_entry, audit_by_registration, booking_by_contact;
		alter table registration
			drop column shown_as,
			drop column entry_id,
			drop constraint registration_status_check,
			add constraint registration_status_check check (status in ('confirmed', 'offered', 'waitlisted', 'cancelled')),
			drop constraint registration_cancel_reason_check,
			add constraint registration_cancel_reason_check
				check (cancel_reason in ('attendee', 'organizer', 'session', 'declined', 'lapsed', 'given', 'switched', 'erased'));
		create unique index registration_once_per_session on registration (session_id, lower(email))
			where email is not null and status <> 'cancelled';
		alter table session drop column give_until;
	`.execute(db);
}
