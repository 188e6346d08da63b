import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import type { Db, Trx } from "../client.server.ts";
import { newId } from "../id.ts";

export type Consent = { email: string; locale: Locale; wording: string; source: string };

/** Keeps consents to receive announcements, with their wording, time and source. An address already there stays as it is. */
export async function recordInterest(db: Db | Trx, consents: Consent[], now: Date): Promise<void> {
	if (consents.length === 0) return;
	await db
		.insertInto("interest")
		.values(consents.map((consent) => ({ ...consent, id: newId(), createdAt: now, endedAt: null })))
		.onConflict((conflict) => conflict.expression(sql`lower(email)`).where("endedAt", "is", null).doNothing())
		.execute();
}
