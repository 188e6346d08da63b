import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import type { Organizer } from "#db/schema.ts";

type Own = Pick<Organizer, "name" | "locale" | "digest" | "alerts">;

/** How an organizer is called, in which language they read, and what they want to receive. */
export async function saveOwn(db: Db, organizer: Organizer, wanted: Partial<Own>, now: Date): Promise<void> {
	const fields = (Object.keys(wanted) as (keyof Own)[]).filter((field) => wanted[field] !== organizer[field]);
	if (fields.length === 0) return;
	await db.transaction().execute(async (trx) => {
		await trx.updateTable("organizer").set(wanted).where("id", "=", organizer.id).execute();
		const by = { actor: "organizer", organizerId: organizer.id } as const;
		await recordAudit(trx, [{ ...by, action: "organizer.preferences-changed", data: { fields } }], now);
	});
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
