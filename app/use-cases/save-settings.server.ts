import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { type FirmIdentity, findFirm, saveFirm } from "#db/queries/firm.server.ts";
import type { Firm } from "#db/schema.ts";

/** Changes who the firm is, and records which fields changed and by whom. */
export async function saveSettings(
	db: Db,
	settings: FirmIdentity,
	organizerId: string,
	now: Date,
): Promise<void> {
	await db.transaction().execute(async (trx) => {
		const before = await findFirm(trx);
		const fields = Object.entries(settings).flatMap(([name, value]) =>
			before[name as keyof Firm] === value ? [] : [name],
		);
		await saveFirm(trx, settings, now);
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId, action: "settings.changed", data: { fields } }],
			now,
		);
	});
}
