import { setImmediate } from "node:timers/promises";
import {
	CamelCasePlugin,
	type DatabaseConnection,
	Kysely,
	PostgresDialect,
	type PostgresPool,
	type PostgresPoolClient,
	sql,
	Transaction,
} from "kysely";
import pg from "pg";
import type { Database } from "./schema.ts";

export type Db = Kysely<Database>;
export type Trx = Transaction<Database>;
export type OpenDatabase = { db: Db; pool: pg.Pool; close(): Promise<void> };

// A calendar date has no zone: keep `2026-12-01` as text instead of a midnight in the server's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value);

/** Opens the one pool of this process. `close()` waits for the queries under way. */
export function openDatabase(connection: pg.PoolConfig): OpenDatabase {
	const pool = new pg.Pool({ max: 10, connectionTimeoutMillis: 5000, pipeline: true, ...connection });
	pool.on("error", ignoreLostConnection);
	// Without a listener on each client, a server that shuts down while the client is checked out ends the process.
	pool.on("connect", (client) => client.on("error", ignoreLostConnection));
	const db = new Kysely<Database>({
		dialect: new PostgresDialect({ pool: calledBack(pool) }),
		plugins: [new CamelCasePlugin({ maintainNestedObjectKeys: true })],
	});
	return { db, pool, close: () => db.destroy() };
}

/**
 * The pool, each query asked for with a callback. The rows that pg reads behind its own promise survive every scavenge of
 * the heap and pile up until a full collection: exporting 100,000 people held 40 MB more.
 */
function calledBack(pool: pg.Pool): PostgresPool {
	return {
		async connect() {
			const client = await pool.connect();
			const query = (text: string, values: readonly unknown[]) =>
				new Promise<pg.QueryResult>((resolve, reject) => {
					client.query(text, [...values], (error, result) => (error ? reject(error) : resolve(result)));
				});
			// Kysely would ask it for cursors too; nobody here does.
			return { query, release: () => client.release() } as unknown as PostgresPoolClient;
		},
		end: () => pool.end(),
	};
}

/**
 * One transaction in few turns of the network: the queries that are asked for together leave together, and Postgres runs
 * them in the order they were asked for (pipelining). When one fails, so do those behind it, and its error is thrown. The
 * transaction begins with the first of them. It is committed when `work` is done, or with the last of its queries if `work`
 * asks for that itself.
 */
export function inFewTurns<Result>(
	db: Db,
	work: (trx: Trx, commit: () => Promise<unknown>) => Promise<Result>,
): Promise<Result> {
	return db.connection().execute((connected) => {
		const executor = connected.getExecutor();
		return executor.provideConnection(async (connection) => {
			// Kysely itself would have each query wait for the answer of the one before.
			const together = executor.withConnectionProvider({ provideConnection: ask });
			const trx = new Transaction<Database>({ ...unconnected, executor: together });
			let ended: Promise<unknown> | undefined;
			// Those behind the query that failed say only that the transaction is aborted, and may be heard of first.
			let firstFailure: unknown;
			// Behind the end, a query would be outside any transaction, on a connection that somebody else has by then.
			async function ask<Answer>(use: (connection: DatabaseConnection) => Promise<Answer>): Promise<Answer> {
				if (ended) throw new Error("The transaction has ended: nothing more can be asked for in it.");
				try {
					return await use(connection);
				} catch (error) {
					firstFailure ??= error;
					throw error;
				}
			}
			function end(how: "commit" | "rollback"): Promise<unknown> {
				ended ??= sql.raw(how).execute(trx);
				return ended;
			}
			let committed: Promise<unknown> | undefined;
			// A turn of the event loop later: nothing is committed without a query that failed to leave.
			function commit(): Promise<unknown> {
				committed ??= setImmediate().then(() => end("commit"));
				return committed;
			}
			try {
				const [, result] = await Promise.all([sql`begin`.execute(trx), work(trx, commit)]);
				await commit();
				return result;
			} catch (error) {
				// A commit behind a query that failed has undone everything.
				await end("rollback").catch(() => {});
				throw firstFailure ?? error;
			}
		});
	});
}

const dialect = new PostgresDialect({
	pool: () => Promise.reject(new Error("A transaction has its connection.")),
});
const unconnected = { config: { dialect }, dialect, driver: dialect.createDriver() };

/** True when an error means that the database could not be reached or was too busy, and trying again later may work. */
export function isDatabaseUnavailable(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	const code = "code" in error ? String(error.code) : "";
	return (
		["ECONNREFUSED", "ECONNRESET", "ENOENT", "ETIMEDOUT", "EPIPE"].includes(code) ||
		// Class 08: connection; 53: resources; 57P: shutdown; 55P03: lock not available in time; 25P03: silent for too long.
		/^(08|53|57P|55P03|25P03)/.test(code) ||
		/Connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/.test(
			error.message,
		)
	);
}

function ignoreLostConnection(): void {
	// The query that was under way rejects by itself, and the pool replaces the client.
}
