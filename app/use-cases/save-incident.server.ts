import { type IncidentDescription, incidentFields, mayBeDeleted } from "#app/domain/incident.ts";
import { homeZone } from "#app/domain/session.ts";
import { localDateOf } from "#app/domain/time.server.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { lockIncident } from "#db/queries/incidents.server.ts";

type SaveIncidentResult = { ok: true } | { ok: false; reason: "conflict" | "unknown" };

/**
 * Writes an incident in the register, or changes it if nobody else did since the revision `seen`; 0 is of one that was not
 * there yet, whose id was made with its form: sent twice, it is written once. The audit names the fields, never what they say.
 */
export async function saveIncident(
	db: Db,
	input: IncidentDescription,
	{ id, seen }: { id: string; seen: number },
	organizerId: string,
	now: Date,
): Promise<SaveIncidentResult> {
	return db.transaction().execute(async (trx) => {
		const entry = { actor: "organizer" as const, organizerId };
		if (seen === 0) {
			const made = await trx
				.insertInto("incident")
				.values({ ...input, id, createdAt: now, updatedAt: now })
				.onConflict((conflict) => conflict.doNothing())
				.returning("id")
				.executeTakeFirst();
			if (made) {
				await recordAudit(trx, [{ ...entry, action: "incident.recorded", data: { incident: id } }], now);
				return { ok: true };
			}
		}
		const before = await lockIncident(trx, id);
		if (!before) return { ok: false, reason: "unknown" };
		const fields = incidentFields.filter((name) => before[name] !== input[name]);
		if (fields.length === 0) return { ok: true };
		if (before.revision !== seen) return { ok: false, reason: "conflict" };
		await trx
			.updateTable("incident")
			.set({ ...input, revision: before.revision + 1, updatedAt: now })
			.where("id", "=", id)
			.execute();
		// What says how long it is kept leaves its former day behind.
		const was = fields.includes("learnedOn") && { learnedOn: before.learnedOn };
		const data = { incident: id, fields, ...was };
		await recordAudit(trx, [{ ...entry, action: "incident.changed", data }], now);
		return { ok: true };
	});
}

type DeleteIncidentResult = { ok: true } | { ok: false; reason: "kept" | "unknown" };

/** Takes an incident out of the register, once it no longer has to be kept. */
export async function deleteIncident(
	db: Db,
	id: string,
	organizerId: string,
	now: Date,
): Promise<DeleteIncidentResult> {
	return db.transaction().execute(async (trx) => {
		const incident = await lockIncident(trx, id);
		if (!incident) return { ok: false, reason: "unknown" };
		if (!mayBeDeleted(incident, localDateOf(now, homeZone))) return { ok: false, reason: "kept" };
		await trx.deleteFrom("incident").where("id", "=", id).execute();
		const entry = { actor: "organizer" as const, organizerId, action: "incident.deleted" as const };
		await recordAudit(trx, [{ ...entry, data: { incident: id } }], now);
		return { ok: true };
	});
}
