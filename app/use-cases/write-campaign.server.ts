import type { Audience, CampaignView } from "#app/domain/campaign.ts";
import { locales } from "#app/domain/locale.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { findCampaign, nextRecipients, type Recipient } from "#db/queries/campaigns.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import type { Organizer } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { type CampaignFacts, campaignBody } from "#emails/templates/campaign.tsx";
import type { MailOrigin } from "./mail-origin.ts";

export type CampaignInput = {
	audience: Audience;
	view?: CampaignView | null;
	subjectFr: string;
	subjectEn: string;
	bodyFr: string;
	bodyEn: string;
};

/** Keeps a message to many as a draft, new or changed. Null when it has been sent meanwhile. */
export async function saveDraft(
	db: Db,
	sessionId: string,
	draftId: string | null,
	input: CampaignInput,
	organizerId: string,
	now: Date,
): Promise<string | null> {
	const columns = { ...input, view: input.view ? JSON.stringify(input.view) : null };
	if (draftId) {
		const saved = await db
			.updateTable("campaign")
			.set({ ...columns, updatedAt: now })
			.where("id", "=", draftId)
			.where("sessionId", "=", sessionId)
			.where("state", "=", "draft")
			.returning("id")
			.executeTakeFirst();
		return saved?.id ?? null;
	}
	const id = newId();
	const draft = { ...columns, id, sessionId, organizerId, state: "draft" as const };
	const times = { createdAt: now, updatedAt: now, sendsAt: null, endedAt: null };
	await db
		.insertInto("campaign")
		.values({ ...draft, ...times, recipients: null, queuedUpTo: null })
		.execute();
	return id;
}

/** What a message is made from, with the first person it is for, to show it as they will get it. */
export async function findCampaignFacts(
	db: Db,
	origin: MailOrigin,
	campaignId: string,
): Promise<{ facts: CampaignFacts; reader: Recipient | undefined } | undefined> {
	const campaign = await findCampaign(db, campaignId);
	const details = campaign && (await findSessionDetails(db, campaign.sessionId));
	if (!details) return undefined;
	const [reader] = await nextRecipients(db, { ...campaign, queuedUpTo: null }, 1);
	return { facts: { ...details, campaign, firm: await findFirm(db), publicUrl: origin.publicUrl }, reader };
}

/** Sends a message to the organizer who writes it, in both languages; its personal link leads to the site. */
export async function sendTrial(
	db: Db,
	origin: MailOrigin,
	facts: CampaignFacts,
	organizer: Organizer,
	now: Date,
): Promise<void> {
	const messages = locales.map((locale) => ({
		kind: "test" as const,
		dedupeKey: `test:${newId()}`,
		owner: { organizerId: organizer.id },
		to: { name: organizer.name, address: organizer.email },
		locale,
		...campaignBody(facts, { name: organizer.name, locale }, origin.publicUrl),
	}));
	await db.transaction().execute((trx) => queueEmails(trx, messages, origin.domain, now));
}
