import type { Db, Trx } from "#db/client.server.ts";
import { type AuditAction, recordAudit } from "#db/queries/audit.server.ts";
import { hasten, lockWebhook, sendAgain, withdrawAll } from "#db/queries/webhooks.server.ts";
import type { Webhook } from "#db/schema.ts";

/**
 * Has another tool told from now on. The id was made with the form: sent twice, it makes one. Returns false where the id is
 * another one's, or of one that was removed.
 */
export async function createWebhook(
	db: Db,
	{ id, name, url }: Pick<Webhook, "id" | "name" | "url">,
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		const made = await trx
			.insertInto("webhook")
			.values({ id, name, url, createdBy: organizerId, createdAt: now })
			.onConflict((conflict) => conflict.column("id").doNothing())
			.returning("id")
			.executeTakeFirst();
		if (made) {
			await record(trx, "webhook.created", id, organizerId, now);
			return true;
		}
		const there = await lockWebhook(trx, id);
		return there?.name === name && there.url === url;
	});
}

/** What an owner can do to a webhook that is there. */
export type WebhookChange =
	| { what: "change"; name: string; url: string }
	/** Makes the signing secret of this version another one, once; the one before is still used for a day. */
	| { what: "renew"; version: number }
	| { what: "pause" }
	| { what: "resume" }
	| { what: "remove" }
	/** Sends again one message, or all those that nobody received. */
	| { what: "again"; deliveryId?: string };

/**
 * What changes nothing is not recorded. Returns whether it was resumed: another address begins afresh where the former made it
 * stop. Null when it is not there any more.
 */
export async function changeWebhook(
	db: Db,
	id: string,
	change: WebhookChange,
	organizerId: string,
	now: Date,
): Promise<{ resumed: boolean } | null> {
	return db.transaction().execute(async (trx) => {
		const webhook = await lockWebhook(trx, id);
		if (!webhook) return null;
		let resumed = false;
		const set = (changes: Partial<Webhook>) =>
			trx.updateTable("webhook").set(changes).where("id", "=", id).execute();
		// Another address has not failed yet, nor one that its owner has tried.
		const startAfresh = async () => {
			await set({ failingSince: null });
			await hasten(trx, id, now);
		};
		const done = (action: AuditAction, fields?: string[]) =>
			record(trx, action, id, organizerId, now, fields);
		const resume = async () => {
			await set({ pausedAt: null, pausedBecause: null });
			await startAfresh();
			await done("webhook.resumed");
			resumed = true;
		};
		switch (change.what) {
			case "change": {
				const { name, url } = change;
				const fields = (["name", "url"] as const).filter((field) => webhook[field] !== change[field]);
				if (fields.length === 0) break;
				await set({ name, url });
				await done("webhook.changed", fields);
				if (!fields.includes("url")) break;
				if (webhook.pausedAt && webhook.pausedBecause !== "owner") await resume();
				else await startAfresh();
				break;
			}
			case "renew":
				if (webhook.version !== change.version) break;
				await set({ version: webhook.version + 1, renewedAt: now });
				await done("webhook.renewed");
				break;
			case "pause":
				if (webhook.pausedAt) break;
				await set({ pausedAt: now, pausedBecause: "owner" });
				await done("webhook.paused");
				break;
			case "resume":
				if (webhook.pausedAt) await resume();
				break;
			case "remove":
				await set({ endedAt: now, url: "" });
				await withdrawAll(trx, id);
				await done("webhook.removed");
				break;
			case "again":
				await sendAgain(trx, id, change.deliveryId, now);
		}
		return { resumed };
	});
}

async function record(
	trx: Trx,
	action: AuditAction,
	webhook: string,
	organizerId: string,
	now: Date,
	fields?: string[],
): Promise<void> {
	const data = { webhook, ...(fields && { fields }) };
	await recordAudit(trx, [{ actor: "organizer", organizerId, action, data }], now);
}
