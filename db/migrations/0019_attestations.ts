import { type Kysely, sql } from "kysely";

/**
 * Proofs of participation: each says for good what it said when it was issued, and the one before it ends. What a meeting
 * takes off the hours it counts for, and the number under which the firm is accredited.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		alter table firm add accreditation_number text not null default '';
		alter table session add break_minutes int not null default 0 check (break_minutes >= 0);
		alter table deed drop constraint deed_kind_check,
			add constraint deed_kind_check check (kind in ('cancel', 'move', 'resend', 'attest'));

		create table attestation (
			id uuid primary key,
			serial text not null unique,
			registration_id uuid not null references registration,
			session_id uuid not null references session,
			locale text not null check (locale in ('fr', 'en')),
			name text not null,
			organization text not null,
			title text not null,
			object text not null,
			trainer text not null,
			place text not null,
			zone text not null,
			meetings jsonb not null,
			firm_name text not null,
			accreditation_number text not null,
			issued_at timestamptz not null,
			issued_by uuid references organizer,
			ended_at timestamptz
		);
		create unique index attestation_in_force on attestation (registration_id, session_id) where ended_at is null;
		create index attestation_by_registration on attestation (registration_id);
		create index attestation_by_session on attestation (session_id) where ended_at is null;
		create index attestation_by_age on attestation (issued_at);
	`.execute(db);
}

/** Their proofs go, and what waits to be issued is not. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop table attestation;
		delete from deed where kind = 'attest';
		alter table deed drop constraint deed_kind_check,
			add constraint deed_kind_check check (kind in ('cancel', 'move', 'resend'));
		alter table session drop column break_minutes;
		alter table firm drop column accreditation_number;
	`.execute(db);
}
