import { undoMs } from "#app/domain/campaign.ts";
import { mayAnnounce } from "#app/domain/firm.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { countAudience, lockCampaign, nextRecipients } from "#db/queries/campaigns.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { describeSession } from "#db/queries/sessions.server.ts";
import { queueEmails, withdraw } from "#emails/outbox.server.ts";
import { campaignCopy } from "#emails/templates/campaign.tsx";
import type { MailOrigin } from "./mail-origin.ts";

type SendResult =
	| { ok: true }
	| {
			ok: false;
			reason: "unknown" | "sent-already" | "nobody" | "count-changed" | "text-changed" | "no-sender";
	  };

/**
 * Sends a message to many in half a minute, unless it is stopped before. `seen` is how many people the organizer was
 * told it is for, and when the text that they read was saved: if that is no longer so, nothing happens and both are to be
 * shown again. An announcement is promotional: it does not leave before its foot can say where to write to the firm.
 */
export async function sendCampaign(
	db: Db,
	campaignId: string,
	seen: { people: number; savedAt: string },
	organizerId: string,
	now: Date,
): Promise<SendResult> {
	return db.transaction().execute(async (trx) => {
		const campaign = await lockCampaign(trx, campaignId);
		if (!campaign) return { ok: false, reason: "unknown" };
		if (campaign.state !== "draft") return { ok: false, reason: "sent-already" };
		if (campaign.updatedAt.toISOString() !== seen.savedAt) return { ok: false, reason: "text-changed" };
		if (campaign.audience === "interest" && !mayAnnounce(await findFirm(trx)))
			return { ok: false, reason: "no-sender" };
		const { fr, en } = await countAudience(trx, campaign);
		if (fr + en === 0) return { ok: false, reason: "nobody" };
		if (fr + en !== seen.people) return { ok: false, reason: "count-changed" };
		await trx
			.updateTable("campaign")
			.set({
				state: "sending",
				sendsAt: new Date(now.getTime() + undoMs),
				recipients: seen.people,
				updatedAt: now,
			})
			.where("id", "=", campaign.id)
			.execute();
		const data = { campaign: campaign.id, audience: campaign.audience, recipients: seen.people };
		const { sessionId } = campaign;
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId, action: "campaign.sent", sessionId, data }],
			now,
		);
		return { ok: true };
	});
}

/** Stops a message to many: what has not left does not. Before its time, it never went out. False when there is no such message. */
export async function stopCampaign(
	db: Db,
	campaignId: string,
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		const campaign = await lockCampaign(trx, campaignId);
		if (!campaign) return false;
		if (campaign.state !== "sending" && campaign.state !== "sent") return true;
		const withdrawn = await withdraw(trx, (eb) => eb("campaignId", "=", campaign.id));
		if (campaign.state === "sent" && withdrawn.length === 0) return true;
		await trx
			.updateTable("campaign")
			.set({ state: "stopped", endedAt: now, updatedAt: now })
			.where("id", "=", campaign.id)
			.execute();
		const data = { campaign: campaign.id, withdrawn: withdrawn.length };
		const { sessionId } = campaign;
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId, action: "campaign.stopped", sessionId, data }],
			now,
		);
		return true;
	});
}

// A transaction this long holds no lock that a sign-up waits for.
const atOnce = 200;

/** Queues the copies of the messages whose time has come, some at a time, on any number of instances. Returns how many. */
export async function queueDueCampaigns(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	let queued = 0;
	for (;;) {
		const some = await queueSome(db, origin, now);
		if (some === null) return queued;
		queued += some;
	}
}

/** Null when no message is due, or another instance is at it. */
async function queueSome(db: Db, origin: MailOrigin, now: Date): Promise<number | null> {
	return db.transaction().execute(async (trx) => {
		const campaign = await trx
			.selectFrom("campaign")
			.selectAll()
			.where("state", "=", "sending")
			.where("sendsAt", "<=", now)
			.orderBy("sendsAt")
			.limit(1)
			.forUpdate()
			.skipLocked()
			.executeTakeFirst();
		if (!campaign) return null;
		const recipients = await nextRecipients(trx, campaign, atOnce);
		const session = await trx
			.selectFrom("session")
			.selectAll()
			.where("id", "=", campaign.sessionId)
			.executeTakeFirstOrThrow();
		const details = await describeSession(trx, session);
		const facts = { ...details, campaign, firm: await findFirm(trx), publicUrl: origin.publicUrl };
		const copies = recipients.map((recipient) => campaignCopy(facts, recipient));
		await queueEmails(trx, copies, origin.domain, now);
		const isOver = recipients.length < atOnce;
		await trx
			.updateTable("campaign")
			.set({
				queuedUpTo: recipients.at(-1)?.id ?? campaign.queuedUpTo,
				...(isOver ? { state: "sent" as const, endedAt: now } : {}),
			})
			.where("id", "=", campaign.id)
			.execute();
		return recipients.length;
	});
}
