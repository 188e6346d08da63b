import { sql } from "kysely";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";

/** Sends no more announcements to an address, from now on: not even those that wait to leave. */
export async function stopAnnouncements(db: Db, address: string, now: Date): Promise<void> {
	await db.transaction().execute(async (trx) => {
		const ended = await trx
			.updateTable("interest")
			.set({ endedAt: now })
			.where(sql`lower(email)`, "=", address.toLowerCase())
			.where("endedAt", "is", null)
			.returning("id")
			.execute();
		if (ended.length === 0) return;
		const ids = ended.map(({ id }) => id);
		await trx
			.updateTable("email")
			.set({ status: "cancelled" })
			.where("interestId", "in", ids)
			.where("status", "=", "queued")
			.execute();
		const entries = ids.map((interest) => ({
			actor: "attendee" as const,
			action: "interest.ended" as const,
			data: { interest },
		}));
		await recordAudit(trx, entries, now);
	});
}
