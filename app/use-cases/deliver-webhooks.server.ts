import type { Question } from "#app/domain/question.ts";
import {
	hasFailedTooLong,
	outcomeOf,
	retryAt,
	testEvent,
	type WebhookAnswer,
	type WebhookEvent,
	type WebhookOutcome,
} from "#app/domain/webhook.ts";
import { signedHeaders } from "#app/domain/webhook-signature.server.ts";
import {
	type ApiRegistration,
	type ApiSession,
	isAnnounced,
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
	findLoggedData,
	findReceiver,
	markDelivery,
	markReceiver,
	pauseByItself,
} from "#db/queries/webhooks.server.ts";
import type { Webhook } from "#db/schema.ts";
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
	const began = performance.now();
	const told = await describeDeeds(db, settings.publicUrl, claimed, now);
	const fates = await Promise.allSettled(
		told.map((deed) => (deed.data ? deliverOne(db, settings, webhook, deed, now) : dropDelivery(db, deed))),
	);
	const outcomes = fates.map((fate) => {
		if (fate.status === "rejected") throw fate.reason;
		return fate.value;
	});
	const received = outcomes.includes("delivered");
	const gone = outcomes.includes("gone");
	const failed = gone || outcomes.includes("failed");
	const { failingSince } = webhook;
	const answeredAt = new Date(now.getTime() + performance.now() - began);
	// One message that is refused among others says nothing of whoever takes these.
	if (received ? failingSince : failed && !failingSince)
		await markReceiver(db, webhook, !received, answeredAt);
	// One that fails is sent a single message.
	const tooLong =
		failed && !received && failingSince && hasFailedTooLong(failingSince, told[0]!.occurredAt, answeredAt);
	if (gone || tooLong) await pauseByItself(db, webhook, gone ? "gone" : "failing", answeredAt);
	return failed ? "failed" : "received";
}

async function deliverOne(
	db: Db,
	settings: WebhookSettings,
	webhook: Webhook,
	deed: ToldDeed,
	now: Date,
): Promise<WebhookOutcome> {
	const began = performance.now();
	const body = JSON.stringify({ type: deed.event, timestamp: deed.occurredAt, data: deed.data });
	const answer = await send(settings, webhook, { id: deed.id, body }, now);
	const answeredAt = new Date(now.getTime() + performance.now() - began);
	const outcome = outcomeOf(answer);
	if (outcome === "delivered") {
		await markDelivery(db, deed, { state: "delivered" }, answer, answeredAt);
		return outcome;
	}
	// What a former address answers says nothing of the one that has taken its place.
	const moved = (await findReceiver(db, webhook.id))?.url !== webhook.url;
	const later = outcome === "failed" ? retryAt(deed.attempts, settings.chance(), answeredAt) : null;
	const next = moved ? answeredAt : later;
	await markDelivery(db, deed, next ? { state: "waiting", next } : { state: "dead" }, answer, answeredAt);
	return outcome;
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
	if (outcomeOf(answer) === "delivered") await markReceiver(db, webhook, false, now);
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

/** A deed with what is told of it: null where there is nothing to tell any more. */
type ToldDeed = ClaimedDelivery & { data: object | null };

/**
 * What is true of whom or what each deed was about, now that it is told. Whoever was erased meanwhile is spoken of only to
 * say so, and of what nobody was told nothing is.
 */
async function describeDeeds(
	db: Db,
	publicUrl: string,
	deeds: ClaimedDelivery[],
	now: Date,
): Promise<ToldDeed[]> {
	const people = await findPeople(db, deeds);
	const sessionOf = ({ registrationId, sessionId }: ClaimedDelivery) =>
		(registrationId ? people.get(registrationId)?.sessionId : sessionId) ?? "";
	const dates = await findDates(db, deeds.map(sessionOf));
	const logged = await findLoggedData(
		db,
		deeds.filter(({ event }) => needLog.includes(event)).map(({ id }) => id),
	);
	return deeds.map((deed): ToldDeed => {
		const { id, event, registrationId } = deed;
		const date = dates.get(sessionOf(deed));
		const { from = null, announced } = logged.get(id) ?? {};
		if (registrationId) {
			const person = people.get(registrationId);
			if (!date || !person)
				return { ...deed, event: "registration.erased", data: { registration: { id: registrationId } } };
			const data = {
				registration: registrationShape(person, date.questions),
				session: sessionShape(date, publicUrl, now),
				...(event === "registration.moved" && { previous_session_id: from }),
			};
			return { ...deed, data };
		}
		// What is not announced yet is nobody else's business; that it no longer is, is, and so is that a date is cancelled whose
		// workshop was withdrawn before it.
		const wasTold = event === "session.cancelled" && date?.session.publishedAt;
		const told = date && (isAnnounced(date) || announced === false || wasTold);
		return { ...deed, data: told ? { session: sessionShape(date, publicUrl, now) } : null };
	});
}

/** What the log says of these is told too, or decides whether they are. */
const needLog: WebhookEvent[] = ["registration.moved", "session.changed"];

async function findPeople(db: Db, deeds: ClaimedDelivery[]): Promise<Map<string, ApiRegistration>> {
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
