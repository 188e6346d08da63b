import { sql } from "kysely";
import { brokenTexts } from "#app/domain/email-texts.ts";
import { digestDay } from "#app/domain/mornings.server.ts";
import type { Db } from "#db/client.server.ts";
import { findDigest } from "#db/queries/digest.server.ts";
import { findFailures, listKnownKeys } from "#db/queries/emails.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listOrganizersForDigest, listOrganizersToAlert } from "#db/queries/organizers.server.ts";
import { listStoppedWebhooks } from "#db/queries/webhooks.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { alert } from "#emails/templates/alert.tsx";
import { digestKey, weeklyDigest } from "#emails/templates/digest.tsx";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Queues the Friday digest of each organizer who wants it, once, when there is something to say. Safe on every instance
 * and as often as wanted. Returns how many it queued.
 */
export async function queueDueDigests(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	const firm = await findFirm(db);
	const day = digestDay(now, firm.defaultZone);
	if (!day) return 0;
	const organizers = await listOrganizersForDigest(db, digestKey(day, ""));
	if (organizers.length === 0) return 0;
	const digest = await findDigest(db, now);
	const { week, failed, dates } = digest;
	if (week.registered + week.cancelled + failed + dates.length === 0) return 0;
	const messages = organizers.map((one) => weeklyDigest(firm, one, digest, day, origin.publicUrl));
	await db.transaction().execute((trx) => queueEmails(trx, messages, origin.domain, now));
	return messages.length;
}

const hour = 3600 * 1000;

/** Tells each organizer who wants it what went wrong since they were told last, once an hour at most. Returns how many it queued. */
export async function queueAlerts(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	const firm = await findFirm(db);
	const broken = brokenTexts(firm.emailTexts);
	const yesterday = new Date(now.getTime() - 24 * hour);
	const failures = await findFailures(db, yesterday, now);
	const stopped = await listStoppedWebhooks(db, yesterday, now);
	if (broken.length + failures.length + stopped.length === 0) return 0;
	return db.transaction().execute(async (trx) => {
		// Two instances that each see another failure would each find that nobody was told yet.
		await sql`select pg_advisory_xact_lock(hashtext('presence.alerts'))`.execute(trx);
		const organizers = await listOrganizersToAlert(trx);
		const messages = organizers.flatMap(({ alertedAt, ...organizer }) => {
			if (alertedAt && now.getTime() - alertedAt.getTime() < hour) return [];
			const isFresh = (at: Date) => !alertedAt || at >= alertedAt;
			const fresh = failures.filter(isFresh);
			const webhooks = organizer.role === "owner" ? stopped.filter(({ pausedAt }) => isFresh(pausedAt)) : [];
			const told = { failed: fresh.length, lastFailedAt: fresh[0] ?? null, broken, webhooks };
			return fresh.length + broken.length + webhooks.length > 0
				? [alert(firm, organizer, told, origin.publicUrl)]
				: [];
		});
		const known = await listKnownKeys(
			trx,
			messages.map(({ dedupeKey }) => dedupeKey),
		);
		const untold = messages.filter(({ dedupeKey }) => !known.has(dedupeKey));
		await queueEmails(trx, untold, origin.domain, now);
		return untold.length;
	});
}
