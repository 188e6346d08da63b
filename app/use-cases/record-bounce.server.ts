import { sql } from "kysely";
import { addressIsBad } from "#app/domain/bounce.ts";
import type { Db } from "#db/client.server.ts";
import { suppressAddress } from "#db/queries/suppressions.server.ts";
import { readBounce } from "#emails/bounce.ts";

type BounceOutcome = "bounced" | "suppressed" | "not-a-bounce" | "unknown-message";

/**
 * Marks the email that came back, and stops writing to its address when the report says that nothing lives there.
 * Only the address that the email went to is stopped: a report cannot name another. Reporting twice changes nothing more.
 */
export async function recordBounce(db: Db, raw: string, now: Date): Promise<BounceOutcome> {
	const report = readBounce(raw);
	if (!report) return "not-a-bounce";
	if (report.emailIds.length === 0) return "unknown-message";
	return db.transaction().execute(async (trx) => {
		const email = await trx
			.updateTable("email")
			.set((eb) => ({
				status: "bounced",
				smtpResponse: report.answer,
				lastError: report.status,
				// Reported twice, it failed once.
				failedAt: eb.fn.coalesce("failedAt", sql<Date>`${now}::timestamptz`),
			}))
			.where("id", "in", report.emailIds)
			.where("status", "in", ["sent", "bounced"])
			// A report that comes after an erasure brings no address back.
			.where("toAddress", "<>", "")
			.returning(["id", "toAddress"])
			.executeTakeFirst();
		if (!email) return "unknown-message";
		if (!addressIsBad(report.status)) return "bounced";
		const refused = { address: email.toAddress, answer: report.answer, emailId: email.id };
		await suppressAddress(trx, refused, now);
		return "suppressed";
	});
}
