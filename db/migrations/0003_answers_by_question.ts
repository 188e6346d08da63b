import { type Kysely, sql } from "kysely";

/** Whether a question was answered, and how often, without reading every answer of the site. */
export async function up(db: Kysely<unknown>): Promise<void> {
	await sql`create index answer_by_question on answer (question_id)`.execute(db);
}

export async function down(db: Kysely<unknown>): Promise<void> {
	await sql`drop index answer_by_question`.execute(db);
}
