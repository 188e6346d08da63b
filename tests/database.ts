import { randomUUID } from "node:crypto";
import { inject } from "vitest";
import { type Db, openDatabase } from "#db/client.server.ts";
import { createDatabase, dropDatabase } from "./postgres.ts";

export type TestDatabase = { db: Db; url: string; drop(): Promise<void> };

/** A database for one test file, empty and with the newest schema. `drop()` also ends connections that were left open. */
export async function createTestDatabase(): Promise<TestDatabase> {
	const port = inject("postgresPort");
	const name = `test_${randomUUID().replaceAll("-", "")}`;
	const url = await createDatabase(port, name);
	const { db, close } = openDatabase({ connectionString: url });
	async function drop(): Promise<void> {
		await close();
		await dropDatabase(port, name);
	}
	return { db, url, drop };
}
