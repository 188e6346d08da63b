import { Migrator, sql } from "kysely";
import type { Db } from "./client.server.ts";
import { migrations } from "./migrations/index.ts";

export const newestMigration = Object.keys(migrations).at(-1)!;

/**
 * Brings the schema to the newest migration, or to the one named `target`. A schema that has more than this release knows
 * of is left as it is: the release before must be able to start again while, or after, the next one is tried.
 * Safe from several instances at once: Kysely holds an advisory lock for the length of a connection, so `db` must not go
 * through a transaction pooler. Throws what the failing migration threw.
 */
export async function migrateToLatest(db: Db, target?: string): Promise<void> {
	if (!target && (await hasAllOf(db))) return;
	const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
	const { error } = await (target ? migrator.migrateTo(target) : migrator.migrateToLatest());
	if (error) throw error;
}

/** Whether every migration of this release has run. Nothing has in a database without the table that says so. */
async function hasAllOf(db: Db): Promise<boolean> {
	const { rows } = await sql<{ name: string | null }>`
		select to_regclass('kysely_migration')::text as name
	`.execute(db);
	if (!rows[0]?.name) return false;
	const run = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
	const names = new Set(run.rows.map(({ name }) => name));
	return Object.keys(migrations).every((name) => names.has(name));
}
