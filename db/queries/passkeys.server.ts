import type { Db } from "../client.server.ts";

/** Somebody's passkeys, the latest first. */
export async function listPasskeys(db: Db, organizerId: string) {
	return db
		.selectFrom("passkey")
		.select(["id", "name", "createdAt", "usedAt"])
		.where("organizerId", "=", organizerId)
		.orderBy("createdAt", "desc")
		.orderBy("id")
		.execute();
}

/** A passkey of somebody who may sign in. */
export async function findPasskey(db: Db, id: string) {
	return db
		.selectFrom("passkey")
		.innerJoin("organizer", "organizer.id", "passkey.organizerId")
		.selectAll("passkey")
		.where("passkey.id", "=", id)
		.where("organizer.revokedAt", "is", null)
		.executeTakeFirst();
}
