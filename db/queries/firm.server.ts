import type { Db, Trx } from "../client.server.ts";
import type { Firm } from "../schema.ts";

export type FirmIdentity = Omit<Firm, "id" | "emailTexts" | "calendarInvitations" | "updatedAt"> & {
	/** Left out, it stays as it is. */
	calendarInvitations?: boolean;
};

/** Who announces the workshops. The start of the app makes sure that the one row exists. */
export async function findFirm(db: Db | Trx): Promise<Firm> {
	return db.selectFrom("firm").selectAll().executeTakeFirstOrThrow();
}

/** Writes the firm's identity, whole; its words in emails stay. */
export async function saveFirm(db: Db | Trx, firm: FirmIdentity, now: Date): Promise<void> {
	await db
		.insertInto("firm")
		.values({ ...firm, updatedAt: now })
		.onConflict((conflict) => conflict.column("id").doUpdateSet({ ...firm, updatedAt: now }))
		.execute();
}

/** The row of a site that has just been made; leaves an existing one alone. */
export async function ensureFirm(db: Db | Trx, name: string, now: Date): Promise<void> {
	await db
		.insertInto("firm")
		.values({
			name,
			postalAddress: "",
			email: "",
			taglineFr: "",
			taglineEn: "",
			privacyOfficerFr: "",
			privacyOfficerEn: "",
			privacyEmail: "",
			updatedAt: now,
		})
		.onConflict((conflict) => conflict.doNothing())
		.execute();
}
