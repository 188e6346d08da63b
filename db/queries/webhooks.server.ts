import { sql } from "kysely";
import type { WebhookAnswer } from "#app/domain/webhook.ts";
import type { Db, Trx } from "../client.server.ts";
import { newId } from "../id.ts";
import type { Webhook, WebhookDelivery } from "../schema.ts";

/** Longer than an attempt may take, so that nobody else makes it meanwhile. */
const leaseMs = 30_000;

const dayMs = 24 * 3600 * 1000;

/** A message that was given up is spoken of for so long. */
const lostMs = 30 * dayMs;

/** The webhooks that were not removed, by name, with what became of what they were told. */
export async function listWebhooks(db: Db, now: Date) {
	return described(db, now).orderBy("webhook.name").orderBy("webhook.id").execute();
}

export async function findWebhook(db: Db, id: string, now: Date) {
	return described(db, now).where("webhook.id", "=", id).executeTakeFirst();
}

function described(db: Db, now: Date) {
	return db
		.selectFrom("webhook")
		.selectAll("webhook")
		.select((eb) => [
			eb
				.selectFrom("webhookDelivery")
				.select((of) => of.fn.max("webhookDelivery.endedAt").as("at"))
				.whereRef("webhookId", "=", "webhook.id")
				.where("state", "=", "delivered")
				.as("deliveredAt"),
			eb
				.selectFrom("webhookDelivery")
				.select(sql<number>`count(*)::int`.as("count"))
				.whereRef("webhookId", "=", "webhook.id")
				.where("state", "=", "waiting")
				.$asScalar()
				.as("waiting"),
			eb
				.selectFrom("webhookDelivery")
				.select(sql<number>`count(*)::int`.as("count"))
				.whereRef("webhookId", "=", "webhook.id")
				.where("state", "=", "dead")
				.$asScalar()
				.as("dead"),
			lostLately(now),
		])
		.where("webhook.endedAt", "is", null);
}

/** How many messages were given up in the last days, of each webhook. */
function lostLately(now: Date) {
	const since = new Date(now.getTime() - lostMs);
	return sql<number>`(
		select count(*)::int from webhook_delivery
		where webhook_id = webhook.id and state = 'dead' and webhook_delivery.ended_at >= ${since}
	)`.as("lost");
}

/** Locks one that was not removed until the transaction ends. Sign-ups do not wait for it. */
export async function lockWebhook(trx: Trx, id: string): Promise<Webhook | undefined> {
	return trx
		.selectFrom("webhook")
		.selectAll()
		.where("id", "=", id)
		.where("endedAt", "is", null)
		.forNoKeyUpdate()
		.executeTakeFirst();
}

export const deliveriesPerPage = 50;

export type ListedDelivery = Awaited<ReturnType<typeof listDeliveries>>[number];

/** What a webhook was told or is to be told, the latest deed first, with whom it is about. `page` counts from 1. */
export async function listDeliveries(db: Db, webhookId: string, page: number) {
	return db
		.selectFrom("webhookDelivery as delivery")
		.leftJoin("registration", "registration.id", "delivery.registrationId")
		.leftJoin("session", (join) =>
			join.on(sql<boolean>`session.id = coalesce(registration.session_id, delivery.session_id)`),
		)
		.leftJoin("workshop", "workshop.id", "session.workshopId")
		.select([
			"delivery.id",
			"delivery.event",
			"delivery.registrationId",
			"delivery.occurredAt",
			"delivery.state",
			"delivery.dueAt",
			"delivery.attempts",
			"delivery.lastStatus",
			"delivery.lastFailure",
			"delivery.endedAt",
			"registration.name as personName",
			"registration.status as placeStatus",
			"session.id as sessionId",
			"session.startsAt",
			"session.zone",
			"workshop.titleFr",
			"workshop.titleEn",
		])
		.where("delivery.webhookId", "=", webhookId)
		.orderBy("delivery.id", "desc")
		.limit(deliveriesPerPage + 1)
		.offset((page - 1) * deliveriesPerPage)
		.execute();
}

/** Where to send what is to be told, unless nothing is for now. */
export async function findReceiver(db: Db, id: string): Promise<Webhook | undefined> {
	return db
		.selectFrom("webhook")
		.selectAll()
		.where("id", "=", id)
		.where("endedAt", "is", null)
		.where("pausedAt", "is", null)
		.executeTakeFirst();
}

/** The webhooks for which something is due. The first of each says so: `exists` would have Postgres read all that waits. */
export async function listDueWebhooks(db: Db, now: Date): Promise<string[]> {
	const due = await db
		.selectFrom("webhook")
		.select("id")
		.where("endedAt", "is", null)
		.where("pausedAt", "is", null)
		.where(
			({ selectFrom }) =>
				selectFrom("webhookDelivery")
					.select("dueAt")
					.whereRef("webhookId", "=", "webhook.id")
					.where("state", "=", "waiting")
					.orderBy("dueAt")
					.limit(1),
			"<=",
			now,
		)
		.execute();
	return due.map(({ id }) => id);
}

export type ClaimedDelivery = WebhookDelivery & { lease: string };

/**
 * Takes up to `most` of what is due for a webhook, for as long as an attempt may take. What is due at one instant has no order:
 * there can be as much of it as people in an import, and the index ends there.
 */
export async function claimDeliveries(
	db: Db,
	webhookId: string,
	most: number,
	now: Date,
): Promise<ClaimedDelivery[]> {
	const lease = newId();
	const claimed = await db
		.with("due", (qb) =>
			qb
				.selectFrom("webhookDelivery")
				.select(["webhookId", "id"])
				.where("webhookId", "=", webhookId)
				.where("state", "=", "waiting")
				.where("dueAt", "<=", now)
				.orderBy("dueAt")
				.limit(most)
				.forUpdate()
				.skipLocked(),
		)
		.updateTable("webhookDelivery")
		.from("due")
		.set((eb) => ({
			lease,
			dueAt: new Date(now.getTime() + leaseMs),
			attempts: eb("webhookDelivery.attempts", "+", 1),
		}))
		.whereRef("webhookDelivery.webhookId", "=", "due.webhookId")
		.whereRef("webhookDelivery.id", "=", "due.id")
		.returningAll("webhookDelivery")
		.execute();
	return claimed.map((delivery) => ({ ...delivery, lease }));
}

/**
 * Writes down what became of an attempt, and what was told in it, unless somebody else has taken the delivery over. `next` is
 * when to try again.
 */
export async function markDelivery(
	db: Db,
	{ webhookId, id, lease, event }: Pick<ClaimedDelivery, "webhookId" | "id" | "lease" | "event">,
	fate: { state: "delivered" | "dead" } | { state: "waiting"; next: Date },
	answer: WebhookAnswer,
	now: Date,
): Promise<void> {
	await db
		.updateTable("webhookDelivery")
		.set({
			event,
			state: fate.state,
			lease: null,
			lastStatus: answer.status,
			lastFailure: answer.failure,
			...(fate.state === "waiting" ? { dueAt: fate.next } : { endedAt: now }),
		})
		.where("webhookId", "=", webhookId)
		.where("id", "=", id)
		.where("lease", "=", lease)
		.execute();
}

/** Forgets a delivery that has nothing to tell any more. */
export async function dropDelivery(
	db: Db,
	{ webhookId, id, lease }: Pick<ClaimedDelivery, "webhookId" | "id" | "lease">,
): Promise<void> {
	await db
		.deleteFrom("webhookDelivery")
		.where("webhookId", "=", webhookId)
		.where("id", "=", id)
		.where("lease", "=", lease)
		.execute();
}

/** A webhook as it was asked: what its former address answers says nothing of another one. */
type AskedWebhook = Pick<Webhook, "id" | "url">;

/** Remembers that a webhook receives again, or since when it does not. Most answers change nothing. */
export async function markReceiver(
	db: Db,
	{ id, url }: AskedWebhook,
	failed: boolean,
	now: Date,
): Promise<void> {
	await db
		.updateTable("webhook")
		.set({ failingSince: failed ? now : null })
		.where("id", "=", id)
		.where("url", "=", url)
		.where("failingSince", failed ? "is" : "is not", null)
		.execute();
}

/** Stops telling a webhook, for a reason of its own; one that is paused already stays so. */
export async function pauseByItself(
	db: Db,
	{ id, url, failingSince }: AskedWebhook & Pick<Webhook, "failingSince">,
	because: "failing" | "gone",
	now: Date,
): Promise<void> {
	let webhook = db.updateTable("webhook").set({ pausedAt: now, pausedBecause: because });
	// It may have received something meanwhile, from another instance or at an owner's wish.
	if (because === "failing") webhook = webhook.where("failingSince", "=", failingSince);
	await webhook
		.where("id", "=", id)
		.where("url", "=", url)
		.where("endedAt", "is", null)
		.where("pausedAt", "is", null)
		.execute();
}

/** By line of the log: where somebody was moved from, and whether a date was announced by it, or withdrawn. */
export async function findLoggedData(
	db: Db,
	auditIds: string[],
): Promise<Map<string, { from?: string; announced?: boolean }>> {
	if (auditIds.length === 0) return new Map();
	const lines = await db.selectFrom("audit").select(["id", "data"]).where("id", "in", auditIds).execute();
	return new Map(lines.map(({ id, data }) => [id, data as { from?: string; announced?: boolean }]));
}

export type TroubledWebhook = Awaited<ReturnType<typeof listTroubledWebhooks>>[number];

/**
 * The webhooks that need a person: nothing that they are told has been received for a day, or messages were given up, or they
 * were stopped.
 */
export async function listTroubledWebhooks(db: Db, now: Date) {
	const webhooks = await db
		.selectFrom("webhook")
		.select(["id", "name", "failingSince", "pausedBecause", lostLately(now)])
		.where("endedAt", "is", null)
		.orderBy("name")
		.execute();
	const yesterday = new Date(now.getTime() - dayMs);
	return webhooks.flatMap(({ id, name, failingSince, pausedBecause, lost }) => {
		const failing = failingSince !== null && failingSince < yesterday;
		const troubled = pausedBecause ? pausedBecause !== "owner" : failing || lost > 0;
		const trouble = pausedBecause ? ("stopped" as const) : failing ? ("failing" as const) : ("lost" as const);
		return troubled ? [{ id, name, trouble, lost }] : [];
	});
}

/** The webhooks that were stopped since then, not by their owner, and still are. */
export async function listStoppedWebhooks(db: Db, since: Date, now: Date) {
	return db
		.selectFrom("webhook")
		.select(["id", "name", "pausedAt"])
		.where("endedAt", "is", null)
		.where("pausedBecause", "in", ["failing", "gone"])
		.where("pausedAt", ">=", since)
		.where("pausedAt", "<", now)
		.$narrowType<{ pausedAt: Date }>()
		.orderBy("name")
		.execute();
}

/** Puts one delivery of a webhook in line again, or all those that were given up: each as if it were new. */
export async function sendAgain(
	trx: Trx,
	webhookId: string,
	id: string | undefined,
	now: Date,
): Promise<void> {
	const again = trx
		.updateTable("webhookDelivery")
		.set({ state: "waiting", attempts: 0, dueAt: now, endedAt: null })
		.where("webhookId", "=", webhookId)
		// One that is being sent just now is not sent beside itself.
		.where("lease", "is", null);
	await (id ? again.where("id", "=", id) : again.where("state", "=", "dead")).execute();
}

/** What waits to be tried again is due now: its receiver is another one, or said to be well. */
export async function hasten(trx: Trx, webhookId: string, now: Date): Promise<void> {
	await trx
		.updateTable("webhookDelivery")
		.set({ dueAt: now })
		.where("webhookId", "=", webhookId)
		.where("state", "=", "waiting")
		.where("lease", "is", null)
		.where("dueAt", ">", now)
		.execute();
}

/** Nothing more is told to a webhook, nor remembered of what was. */
export async function withdrawAll(trx: Trx, webhookId: string): Promise<void> {
	await trx.deleteFrom("webhookDelivery").where("webhookId", "=", webhookId).execute();
}

/** Nothing more is told of people who are erased, but that they are. */
export async function withdrawDeliveries(trx: Trx, registrationIds: string[]): Promise<void> {
	await trx
		.deleteFrom("webhookDelivery")
		.where("registrationId", "in", registrationIds)
		.where("state", "=", "waiting")
		.where("event", "<>", "registration.erased")
		.execute();
}

/**
 * Forgets what was received over 30 days ago and what nobody received for 90, and what waits for a webhook that was
 * removed in the very moment of the deed.
 */
export async function forgetOldDeliveries(db: Db, now: Date): Promise<void> {
	const before = (days: number) => new Date(now.getTime() - days * dayMs);
	await db
		.deleteFrom("webhookDelivery")
		.where((eb) =>
			eb.or([
				eb.and([eb("state", "=", "delivered"), eb("endedAt", "<", before(30))]),
				eb.and([eb("state", "=", "dead"), eb("endedAt", "<", before(90))]),
			]),
		)
		.execute();
	await db
		.deleteFrom("webhookDelivery")
		.using("webhook")
		.whereRef("webhook.id", "=", "webhookDelivery.webhookId")
		.where("webhook.endedAt", "is not", null)
		.execute();
}

/** Counts what waits and what nobody received, for `/metrics`. */
export async function countDeliveries(db: Db): Promise<{ waiting: number; dead: number }> {
	const count = sql<number>`count(*)::int`.as("count");
	const of = (state: "waiting" | "dead") =>
		db.selectFrom("webhookDelivery").select(count).where("state", "=", state).executeTakeFirstOrThrow();
	const [waiting, dead] = await Promise.all([of("waiting"), of("dead")]);
	return { waiting: waiting.count, dead: dead.count };
}
