import { type Insertable, sql } from "kysely";
import type { Trx } from "./client.server.ts";
import type { Database } from "./schema.ts";

/**
 * Inserts rows that all name the same columns, as one parameter: the statement is the same for one row and for hundreds,
 * and costs next to nothing to write, to send and to read again. A row whose `unlessKnown` is there already is left out.
 */
export async function insertRows<Table extends "booking" | "registration" | "email" | "emailPage" | "audit">(
	trx: Trx,
	table: Table,
	rows: Insertable<Database[Table]>[],
	unlessKnown?: keyof Database[Table] & string,
): Promise<void> {
	const [first] = rows;
	if (!first) return;
	const columns = Object.keys(first).map((key) => ({ key, name: columnName(key) }));
	const values = rows.map((row: Record<string, unknown>) => {
		const value: Record<string, unknown> = {};
		for (const { key, name } of columns) value[name] = row[key];
		return value;
	});
	const into = sql.table(columnName(table));
	const names = sql.join(columns.map(({ name }) => sql.ref(name)));
	const conflict = unlessKnown ? sql`on conflict (${sql.ref(columnName(unlessKnown))}) do nothing` : sql``;
	await sql`
		insert into ${into} (${names})
		select ${names} from json_populate_recordset(null::${into}, ${JSON.stringify(values)}::json)
		${conflict}
	`.execute(trx);
}

function columnName(key: string): string {
	return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
