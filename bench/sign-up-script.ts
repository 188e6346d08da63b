import { CamelCasePlugin, Kysely, PostgresDialect } from "kysely";
import type pg from "pg";
import { registerTogether } from "#app/use-cases/register.server.ts";
import type { Database } from "#db/schema.ts";
import { aSignUp, origin } from "#tests/fixtures.ts";

/** Each script's sign-ups have a letter of their own in their references. */
const letters = "ABCDEFGHJKMNPQRSTVWXYZ";
let scripts = 0;

/**
 * The statements of one sign-up as a pgbench script, taken from a real one: what is new in each sign-up (ids, key,
 * address, reference) becomes a number of the client and its turn.
 */
export async function signUpScript(pool: pg.Pool, sessionIds: string[]): Promise<string> {
	const statements: { sql: string; parameters: readonly unknown[] }[] = [];
	const db = new Kysely<Database>({
		dialect: new PostgresDialect({ pool }),
		plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
		log({ query }) {
			statements.push({ sql: query.sql, parameters: query.parameters });
		},
	});
	const sessionId = sessionIds[0]!;
	const letter = letters[scripts++ % letters.length]!;
	const turn = String(Date.now());
	const email = `zoe.${turn}@exemple.ca`;
	const signUp = aSignUp(sessionId, { key: `key-of-the-bench-${turn}`, email });
	const [result] = await registerTogether(db, origin, [signUp], new Date());
	if (!result?.ok) throw new Error("The sign-up that shows the statements was refused.");

	// Ids that this sign-up made: those it wrote that the database did not hold before it.
	const known = new Set<string>([sessionId]);
	for (const { sql, parameters } of statements) {
		if (isInsert(sql)) continue;
		for (const id of idsIn(parameters)) known.add(id);
	}
	const made = new Set<string>();
	for (const { sql, parameters } of statements) {
		if (!isInsert(sql)) continue;
		for (const id of idsIn(parameters)) if (!known.has(id)) made.add(id);
	}
	const marks = new Map([...made].map((id) => [id, `${id.slice(0, 29)}\u0001`]));
	marks.set(signUp.key, `${signUp.key}-\u0001`);
	marks.set(email, `zoe.${turn}.\u0001@exemple.ca`);
	marks.set(result.reference, `${letter}\u0001`);
	const lines = statements.map(({ sql, parameters }) => {
		const filled = sql.replace(/\$(\d+)/g, (_, n) => literal(parameters[Number(n) - 1], marks, sessionId));
		// The counter rises by itself here: each sign-up of the app writes the number it read under the lock.
		return filled.replace(/"seats_taken" = \d+/, '"seats_taken" = "seats_taken" + 1');
	});
	const body = lines.map((line) => `${line};`).join("\n");
	const choose = sessionIds
		.map((id, n) => `${n === 0 ? "\\if" : "\\elif"} :turn = ${n}\n${body.replaceAll(sessionId, id)}`)
		.join("\n");
	return `\\set i :i + 1
\\set nr 1000000 + :client_id * 100000 + :i
\\set turn (:client_id + :i) % ${sessionIds.length}
${sessionIds.length === 1 ? body : `${choose}\n\\endif`}
`;
}

function isInsert(sql: string): boolean {
	return /^\s*(with \w+ as \(\s*)?insert into/.test(sql);
}

/** Alone, or in the rows that are sent as one parameter. */
function idsIn(parameters: readonly unknown[]): string[] {
	return parameters.flatMap((value) =>
		typeof value === "string" ? (value.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g) ?? []) : [],
	);
}

function isUuid(value: string): boolean {
	return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);
}

function literal(value: unknown, marks: Map<string, string>, sessionId: string): string {
	if (value === null || value === undefined) return "null";
	if (Array.isArray(value))
		return `array[${value.map((each) => literal(each, marks, sessionId)).join(", ")}]`;
	if (typeof value === "number" || typeof value === "boolean") return String(value);
	const text =
		value instanceof Date ? value.toISOString() : typeof value === "string" ? value : JSON.stringify(value);
	// The same mark for each: two ids that end alike stay two, because they begin differently.
	const marked = [...marks].reduce((all, [one, mark]) => all.replaceAll(one, mark), text);
	const quoted = marked.split("\u0001").map((part) => `E'${part.replace(/[\\':\r\n]/g, escaped)}'`);
	if (quoted.length === 1) return quoted[0]!;
	const joined = `(${quoted.join(" || :nr::text || ")})`;
	return isUuid(text) && text !== sessionId && marks.has(text) ? `${joined}::uuid` : joined;
}

/** A colon too: pgbench takes what follows one for a variable, inside quotes as well. */
function escaped(sign: string): string {
	return `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`;
}
