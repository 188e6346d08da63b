import { Migrator } from "kysely";
import type { Db } from "./client.server.ts";
import { migrations } from "./migrations/index.ts";

export const newestMigration = Object.keys(migrations).at(-1)!;

/**
 * Brings the schema to the newest migration, or to the one named `target`. Safe from several instances at once: Kysely
 * holds an advisory lock for the length of a connection, so `db` must not go through a transaction pooler. Throws what
 * the failing migration threw.
 */
export async function migrateToLatest(db: Db, target?: string): Promise<void> {
	const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } });
	const { error } = await (target ? migrator.migrateTo(target) : migrator.migrateToLatest());
	if (error) throw error;
}
