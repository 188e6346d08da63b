import { type Kysely, sql } from "kysely";

/** Addresses of the firm's other tools, and what is to be told there: which line of the log, never what it says of anybody. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table webhook (
			id uuid primary key,
			name text not null,
			url text not null,
			version int not null default 1,
			renewed_at timestamptz,
			created_by uuid not null references organizer,
			created_at timestamptz not null,
			failing_since timestamptz,
			paused_at timestamptz,
			paused_because text check (paused_because in ('owner', 'failing', 'gone')),
			ended_at timestamptz,
			check ((paused_at is null) = (paused_because is null)),
			check (ended_at is null or url = '')
		);

		create table webhook_delivery (
			webhook_id uuid not null references webhook,
			id uuid not null,
			event text not null,
			session_id uuid,
			registration_id uuid,
			occurred_at timestamptz not null,
			state text not null default 'waiting' check (state in ('waiting', 'delivered', 'dead')),
			due_at timestamptz not null,
			attempts int not null default 0,
			lease uuid,
			last_status int,
			last_failure text,
			ended_at timestamptz,
			primary key (webhook_id, id),
			check ((state = 'waiting') = (ended_at is null))
		);
		create index webhook_delivery_due on webhook_delivery (webhook_id, due_at) where state = 'waiting';
		create index webhook_delivery_of_person on webhook_delivery (registration_id) where state = 'waiting';
		create index webhook_delivery_ended on webhook_delivery (webhook_id, state, ended_at) where state <> 'waiting';
	`.execute(db);
}

/** What waits to be told is not. */
export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`
		drop table webhook_delivery;
		drop table webhook;
	`.execute(db);
}
