import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findEmail } from "#db/queries/emails.server.ts";
import type { Email, EmailStatus } from "#db/schema.ts";
import { giveUpAt } from "#emails/outbox.server.ts";

type ResendResult = { ok: true } | { ok: false; reason: "unknown" | "not-resendable" };

const resendable: EmailStatus[] = ["sent", "captured", "dead", "bounced", "suppressed"];

/** Whether an email has met its fate and can go out once more: one that is erased cannot. */
export function mayResend({ status, toAddress }: Pick<Email, "status" | "toAddress">): boolean {
	return resendable.includes(status) && toAddress !== "";
}

/**
 * Puts an email back in the queue, due at once: the same message under the same Message-ID, so that a reader who has it
 * already sees one. Its personal link is made anew at delivery.
 */
export async function resendEmail(
	db: Db,
	emailId: string,
	organizerId: string,
	now: Date,
): Promise<ResendResult> {
	return db.transaction().execute(async (trx) => {
		const email = await findEmail(trx, emailId);
		if (!email) return { ok: false, reason: "unknown" };
		const queued = await trx
			.updateTable("email")
			.set({
				status: "queued",
				dueAt: now,
				giveUpAt: giveUpAt(email.kind, now),
				attempts: 0,
				lease: null,
				smtpResponse: null,
				lastError: null,
				sentAt: null,
				failedAt: null,
			})
			.where("id", "=", email.id)
			.where("status", "in", resendable)
			.where("toAddress", "<>", "")
			.returning("id")
			.executeTakeFirst();
		if (!queued) return { ok: false, reason: "not-resendable" };
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId,
					action: "email.resent",
					bookingId: email.bookingId ?? undefined,
					registrationId: email.registrationId ?? undefined,
					data: { email: email.id, kind: email.kind, was: email.status },
				},
			],
			now,
		);
		return { ok: true };
	});
}
