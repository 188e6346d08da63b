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

/**
 * Whoever an email went to, in what language, and whether that address gets announcements. Undefined once the address is
 * erased: an announcement's reader is found for as long as they get others, so that its link stops them.
 */
export async function findReader(
	db: Db,
	emailId: string,
): Promise<{ address: string; locale: Locale; announced: boolean } | undefined> {
	const email = await db
		.selectFrom("email")
		.leftJoin("interest", "interest.id", "email.interestId")
		.select([
			sql<string | null>`coalesce(nullif(email.to_address, ''), interest.email)`.as("address"),
			"email.locale",
		])
		.where("email.id", "=", emailId)
		.executeTakeFirst();
	if (!email?.address) return undefined;
	const { address, locale } = email;
	return { address, locale, announced: await isAnnounced(db, address) };
}

/** Whether an address gets announcements. */
export async function isAnnounced(db: Db, email: string | null): Promise<boolean> {
	if (!email) return false;
	const interest = await db
		.selectFrom("interest")
		.select("id")
		.where(sql`lower(email)`, "=", email.toLowerCase())
		.where("endedAt", "is", null)
		.executeTakeFirst();
	return interest !== undefined;
}

/** What an address agreed to receive, the earliest first: what it stopped too, until it is erased. */
export async function listConsents(db: Db, email: string) {
	return db
		.selectFrom("interest")
		.select(["wording", "source", "createdAt", "endedAt"])
		.where(sql`lower(email)`, "=", email.toLowerCase())
		.orderBy("createdAt")
		.execute();
}
