import type { Db, Trx } from "../client.server.ts";

/** Stops writing to an address that a mail server refused for good. The first answer is kept. */
export async function suppressAddress(
	db: Db | Trx,
	refused: { address: string; answer: string; emailId: string },
	now: Date,
): Promise<void> {
	await db
		.insertInto("suppression")
		.values({ ...refused, address: refused.address.toLowerCase(), createdAt: now })
		.onConflict((conflict) => conflict.column("address").doNothing())
		.execute();
}

/** The addresses that are not written to, the latest first. */
export async function listSuppressions(db: Db) {
	return db.selectFrom("suppression").selectAll().orderBy("createdAt", "desc").limit(500).execute();
}

/** How many addresses are not written to. */
export async function countSuppressions(db: Db): Promise<number> {
	const { count } = await db
		.selectFrom("suppression")
		.select((eb) => eb.fn.countAll<string>().as("count"))
		.executeTakeFirstOrThrow();
	return Number(count);
}

/** Writes to an address again. Returns whether it was stopped. */
export async function allowAddress(trx: Trx, address: string): Promise<boolean> {
	const { numDeletedRows } = await trx
		.deleteFrom("suppression")
		.where("address", "=", address.toLowerCase())
		.executeTakeFirst();
	return numDeletedRows > 0n;
}
