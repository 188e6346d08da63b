import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { allowAddress } from "#db/queries/suppressions.server.ts";

/** Writes again to an address that was stopped: its mailbox is back, or the server was wrong. */
export async function reactivateAddress(
	db: Db,
	address: string,
	organizerId: string,
	now: Date,
): Promise<void> {
	await db.transaction().execute(async (trx) => {
		if (!(await allowAddress(trx, address))) return;
		await recordAudit(trx, [{ actor: "organizer", organizerId, action: "address.reactivated" }], now);
	});
}
