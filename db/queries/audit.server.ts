import { sql } from "kysely";
import { eventOf } from "#app/domain/webhook.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import type { Db, Trx } from "../client.server.ts";
import { newId } from "../id.ts";
import { insertion } from "../insert-rows.server.ts";
import type { Registration } from "../schema.ts";

/** What can be done. Each has its sentence in both languages: a new one is first written in the dictionary. */
export type AuditAction = keyof Dictionary["organizer"]["audit"]["actions"];

export type AuditEntry = {
	actor: "attendee" | "organizer" | "system";
	action: AuditAction;
	organizerId?: string;
	workshopId?: string;
	sessionId?: string;
	bookingId?: string;
	registrationId?: string;
	/** Field names and values that are not personal. */
	data?: Record<string, string | number | boolean | null | string[]>;
};

/**
 * Records what changed, in the transaction that changed it, and in the same statement that the firm's other tools are to be
 * told: sign-ups of a rush wait for nothing more. While one is paused, that people are erased alone waits for it. Rows are
 * append-only.
 */
export async function recordAudit(trx: Trx, entries: AuditEntry[], now: Date): Promise<void> {
	const rows = entries.map((entry) => ({
		id: newId(),
		at: now,
		actor: entry.actor,
		organizerId: entry.organizerId ?? null,
		action: entry.action,
		workshopId: entry.workshopId ?? null,
		sessionId: entry.sessionId ?? null,
		bookingId: entry.bookingId ?? null,
		registrationId: entry.registrationId ?? null,
		data: entry.data ?? {},
	}));
	if (rows.length === 0) return;
	const told = rows.flatMap(({ id, sessionId, registrationId, ...deed }) => {
		const event = eventOf(deed);
		// Of somebody who signs others up and does not come, there is no place to speak of.
		if (!event || (event.startsWith("registration.") && !registrationId)) return [];
		const erases = erasures.includes(deed.action);
		return [{ id, event, erases, session_id: sessionId, registration_id: registrationId }];
	});
	const lines = insertion("audit", rows);
	if (told.length === 0) await lines.execute(trx);
	else
		await sql`
			with lines as (${lines})
			insert into webhook_delivery (webhook_id, id, event, session_id, registration_id, occurred_at, due_at)
			select webhook.id, told.id, event, session_id, registration_id, ${now}, ${now}
			from json_to_recordset(${JSON.stringify(told)}::json)
				as told (id uuid, event text, erases boolean, session_id uuid, registration_id uuid), webhook
			where ended_at is null and (paused_at is null or erases)
		`.execute(trx);
}

/** What another tool must hear of, be it paused: it holds the name of somebody who was erased. */
const erasures: AuditAction[] = ["registration.erased", "booking.contact-erased"];

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

/** Whether this person was at that date before they were moved to another one. */
export async function wasMovedFrom(db: Db, registrationId: string, sessionId: string): Promise<boolean> {
	const move = await db
		.selectFrom("audit")
		.select("id")
		.where("registrationId", "=", registrationId)
		.where("action", "=", "registration.switched")
		.where(sql<boolean>`data->>'from' = ${sessionId}`)
		.limit(1)
		.executeTakeFirst();
	return move !== undefined;
}

/** Whether this operation of a phone was already recorded of one of these people. */
export async function wasRecorded(trx: Trx, registrationIds: string[], operation: string): Promise<boolean> {
	const before = await trx
		.selectFrom("audit")
		.select("id")
		.where(sql<boolean>`registration_id = any(${registrationIds}::uuid[])`)
		.where(sql<boolean>`data->>'operation' = ${operation}`)
		.limit(1)
		.executeTakeFirst();
	return before !== undefined;
}

type AuditFilter = {
	/** An organizer's id, or `attendee` or `system` for what these did. */
	who?: string;
	sessionId?: string;
	action?: AuditAction;
	/** Whether what was done with the register of incidents is told, which is the owners' alone. */
	incidents?: boolean;
	/** Instants: from the first on, before the second. */
	from?: Date;
	until?: Date;
	/** The last row of the page before. */
	after?: { at: Date; id: string };
};

export const auditPerPage = 100;

export type AuditRow = Awaited<ReturnType<typeof listAudit>>[number];

/** What was done, the latest first: at most `auditPerPage` rows and one more, which says that there are others. */
export async function listAudit(db: Db, filter: AuditFilter) {
	let query = described(db)
		.orderBy("audit.at", "desc")
		.orderBy("audit.id", "desc")
		.limit(auditPerPage + 1);
	const { who, sessionId, action, from, until, after } = filter;
	if (!filter.incidents) query = query.where("audit.action", "not like", "incident.%");
	if (who === "attendee" || who === "system") query = query.where("audit.actor", "=", who);
	else if (who) query = query.where("audit.organizerId", "=", who);
	if (sessionId) query = query.where("audit.sessionId", "=", sessionId);
	if (action) query = query.where("audit.action", "=", action);
	if (from) query = query.where("audit.at", ">=", from);
	if (until) query = query.where("audit.at", "<", until);
	if (after) query = query.where(sql<boolean>`(audit.at, audit.id) < (${after.at}, ${after.id}::uuid)`);
	return query.execute();
}

/** What happened to one person's place, from the beginning: to it alone, or to its whole booking. */
export async function listPlaceHistory(db: Db, registration: Pick<Registration, "id" | "bookingId">) {
	return described(db)
		.where("audit.bookingId", "=", registration.bookingId)
		.where((eb) =>
			eb.or([eb("audit.registrationId", "=", registration.id), eb("audit.registrationId", "is", null)]),
		)
		.orderBy("audit.at")
		.orderBy("audit.id")
		.execute();
}

/** Each row with the names of whom and what it is about, as they are now. */
function described(db: Db) {
	return db
		.selectFrom("audit")
		.leftJoin("organizer", "organizer.id", "audit.organizerId")
		.leftJoin("organizer as colleague", (join) =>
			join.on(sql<boolean>`colleague.id::text = audit.data->>'organizer'`),
		)
		.leftJoin("registration", "registration.id", "audit.registrationId")
		.leftJoin("incident", (join) => join.on(sql<boolean>`incident.id::text = audit.data->>'incident'`))
		.leftJoin("apiToken", (join) => join.on(sql<boolean>`api_token.id::text = audit.data->>'token'`))
		.leftJoin("webhook", (join) => join.on(sql<boolean>`webhook.id::text = audit.data->>'webhook'`))
		.leftJoin("session", "session.id", "audit.sessionId")
		.leftJoin("workshop", (join) =>
			join.on(sql<boolean>`workshop.id = coalesce(audit.workshop_id, session.workshop_id)`),
		)
		.select([
			"audit.id",
			"audit.at",
			"audit.actor",
			"audit.action",
			"audit.data",
			"audit.sessionId",
			"audit.registrationId",
			"organizer.name as organizerName",
			"colleague.name as colleagueName",
			"registration.name as personName",
			"incident.id as incidentId",
			"apiToken.name as tokenName",
			"webhook.name as webhookName",
			"session.startsAt",
			"session.zone",
			"workshop.id as workshopId",
			"workshop.titleFr",
			"workshop.titleEn",
		]);
}
