import { type Insertable, type RawBuilder, sql } from "kysely";
import type { Trx } from "./client.server.ts";
import type { Database } from "./schema.ts";

type InsertedTable = "booking" | "registration" | "email" | "emailPage" | "audit";

/** Inserts rows as `insertion` does, or does nothing where there is none. */
export async function insertRows<Table extends InsertedTable>(
	trx: Trx,
	table: Table,
	rows: Insertable<Database[Table]>[],
	unlessKnown?: keyof Database[Table] & string,
): Promise<void> {
	if (rows.length > 0) await insertion(table, rows, unlessKnown).execute(trx);
}

/**
 * The statement that inserts rows that all name the same columns, as one parameter: it is the same for one row and for
 * hundreds, and costs next to nothing to write, to send and to read again. A row whose `unlessKnown` is there already is
 * left out.
 */
export function insertion<Table extends InsertedTable>(
	table: Table,
	rows: Insertable<Database[Table]>[],
	unlessKnown?: keyof Database[Table] & string,
): RawBuilder<unknown> {
	const first = rows[0] ?? {};
	const columns = Object.keys(first).map((key) => ({ key, name: columnName(key) }));
	const values = rows.map((row: Record<string, unknown>) => {
		const value: Record<string, unknown> = {};
		for (const { key, name } of columns) value[name] = row[key];
		return value;
	});
	const into = sql.table(columnName(table));
	const names = sql.join(columns.map(({ name }) => sql.ref(name)));
	const conflict = unlessKnown ? sql`on conflict (${sql.ref(columnName(unlessKnown))}) do nothing` : sql``;
	return sql`
		insert into ${into} (${names})
		select ${names} from json_populate_recordset(null::${into}, ${JSON.stringify(values)}::json)
		${conflict}
	`;
}

function columnName(key: string): string {
	return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
