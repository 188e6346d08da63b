import type { Db, Trx } from "../client.server.ts";
import { newId } from "../id.ts";

export type AuditEntry = {
	actor: "attendee" | "organizer" | "system";
	action: string;
	organizerId?: string;
	workshopId?: string;
	sessionId?: string;
	bookingId?: string;
	registrationId?: string;
	/** Field names and values that are not personal. */
	data?: Record<string, string | number | boolean | null | string[]>;
};

/** Records what changed, in the transaction that changed it. Rows are append-only. */
export async function recordAudit(trx: Trx, entries: AuditEntry[], now: Date): Promise<void> {
	if (entries.length === 0) return;
	await trx
		.insertInto("audit")
		.values(
			entries.map((entry) => ({
				id: newId(),
				at: now,
				actor: entry.actor,
				organizerId: entry.organizerId ?? null,
				action: entry.action,
				workshopId: entry.workshopId ?? null,
				sessionId: entry.sessionId ?? null,
				bookingId: entry.bookingId ?? null,
				registrationId: entry.registrationId ?? null,
				data: JSON.stringify(entry.data ?? {}),
			})),
		)
		.execute();
}

/** What happened to one registration, oldest first. */
export async function listHistory(
	db: Db,
	registrationId: string,
): Promise<{ id: string; at: Date; action: string }[]> {
	return db
		.selectFrom("audit")
		.select(["id", "at", "action"])
		.where("registrationId", "=", registrationId)
		.orderBy("id")
		.limit(200)
		.execute();
}
