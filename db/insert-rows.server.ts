import { CompiledQuery, type Insertable } from "kysely";
import type { Trx } from "./client.server.ts";
import type { Database } from "./schema.ts";

type Table = "booking" | "registration" | "email" | "audit";

/**
 * Inserts rows that all name the same columns, as one parameter: the statement is the same for one row and for hundreds,
 * and costs next to nothing to write, to send and to read again. A row whose `unlessKnown` is there already is left out.
 */
export async function insertRows<Into extends Table>(
	trx: Trx,
	table: Into,
	rows: Insertable<Database[Into]>[],
	unlessKnown?: keyof Database[Into] & string,
): Promise<void> {
	const [first] = rows;
	if (!first) return;
	const { columns, text } = statementOf(table, Object.keys(first), unlessKnown);
	const values = rows.map((row: Record<string, unknown>) => {
		const value: Record<string, unknown> = {};
		for (const { key, name } of columns) value[name] = row[key];
		return value;
	});
	await trx.executeQuery(CompiledQuery.raw(text, [JSON.stringify(values)]));
}

type Statement = { columns: { key: string; name: string }[]; text: string };

const statements = new Map<string, Statement>();

/** Written once for each set of columns: in a rush, writing it took longer than the rows did. */
function statementOf(table: Table, keys: string[], unlessKnown: string | undefined): Statement {
	const id = [table, unlessKnown, ...keys].join();
	const known = statements.get(id);
	if (known) return known;
	const columns = keys.map((key) => ({ key, name: columnName(key) }));
	const names = columns.map(({ name }) => `"${name}"`).join(", ");
	const conflict = unlessKnown ? `on conflict (${columnName(unlessKnown)}) do nothing` : "";
	const text = `
		insert into ${table} (${names})
		select ${names} from json_populate_recordset(null::${table}, $1::json)
		${conflict}
	`;
	const made = { columns, text };
	statements.set(id, made);
	return made;
}

function columnName(key: string): string {
	return key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
