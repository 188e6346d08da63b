import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";

/** What an organizer wants to receive. */
export async function saveOwnMail(
	db: Db,
	organizerId: string,
	wanted: { digest: boolean; alerts: boolean },
): Promise<void> {
	await db.updateTable("organizer").set(wanted).where("id", "=", organizerId).execute();
}

/** Makes the address of an organizer's calendar worthless; the next one is a new one. */
export async function renewCalendar(db: Db, organizerId: string, now: Date): Promise<void> {
	await db.transaction().execute(async (trx) => {
		await trx
			.updateTable("organizer")
			.set((eb) => ({ calendarVersion: eb("calendarVersion", "+", 1) }))
			.where("id", "=", organizerId)
			.execute();
		await recordAudit(trx, [{ actor: "organizer", organizerId, action: "calendar.renewed" }], now);
	});
}
