import { sql } from "kysely";
import type { Db } from "#db/client.server.ts";

/** Everything that is stored, but for what a look alone may change: the mail, which leaves by itself meanwhile, how often somebody asked, and when they were last seen. */
export async function stored(db: Db): Promise<Record<string, string[]>> {
	const { rows: tables } = await sql<{ name: string }>`
		select table_name as name from information_schema.tables
		where table_schema = 'public' and table_name not in ('email', 'rate')
	`.execute(db);
	const contents = tables.map(async ({ name }) => {
		const { rows } = await sql<{ row: string }>`
			select (to_jsonb(content) - 'seen_at')::text as row from ${sql.table(name)} as content order by 1
		`.execute(db);
		return [name, rows.map(({ row }) => row)];
	});
	return Object.fromEntries(await Promise.all(contents));
}
