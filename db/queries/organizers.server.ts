import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import { newId } from "../id.ts";
import type { Organizer } from "../schema.ts";

/** The organizer with this address, whatever its case, unless revoked. */
export async function findOrganizerByEmail(db: Db | Trx, email: string): Promise<Organizer | undefined> {
	return db
		.selectFrom("organizer")
		.selectAll()
		.where(sql<string>`lower(email)`, "=", email.toLowerCase())
		.where("revokedAt", "is", null)
		.executeTakeFirst();
}

/** The organizer a browser is signed in as. */
export async function findOrganizerByCookie(
	db: Db,
	tokenHash: string,
	now: Date,
): Promise<Organizer | undefined> {
	return db
		.selectFrom("organizerCookie")
		.innerJoin("organizer", "organizer.id", "organizerCookie.organizerId")
		.selectAll("organizer")
		.where("organizerCookie.tokenHash", "=", tokenHash)
		.where("organizerCookie.expiresAt", ">", now)
		.where("organizer.revokedAt", "is", null)
		.executeTakeFirst();
}

/** The first owner, whom the console link lets in; made if nobody is there yet. */
export async function ensureOwner(db: Db, email: string, now: Date): Promise<Organizer> {
	return db.transaction().execute(async (trx) => {
		// Two instances that start together must not make two owners.
		await sql`select pg_advisory_xact_lock(hashtext('presence.first-owner'))`.execute(trx);
		const owner = await trx
			.selectFrom("organizer")
			.selectAll()
			.where("role", "=", "owner")
			.where("revokedAt", "is", null)
			.orderBy("createdAt")
			.executeTakeFirst();
		if (owner) return owner;
		return trx
			.insertInto("organizer")
			.values({
				id: newId(),
				email,
				name: email.split("@")[0] ?? email,
				locale: "fr",
				role: "owner",
				createdAt: now,
				revokedAt: null,
			})
			.returningAll()
			.executeTakeFirstOrThrow();
	});
}

/** Whether anybody has ever signed in: until then, each start shows the console link. */
export async function somebodySignedIn(db: Db): Promise<boolean> {
	const used = await db.selectFrom("signIn").select("id").where("usedAt", "is not", null).executeTakeFirst();
	return used !== undefined;
}

/** Forgets cookies that are over, and codes that were not used in their day. A used one stays: it tells that somebody came. */
export async function forgetExpiredSignIns(db: Db, now: Date): Promise<void> {
	const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
	await db.deleteFrom("organizerCookie").where("expiresAt", "<", now).execute();
	await db.deleteFrom("signIn").where("expiresAt", "<", dayAgo).where("usedAt", "is", null).execute();
}
