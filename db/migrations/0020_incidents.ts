import { type Kysely, sql } from "kysely";

/** The register of confidentiality incidents (RLRQ c. P-39.1, s. 3.8; c., r. 3.1, s. 7). */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`
		create table incident (
			id uuid primary key,
			circumstances text not null,
			occurred text not null,
			learned_on date not null,
			information text not null,
			people text not null,
			measures text not null,
			risk text not null check (risk in ('unknown', 'none', 'serious')),
			risk_reasons text not null,
			commission_told_on date,
			people_told text not null,
			public_notice text not null,
			revision integer not null default 1,
			created_at timestamptz not null,
			updated_at timestamptz not null
		);
	`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop table incident`.execute(db);
}
