import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";

/**
 * Puts a workshop away, or brings it back. Put away, it is on no public page and takes no sign-up; its dates, their
 * people and their links stay as they are. False when there is no such workshop.
 */
export async function archiveWorkshop(
	db: Db,
	id: string,
	archived: boolean,
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		const changed = await trx
			.updateTable("workshop")
			.set({ archivedAt: archived ? now : null, updatedAt: now })
			.where("id", "=", id)
			.where("archivedAt", archived ? "is" : "is not", null)
			.returning("id")
			.executeTakeFirst();
		if (!changed) {
			const known = await trx.selectFrom("workshop").select("id").where("id", "=", id).executeTakeFirst();
			return known !== undefined;
		}
		const action = archived ? "workshop.archived" : "workshop.unarchived";
		await recordAudit(trx, [{ actor: "organizer", organizerId, action, workshopId: id }], now);
		return true;
	});
}
