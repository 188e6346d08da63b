import type { Trx } from "#db/client.server.ts";
import { listSessionPeople, type SessionPerson } from "#db/queries/registrations.server.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails } from "#emails/outbox.server.ts";

/** What was written for each person, by registration, and the state of the person that it was written from. */
export type Notices = Map<string, { state: string; dedupeKey: string | null }>;

const atOnce = 50;

/**
 * Queues a message for each person who holds or waits for a seat. Called twice in one transaction: before the session
 * is locked, since rendering thousands must keep nobody from signing up, then under the lock with what the first call
 * returned, which leaves only those who came, left or changed in between. `message` may have nothing to say to someone.
 */
export async function queueNotices(
	trx: Trx,
	domain: string,
	sessionId: string,
	message: (person: SessionPerson) => Message | null,
	now: Date,
	written: Notices = new Map(),
): Promise<Notices> {
	const people = await listSessionPeople(trx, sessionId);
	const upToDate = people.filter((person) => written.get(person.id)?.state === stateOf(person));
	const notices: Notices = new Map(upToDate.map(({ id }) => [id, written.get(id)!]));
	await discardNotices(trx, new Map([...written].filter(([id]) => !notices.has(id))));

	const others = people.filter(({ id }) => !notices.has(id));
	for (let from = 0; from < others.length; from += atOnce) {
		const messages: Message[] = [];
		for (const person of others.slice(from, from + atOnce)) {
			const written = message(person);
			if (written) messages.push(written);
			notices.set(person.id, { state: stateOf(person), dedupeKey: written?.dedupeKey ?? null });
		}
		await queueEmails(trx, messages, domain, now);
	}
	return notices;
}

/** Takes back what this transaction has queued, as if it had not been written. */
async function discardNotices(trx: Trx, notices: Notices): Promise<void> {
	const keys = [...notices.values()].flatMap(({ dedupeKey }) => dedupeKey ?? []);
	for (let from = 0; from < keys.length; from += 1000) {
		await trx
			.deleteFrom("email")
			.where("dedupeKey", "in", keys.slice(from, from + 1000))
			.execute();
	}
}

/** How many people a message was written for. */
export function toldBy(notices: Notices): number {
	return [...notices.values()].filter(({ dedupeKey }) => dedupeKey !== null).length;
}

function stateOf(person: SessionPerson): string {
	const { status, name, email, locale, tokenVersion, calendarSequence, contactName, contactEmail } = person;
	return JSON.stringify([
		status,
		name,
		email ?? [contactName, contactEmail],
		locale,
		tokenVersion,
		calendarSequence,
	]);
}

/**
 * Writes to each group once: what is rendered before the session is locked is there when the same group is asked for again
 * under the lock.
 */
export function renderedOnce<Group>(render: (group: Group) => Message): (group: Group) => Message {
	const known = new Map<string, Message>();
	return (group) => {
		const key = JSON.stringify(group);
		const message = known.get(key) ?? render(group);
		known.set(key, message);
		return message;
	};
}
