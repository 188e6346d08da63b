import type { Db } from "#db/client.server.ts";
import { findEmail } from "#db/queries/emails.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { Email, Organizer } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { testEmail } from "#emails/templates/test-email.tsx";
import type { MailOrigin } from "./mail-origin.ts";

const lookEveryMs = 200;

/** Queues an email to the organizer who asks, by the way that every other email takes. Returns its id. */
export async function queueTestEmail(
	db: Db,
	origin: MailOrigin,
	organizer: Organizer,
	now: Date,
): Promise<string> {
	return db.transaction().execute(async (trx) => {
		const message = testEmail(await findFirm(trx), organizer);
		await queueEmails(trx, [message], origin.domain, now);
		const { id } = await trx
			.selectFrom("email")
			.select("id")
			.where("dedupeKey", "=", message.dedupeKey)
			.executeTakeFirstOrThrow();
		return id;
	});
}

/** Waits until an email has met its fate or a first failure, `forMs` at most. Returns it as it is then. */
export async function awaitFirstAttempt(db: Db, emailId: string, forMs: number): Promise<Email | undefined> {
	const until = Date.now() + forMs;
	for (;;) {
		const email = await findEmail(db, emailId);
		const pending = email?.status === "sending" || (email?.status === "queued" && !email.lastError);
		if (!pending || Date.now() > until) return email;
		await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
	}
}
