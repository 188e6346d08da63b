import { sql } from "kysely";
import { anOwnerIsLeft, type Role } from "#app/domain/organizer.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { addedByOrganizer } from "#db/queries/bookings.server.ts";
import { findOrganizer, lockOwners } from "#db/queries/organizers.server.ts";
import type { Organizer } from "#db/schema.ts";

type ChangeResult = { ok: true } | { ok: false; reason: "unknown" | "last-owner" };

/** Gives somebody another role, which counts from their next request on. The last owner stays one. */
export async function changeRole(
	db: Db,
	organizerId: string,
	role: Role,
	by: string,
	now: Date,
): Promise<ChangeResult> {
	return db.transaction().execute(async (trx) => {
		const owners = await lockOwners(trx);
		const organizer = await findOrganizer(trx, organizerId);
		if (!organizer) return { ok: false, reason: "unknown" };
		if (organizer.role === role) return { ok: true };
		if (!anOwnerIsLeft(owners, organizerId) && role !== "owner") return { ok: false, reason: "last-owner" };
		await trx.updateTable("organizer").set({ role }).where("id", "=", organizerId).execute();
		if (role === "door") await takeOverContacts(trx, organizer, [by, ...owners]);
		const data = { organizer: organizerId, was: organizer.role, role };
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId: by, action: "organizer.role-changed", data }],
			now,
		);
		return { ok: true };
	});
}

/** Takes somebody's access away: every browser is signed out at once, and no code or link lets them in again. */
export async function revokeOrganizer(
	db: Db,
	organizerId: string,
	by: string,
	now: Date,
): Promise<ChangeResult> {
	return db.transaction().execute(async (trx) => {
		const owners = await lockOwners(trx);
		const organizer = await findOrganizer(trx, organizerId);
		if (!organizer) return { ok: false, reason: "unknown" };
		if (!anOwnerIsLeft(owners, organizerId)) return { ok: false, reason: "last-owner" };
		await trx.updateTable("organizer").set({ revokedAt: now }).where("id", "=", organizerId).execute();
		await trx.deleteFrom("organizerCookie").where("organizerId", "=", organizerId).execute();
		await trx
			.deleteFrom("signIn")
			.where("organizerId", "=", organizerId)
			.where("usedAt", "is", null)
			.execute();
		await takeOverContacts(trx, organizer, [by, ...owners]);
		const data = { organizer: organizerId, role: organizer.role };
		await recordAudit(trx, [{ actor: "organizer", organizerId: by, action: "organizer.revoked", data }], now);
		return { ok: true };
	});
}

/**
 * Those whom somebody added without an address get their mail through them: through the first of `heirs` who is somebody
 * else from now on, what has not left yet included, and the links that came to them die.
 */
async function takeOverContacts(trx: Trx, { id, email }: Organizer, heirs: string[]): Promise<void> {
	const heirId = heirs.find((heir) => heir !== id);
	const heir = heirId && (await findOrganizer(trx, heirId));
	if (!heir) return;
	const bookings = await trx
		.updateTable("booking")
		.set((eb) => ({
			contactName: heir.name,
			contactEmail: heir.email,
			contactLocale: heir.locale,
			tokenVersion: eb("tokenVersion", "+", 1),
		}))
		.where("payloadHash", "=", addedByOrganizer)
		.where("contactAttends", "=", false)
		.where(sql<string>`lower(contact_email)`, "=", email.toLowerCase())
		.returning("id")
		.execute();
	if (bookings.length === 0) return;
	const people = await trx
		.updateTable("registration")
		.set((eb) => ({ tokenVersion: eb("tokenVersion", "+", 1) }))
		.where(
			"bookingId",
			"in",
			bookings.map(({ id }) => id),
		)
		.where("email", "is", null)
		.returning("id")
		.execute();
	await readdressQueued(
		trx,
		people.map((person) => person.id),
		heir,
	);
}

/**
 * A reminder, or that a date is cancelled, is written once: it leaves for whoever reads it now, under their link. What an
 * erased person is told last goes to an address of their own.
 */
async function readdressQueued(
	trx: Trx,
	registrationIds: string[],
	{ name, email }: Organizer,
): Promise<void> {
	await trx
		.updateTable("email")
		.from("registration")
		.set((eb) => ({
			toName: name,
			toAddress: email,
			tokenVersion: eb.ref("registration.tokenVersion"),
		}))
		.whereRef("registration.id", "=", "email.registrationId")
		.where("email.id", "in", (eb) =>
			eb
				.selectFrom("email")
				.innerJoin("registration", "registration.id", "email.registrationId")
				.select("email.id")
				.where(sql<boolean>`registration.id = any(${registrationIds}::uuid[])`)
				// Until now; a link that was over already stays so.
				.where("email.tokenVersion", "=", (eb) => eb("registration.tokenVersion", "-", 1))
				.where("email.status", "in", ["queued", "sending"])
				.where("email.kind", "<>", "erased")
				.orderBy("email.id")
				.forUpdate("email"),
		)
		.execute();
}
