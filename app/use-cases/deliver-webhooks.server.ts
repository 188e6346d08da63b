import type { Question } from "#app/domain/question.ts";
import { hasFailedTooLong, outcomeOf, retryAt, testEvent, type WebhookAnswer } from "#app/domain/webhook.ts";
import { signedHeaders } from "#app/domain/webhook-signature.server.ts";
import {
	type ApiRegistration,
	type ApiSession,
	registrationShape,
	sessionShape,
} from "#app/exports/api-shapes.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { findToldRegistrations } from "#db/queries/api-registrations.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listExportedQuestions } from "#db/queries/questions.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import {
	type ClaimedDelivery,
	claimDeliveries,
	dropDelivery,
	findFormerSessions,
	findReceiver,
	markDelivery,
	markReceiver,
	pauseByItself,
} from "#db/queries/webhooks.server.ts";
import type { Webhook, WebhookDelivery } from "#db/schema.ts";
import { postWebhook, type Reach } from "./post-webhook.server.ts";

/** How many messages one instance sends to a webhook at once. One that does not receive is sent a single one. */
const mostAtOnce = 4;

export type WebhookSettings = {
	publicUrl: string;
	/** Each of them signs. */
	secrets: string[];
	reach: Reach;
	/** From 0 to 1, anew each time: spreads what is tried again. */
	chance(): number;
};

/**
 * Sends a few of the messages that are due for a webhook: claims them under a lease and commits, sends them outside any
 * transaction, then marks each if the lease is still its own. A process that is killed in between sends them again under
 * the same id, on any instance. Says whether nothing was due, all was received, or something was not.
 */
export async function deliverSome(
	db: Db,
	settings: WebhookSettings,
	webhookId: string,
	now: Date,
): Promise<"nothing" | "received" | "failed"> {
	const webhook = await findReceiver(db, webhookId);
	if (!webhook) return "nothing";
	const claimed = await claimDeliveries(db, webhookId, webhook.failingSince ? 1 : mostAtOnce, now);
	if (claimed.length === 0) return "nothing";
	const described = await describeDeeds(db, settings.publicUrl, claimed, now);
	const fates = await Promise.allSettled(
		claimed.map((delivery) => {
			const data = described.get(delivery.id);
			return data ? deliverOne(db, settings, webhook, delivery, data, now) : dropDelivery(db, delivery);
		}),
	);
	for (const fate of fates) if (fate.status === "rejected") throw fate.reason;
	return fates.some((fate) => fate.status === "fulfilled" && fate.value === "failed") ? "failed" : "received";
}

async function deliverOne(
	db: Db,
	settings: WebhookSettings,
	webhook: Webhook,
	delivery: ClaimedDelivery,
	data: object,
	now: Date,
): Promise<"received" | "failed"> {
	const began = performance.now();
	const body = JSON.stringify({ type: delivery.event, timestamp: delivery.occurredAt, data });
	const answer = await send(settings, webhook, { id: delivery.id, body }, now);
	const answeredAt = new Date(now.getTime() + performance.now() - began);
	const outcome = outcomeOf(answer);
	if (outcome === "delivered") {
		await markDelivery(db, delivery, { state: "delivered" }, answer, answeredAt);
		if (webhook.failingSince) await markReceiver(db, webhook.id, false, answeredAt);
		return "received";
	}
	const next = outcome === "failed" ? retryAt(delivery.attempts, settings.chance(), answeredAt) : null;
	await markDelivery(db, delivery, next ? { state: "waiting", next } : { state: "dead" }, answer, answeredAt);
	if (!webhook.failingSince) await markReceiver(db, webhook.id, true, answeredAt);
	if (outcome === "gone") await pauseByItself(db, webhook.id, "gone", answeredAt);
	else if (webhook.failingSince && hasFailedTooLong(webhook.failingSince, delivery.occurredAt, answeredAt))
		await pauseByItself(db, webhook.id, "failing", answeredAt);
	return "failed";
}

/** Sends a message about nobody, at an owner's wish, and says what came back. It is not tried again. */
export async function sendTest(
	db: Db,
	settings: WebhookSettings,
	webhook: Webhook,
	now: Date,
): Promise<WebhookAnswer> {
	const body = JSON.stringify({ type: testEvent, timestamp: now, data: {} });
	const answer = await send(settings, webhook, { id: newId(), body }, now);
	if (outcomeOf(answer) === "delivered") await markReceiver(db, webhook.id, false, now);
	return answer;
}

function send(
	{ secrets, reach }: WebhookSettings,
	webhook: Webhook,
	message: { id: string; body: string },
	now: Date,
): Promise<WebhookAnswer> {
	return postWebhook(webhook.url, signedHeaders(secrets, webhook, message, now), message.body, reach);
}

type Told = Pick<WebhookDelivery, "id" | "event" | "sessionId" | "registrationId">;

/**
 * What is true of whom or what each deed was about, now that it is told. A deed is left out where there is nothing to tell
 * any more: whoever was erased meanwhile is spoken of only to say so.
 */
async function describeDeeds(
	db: Db,
	publicUrl: string,
	deeds: Told[],
	now: Date,
): Promise<Map<string, object>> {
	const people = await findPeople(db, deeds);
	const sessionOf = ({ registrationId, sessionId }: Told) =>
		(registrationId ? people.get(registrationId)?.sessionId : sessionId) ?? "";
	const dates = await findDates(db, deeds.map(sessionOf));
	const former = await findFormerSessions(
		db,
		deeds.filter(({ event }) => event === "registration.moved").map(({ id }) => id),
	);
	const described = new Map<string, object>();
	for (const deed of deeds) {
		const { id, event, registrationId } = deed;
		const person = registrationId && people.get(registrationId);
		const date = dates.get(sessionOf(deed));
		if (event === "registration.erased") described.set(id, { registration: { id: registrationId } });
		else if (date && person)
			described.set(id, {
				registration: registrationShape(person, date.questions),
				session: sessionShape(date, publicUrl, now),
				...(event === "registration.moved" && { previous_session_id: former.get(id) ?? null }),
			});
		// What is not announced yet is nobody else's business.
		else if (date?.session.publishedAt && !registrationId)
			described.set(id, { session: sessionShape(date, publicUrl, now) });
	}
	return described;
}

async function findPeople(db: Db, deeds: Told[]): Promise<Map<string, ApiRegistration>> {
	const ids = deeds.flatMap(({ event, registrationId }) =>
		event === "registration.erased" ? [] : (registrationId ?? []),
	);
	if (ids.length === 0) return new Map();
	const people = await findToldRegistrations(db, await findFirm(db), ids);
	return new Map(people.map((person) => [person.id, person]));
}

/** These dates, each with what its workshop asks. */
async function findDates(db: Db, ids: string[]) {
	const dates = new Map<string, ApiSession & { questions: Question[] }>();
	for (const id of new Set(ids.filter(Boolean))) {
		const details = await findSessionDetails(db, id);
		const questions = details && (await listExportedQuestions(db, details.workshop.id));
		if (questions) dates.set(id, { ...details, questions });
	}
	return dates;
}
