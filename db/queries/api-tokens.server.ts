import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import type { ApiToken } from "../schema.ts";

const usedEveryMs = 3600 * 1000;

/** The token that has this hash, unless it was revoked. Notes, once an hour, that it is used. */
export async function findApiToken(db: Db, tokenHash: string, now: Date): Promise<ApiToken | undefined> {
	const token = await db
		.selectFrom("apiToken")
		.selectAll()
		.where("tokenHash", "=", tokenHash)
		.where("revokedAt", "is", null)
		.executeTakeFirst();
	if (token && now.getTime() - (token.lastUsedAt?.getTime() ?? 0) > usedEveryMs)
		await db.updateTable("apiToken").set({ lastUsedAt: now }).where("id", "=", token.id).execute();
	return token;
}

export type ListedToken = Awaited<ReturnType<typeof listApiTokens>>[number];

/** The tokens in force with who made them, the newest first. What they were is not known any more. */
export async function listApiTokens(db: Db) {
	return db
		.selectFrom("apiToken")
		.innerJoin("organizer", "organizer.id", "apiToken.createdBy")
		.select(["apiToken.id", "apiToken.name", "apiToken.createdAt", "apiToken.lastUsedAt"])
		.select(["organizer.name as maker", sql<boolean>`organizer.revoked_at is not null`.as("makerLeft")])
		.where("apiToken.revokedAt", "is", null)
		.orderBy("apiToken.createdAt", "desc")
		.orderBy("apiToken.id", "desc")
		.execute();
}

/** Whether other software can read who signed up, or is told of it. */
export async function isReadBySoftware(db: Db): Promise<boolean> {
	const { read } = await db
		.selectNoFrom(({ or, exists, selectFrom }) =>
			or([
				exists(selectFrom("apiToken").select("apiToken.id").where("revokedAt", "is", null)),
				exists(selectFrom("webhook").select("webhook.id").where("endedAt", "is", null)),
			])
				.$castTo<boolean>()
				.as("read"),
		)
		.executeTakeFirstOrThrow();
	return read;
}

/** Whether the log says already that people of this session were read by this token since then. */
export async function wasReadSince(
	db: Db | Trx,
	tokenId: string,
	sessionId: string,
	since: Date,
): Promise<boolean> {
	const before = await db
		.selectFrom("audit")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where("at", ">=", since)
		.where("action", "=", "api.read")
		.where(sql<boolean>`data->>'token' = ${tokenId}`)
		.limit(1)
		.executeTakeFirst();
	return before !== undefined;
}
