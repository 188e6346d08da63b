import type { Locale } from "#app/domain/locale.ts";
import type { Role } from "#app/domain/organizer.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { Organizer } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { invitation } from "#emails/templates/invitation.tsx";
import type { MailOrigin } from "./mail-origin.ts";

type InviteResult = { ok: true; id: string } | { ok: false; reason: "known" };

/** Lets somebody sign in with their address, and tells them so by email. An address has one account at a time. */
export async function inviteOrganizer(
	db: Db,
	origin: MailOrigin,
	person: { name: string; email: string; role: Role; locale: Locale },
	by: Organizer,
	now: Date,
): Promise<InviteResult> {
	return db.transaction().execute(async (trx) => {
		const invited = await trx
			.insertInto("organizer")
			.values({ ...person, id: newId(), createdAt: now, revokedAt: null })
			.onConflict((conflict) => conflict.doNothing())
			.returningAll()
			.executeTakeFirst();
		if (!invited) return { ok: false, reason: "known" };
		const message = invitation(await findFirm(trx), invited, by, origin.publicUrl);
		await queueEmails(trx, [message], origin.domain, now);
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId: by.id,
					action: "organizer.invited",
					data: { organizer: invited.id, role: invited.role },
				},
			],
			now,
		);
		return { ok: true, id: invited.id };
	});
}
