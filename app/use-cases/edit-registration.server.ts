import { createHash } from "node:crypto";
import { sortNameOf } from "#app/domain/name.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { searchTextOf } from "#db/queries/search.server.ts";
import type { Registration } from "#db/schema.ts";

type RegistrationEdit = Pick<Registration, "name" | "sortName" | "organization" | "phone" | "note">;

type EditResult = { ok: true } | { ok: false; reason: "unknown" | "conflict" };

/** A version of what an organizer can correct. Another date or a freed seat leaves it the same. */
export function versionOf({ name, sortName, organization, phone, note }: RegistrationEdit): string {
	const written = JSON.stringify([name, sortName, organization, phone, note]);
	return createHash("sha256").update(written).digest("base64url").slice(0, 16);
}

/**
 * Writes what an organizer corrected about somebody on a list, unless that changed since the version `seen`. A new name
 * brings its own sort name, unless the organizer gave one.
 */
export async function editRegistration(
	db: Db,
	registrationId: string,
	edit: RegistrationEdit,
	seen: string,
	organizerId: string,
	now: Date,
): Promise<EditResult> {
	return db.transaction().execute(async (trx) => {
		const before = await trx
			.selectFrom("registration")
			.selectAll()
			.where("id", "=", registrationId)
			.forNoKeyUpdate()
			.executeTakeFirst();
		if (!before?.name) return { ok: false, reason: "unknown" };
		if (versionOf(before) !== seen) return { ok: false, reason: "conflict" };
		const givesSortName = edit.sortName !== "" && edit.sortName !== before.sortName;
		const sortName =
			givesSortName || edit.name === before.name ? edit.sortName || before.sortName : sortNameOf(edit.name);
		const after = { ...edit, sortName };
		const fields = (Object.keys(after) as (keyof RegistrationEdit)[]).filter(
			(field) => after[field] !== before[field],
		);
		if (fields.length === 0) return { ok: true };
		await trx
			.updateTable("registration")
			.set({ ...after, searchText: searchTextOf({ ...before, ...after }), updatedAt: now })
			.where("id", "=", registrationId)
			.execute();
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId,
					action: "registration.edited",
					sessionId: before.sessionId,
					bookingId: before.bookingId,
					registrationId,
					data: { fields },
				},
			],
			now,
		);
		return { ok: true };
	});
}
