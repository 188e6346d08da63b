import { homeZone } from "#app/domain/session.ts";
import { dayOf } from "#app/domain/time.server.ts";
import { hashToken, randomToken } from "#app/domain/token.server.ts";
import type { Db } from "#db/client.server.ts";
import { wasReadSince } from "#db/queries/api-tokens.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";

/**
 * Makes a token that other software reads the API by. It is returned here and nowhere else: its hash alone is kept. Null when
 * its form, which made `id`, was sent before.
 */
export async function createApiToken(
	db: Db,
	{ id, name }: { id: string; name: string },
	organizerId: string,
	now: Date,
): Promise<string | null> {
	const token = `pres_${randomToken()}`;
	return db.transaction().execute(async (trx) => {
		const made = await trx
			.insertInto("apiToken")
			.values({ id, name, tokenHash: hashToken(token), createdBy: organizerId, createdAt: now })
			.onConflict((conflict) => conflict.column("id").doNothing())
			.returning("id")
			.executeTakeFirst();
		if (!made) return null;
		const entry = { actor: "organizer" as const, organizerId, action: "api-token.created" as const };
		await recordAudit(trx, [{ ...entry, data: { token: id } }], now);
		return token;
	});
}

/** Lets nobody read by this token any more. False when nobody could already. */
export async function revokeApiToken(db: Db, id: string, organizerId: string, now: Date): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		const revoked = await trx
			.updateTable("apiToken")
			.set({ revokedAt: now })
			.where("id", "=", id)
			.where("revokedAt", "is", null)
			.returning("id")
			.executeTakeFirst();
		if (!revoked) return false;
		const entry = { actor: "organizer" as const, organizerId, action: "api-token.revoked" as const };
		await recordAudit(trx, [{ ...entry, data: { token: id } }], now);
		return true;
	});
}

/** Records that people of this session were read by this token: once a day, however many pages that takes. */
export async function recordReading(db: Db, tokenId: string, sessionId: string, now: Date): Promise<void> {
	const { from } = dayOf(now, homeZone);
	if (await wasReadSince(db, tokenId, sessionId, from)) return;
	await db.transaction().execute(async (trx) => {
		// Two pages asked for at once write one line.
		await trx.selectFrom("apiToken").select("id").where("id", "=", tokenId).forUpdate().execute();
		if (await wasReadSince(trx, tokenId, sessionId, from)) return;
		const entry = { actor: "system" as const, action: "api.read" as const, sessionId };
		await recordAudit(trx, [{ ...entry, data: { token: tokenId } }], now);
	});
}
