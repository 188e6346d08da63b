import { hashToken } from "#app/domain/token.server.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { type FirmIdentity, saveFirm } from "#db/queries/firm.server.ts";
import type { Firm } from "#db/schema.ts";

type SaveSettingsResult = { ok: true } | { ok: false; reason: "conflict" };

/** A version of who the firm is: its words in emails, which have pages of their own, play no part. */
export function settingsVersionOf({ id: _, emailTexts: __, updatedAt: ___, ...identity }: Firm): string {
	return hashToken(JSON.stringify(Object.entries(identity).sort()));
}

/**
 * Changes who the firm is if it still is as the version `seen`, and records which fields changed and by whom: of two pages
 * that were open at once, the second would undo what the first said, and a shorter retention erases within the hour.
 */
export async function saveSettings(
	db: Db,
	settings: FirmIdentity,
	by: { organizerId: string; seen: string },
	now: Date,
): Promise<SaveSettingsResult> {
	return db.transaction().execute(async (trx) => {
		const before = await trx.selectFrom("firm").selectAll().forUpdate().executeTakeFirstOrThrow();
		const fields = Object.entries(settings).flatMap(([name, value]) =>
			before[name as keyof Firm] === value ? [] : [name],
		);
		// Sent twice, it is saved once.
		if (fields.length === 0) return { ok: true };
		if (settingsVersionOf(before) !== by.seen) return { ok: false, reason: "conflict" };
		await saveFirm(trx, settings, now);
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId: by.organizerId, action: "settings.changed", data: { fields } }],
			now,
		);
		return { ok: true };
	});
}
