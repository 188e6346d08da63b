import { setTimeout as pause } from "node:timers/promises";
import { type ExpressionBuilder, type ExpressionWrapper, type SqlBool, sql } from "kysely";
import { addressIsBad, returnPath } from "#app/domain/bounce.ts";
import { signToken } from "#app/domain/token.server.ts";
import { paths } from "#app/paths.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { insertRows } from "#db/insert-rows.server.ts";
import { suppressAddress } from "#db/queries/suppressions.server.ts";
import type { Database, Email, EmailStatus, NewEmail } from "#db/schema.ts";
import { together } from "#db/together.server.ts";
import { writeAttachments } from "./attachments.server.ts";
import {
	filled,
	type Message,
	manageUrlPlaceholder,
	type PagedMessage,
	preferencesUrlPlaceholder,
	type SharedPage,
	unsubscribeUrlPlaceholder,
} from "./message.ts";
import type { Delivery, Transport } from "./transport.server.ts";

const batchSize = 8;
const lockedPauseMs = 20;
const leaseMs = 30_000;
const renewalMs = 10_000;
const longestBatchMs = 300_000;
const unreachableWaitSeconds = 20;
const firstWaitSeconds = 30;
const longestWaitSeconds = 3600;
const keepsTryingMs = 24 * 3600 * 1000;
const signInLastsMs = 10 * 60 * 1000;

/**
 * Queues rendered messages in the transaction of what caused them: they go out if and only if it commits.
 * A message whose `dedupeKey` is already known is left out.
 */
export async function queueEmails(
	trx: Trx,
	messages: (Message | PagedMessage)[],
	domain: string,
	now: Date,
): Promise<void> {
	// Whoever is erased has no address, and reads nothing more.
	const queued = messages.filter(({ to }) => to.address);
	const pages = new Map<SharedPage, number>();
	for (const message of queued)
		if ("page" in message) pages.set(message.page, (pages.get(message.page) ?? 0) + 1);
	const shared = [...pages].flatMap(([page, count]) => (count > 1 ? page : []));
	const rows = queued.map((message) => {
		if (!("page" in message)) return emailRow(message, domain, now);
		if (!shared.includes(message.page)) return emailRow(filled(message), domain, now);
		const { page, words, ...envelope } = message;
		const calendar = page.calendar && { ...page.calendar, content: null };
		return {
			...emailRow({ ...envelope, html: "", text: "", calendar }, domain, now),
			pageId: page.id,
			words,
		};
	});
	await Promise.all([
		insertRows(
			trx,
			"emailPage",
			shared.map((page) => pageRow(page, now)),
			"id",
		),
		insertRows(trx, "email", rows, "dedupeKey"),
	]);
}

function pageRow({ id, html, text, calendar, blanks }: SharedPage, now: Date) {
	return { id, html, text, calendar: calendar?.content ?? null, blanks, createdAt: now };
}

type Written = Omit<Message, "calendar"> & {
	calendar?: { method: NonNullable<Message["calendar"]>["method"]; content: string | null };
};

function emailRow(message: Written, domain: string, now: Date): NewEmail {
	const id = newId();
	const owner: Partial<
		Pick<NewEmail, "registrationId" | "bookingId" | "organizerId" | "interestId" | "tokenVersion">
	> = message.owner;
	return {
		id,
		dedupeKey: message.dedupeKey,
		kind: message.kind,
		registrationId: owner.registrationId ?? null,
		bookingId: owner.bookingId ?? null,
		organizerId: owner.organizerId ?? null,
		interestId: owner.interestId ?? null,
		campaignId: message.campaignId ?? null,
		toName: message.to.name,
		toAddress: message.to.address,
		replyTo: message.replyTo ?? null,
		locale: message.locale,
		subject: message.subject,
		html: message.html,
		text: message.text,
		calendar: message.calendar?.content ?? null,
		calendarMethod: message.calendar?.method ?? null,
		attachments: message.attachments ?? [],
		pageId: null,
		words: null,
		// Fixed before the first attempt: every copy of a message is the same message.
		messageId: `<${id}@${domain}>`,
		tokenVersion: owner.tokenVersion ?? null,
		status: "queued",
		dueAt: now,
		giveUpAt: giveUpAt(message.kind, now),
		expiresAt: message.expiresAt ?? null,
		lease: null,
		smtpResponse: null,
		lastError: null,
		createdAt: now,
		sentAt: null,
	};
}

/** Until when an email queued at `now` is tried again: a day, but a sign-in code is soon worth nothing. */
export function giveUpAt(kind: string, now: Date): Date {
	return new Date(now.getTime() + (kind === "sign-in" ? signInLastsMs : keepsTryingMs));
}

export type DeliverySettings = {
	publicUrl: string;
	secret: string;
	from: { name: string; address: string };
	/** Where bounces go, each with the id of its message; without it, to the sender. */
	bounceAddress?: string | null;
};

/**
 * Sends what is due, a small batch at a time: claims under a lease and commits, sends outside any transaction, then
 * marks each message if the lease is still its own. The lease is short, so that what a killed process held soon leaves from
 * another, and renewed while the mail server takes its time, up to five minutes. Returns how many messages it handled; 0 means
 * nothing was due.
 */
export async function deliverDue(
	db: Db,
	transport: Transport,
	settings: DeliverySettings,
	now: Date,
): Promise<number> {
	const lease = newId();
	const claimed = await claimDue(db, lease, now);
	const renewal = keepLease(db, lease, now);
	const fates = await Promise.allSettled(
		claimed.map(async (email) => {
			const { smtpResponse, lastError } = email;
			const keepBack = (status: EmailStatus) =>
				markFate(db, email, lease, { status, smtpResponse, lastError });
			if (isStale(email, now)) return keepBack("cancelled");
			if (email.isSuppressed && email.kind !== "sign-in") return keepBack("suppressed");
			const { html, text, unsubscribeUrl } = fillPlaceholders(email, settings);
			const attachments = await writeAttachments(db, email.attachments, settings.publicUrl);
			if (!attachments.ok) {
				if (attachments.reason === "ended") return keepBack("cancelled");
				const unwritten = { outcome: "later" as const, response: null, error: attachments.error };
				return markFate(db, email, lease, fateOf(email, unwritten, now));
			}
			const delivery = await transport.deliver({
				messageId: email.messageId,
				from: settings.from,
				to: { name: email.toName, address: email.toAddress },
				returnPath: settings.bounceAddress ? returnPath(settings.bounceAddress, email.id) : undefined,
				replyTo: email.replyTo,
				subject: email.subject,
				html,
				text,
				unsubscribeUrl,
				calendar:
					email.calendar && email.calendarMethod
						? { method: email.calendarMethod, content: email.calendar }
						: null,
				attachments: attachments.files,
				date: email.createdAt,
			});
			await markFate(db, email, lease, fateOf(email, delivery, now));
			if (delivery.outcome === "refused" && !email.isErased && addressIsBad(delivery.response ?? "")) {
				const answer = delivery.response ?? delivery.error;
				await suppressAddress(db, { address: email.toAddress, answer, emailId: email.id }, now);
			}
		}),
	);
	clearInterval(renewal);
	for (const fate of fates) if (fate.status === "rejected") throw fate.reason;
	return claimed.length;
}

type ClaimedEmail = Email & {
	currentVersion: number | null;
	/** Whether nothing more may be known of whom it is about. */
	isErased: boolean;
	isSuppressed: boolean;
	interestEnded: boolean;
};

/** Holds on to what was claimed at `now` and is not marked yet, until the timer is cleared. A later step of the clock changes nothing. */
function keepLease(db: Db, lease: string, now: Date): NodeJS.Timeout {
	const claimedAt = performance.now();
	return setInterval(() => {
		const elapsed = performance.now() - claimedAt;
		if (elapsed > longestBatchMs) return;
		db.updateTable("email")
			.set({ dueAt: new Date(now.getTime() + elapsed + leaseMs) })
			.where("id", "in", (eb) =>
				eb
					.selectFrom("email")
					.select("id")
					.where("lease", "=", lease)
					.where("status", "=", "sending")
					.forUpdate()
					.skipLocked(),
			)
			.execute()
			// Then others send it too, under the same Message-ID.
			.catch(() => {});
	}, renewalMs);
}

async function claimDue(db: Db, lease: string, now: Date): Promise<ClaimedEmail[]> {
	const leaseEnd = new Date(now.getTime() + leaseMs);
	return db
		.with("due", (qb) =>
			qb
				.selectFrom("email")
				.select("id")
				.where("status", "in", ["queued", "sending"])
				.where("dueAt", "<=", now)
				// A code is soon worth nothing, and whoever has just registered does not wait behind a message to thousands.
				.orderBy(sql`kind <> 'sign-in'`)
				.orderBy(sql`campaign_id is not null`)
				.orderBy("dueAt")
				.limit(batchSize)
				.forUpdate()
				.skipLocked(),
		)
		.updateTable("email")
		.from("due")
		.set((eb) => ({
			status: "sending" as const,
			lease,
			dueAt: leaseEnd,
			attempts: eb("email.attempts", "+", 1),
		}))
		.whereRef("email.id", "=", "due.id")
		.returningAll("email")
		.returning((eb) =>
			eb.fn
				.coalesce(
					eb
						.selectFrom("registration")
						.select("registration.tokenVersion")
						.whereRef("registration.id", "=", "email.registrationId"),
					eb
						.selectFrom("booking")
						.select("booking.tokenVersion")
						.whereRef("booking.id", "=", "email.bookingId"),
				)
				.as("currentVersion"),
		)
		.returning(({ exists, selectFrom }) =>
			exists(
				selectFrom("registration")
					.select("registration.id")
					.whereRef("registration.id", "=", "email.registrationId")
					.where("registration.name", "=", ""),
			)
				.$castTo<boolean>()
				.as("isErased"),
		)
		.returning(({ exists, selectFrom }) =>
			exists(
				selectFrom("suppression")
					.select("suppression.address")
					.where("suppression.address", "=", sql<string>`lower(email.to_address)`),
			)
				.$castTo<boolean>()
				.as("isSuppressed"),
		)
		.returning(({ exists, selectFrom }) =>
			exists(
				selectFrom("interest")
					.select("interest.id")
					.whereRef("interest.id", "=", "email.interestId")
					.where("interest.endedAt", "is not", null),
			)
				.$castTo<boolean>()
				.as("interestEnded"),
		)
		.execute();
}

/**
 * Its time has passed, the reader wants no more of them or was erased meanwhile, or the address was corrected since: this
 * message holds a link for somebody else's eyes.
 */
function isStale(email: ClaimedEmail, now: Date): boolean {
	if (email.expiresAt && email.expiresAt <= now) return true;
	if (email.interestEnded) return true;
	if (email.isErased && email.kind !== "erased") return true;
	return email.tokenVersion !== email.currentVersion && email.text.includes(manageUrlPlaceholder);
}

type EmailExpressions = ExpressionBuilder<Database, "email">;

/**
 * What has not left yet does not leave, and what a mail server may put off just now does not leave again. Returns what each
 * was.
 */
export async function withdraw(
	trx: Trx,
	which: (eb: EmailExpressions) => ExpressionWrapper<Database, "email", SqlBool>,
): Promise<Pick<Email, "id" | "kind" | "registrationId" | "bookingId">[]> {
	return trx
		.updateTable("email")
		.set({
			status: sql`case when status = 'queued' then 'cancelled' else status end`,
			expiresAt: sql`case when status = 'sending' then timestamptz 'epoch' else expires_at end`,
		})
		.where("id", "in", (eb) =>
			eb
				.selectFrom("email")
				.select("id")
				.where("status", "in", ["queued", "sending"])
				.where(which)
				.orderBy("id")
				.forUpdate(),
		)
		.returning(["id", "kind", "registrationId", "bookingId"])
		.execute();
}

/** Withdraws what is about these people, because what happened since makes it untrue or sends it to the wrong address. */
export async function withdrawQueued(trx: Trx, registrationIds: string[]): Promise<void> {
	if (registrationIds.length > 0) await withdraw(trx, (eb) => eb("registrationId", "in", registrationIds));
}

/** What is about the people of a session and about its bookings, of these kinds, or of all but these. */
export function withdrawOfSession(
	trx: Trx,
	sessionId: string,
	which: "in" | "not in",
	kinds: readonly Message["kind"][],
) {
	return withdraw(trx, (eb) => {
		const of = (table: "registration" | "booking") =>
			eb.selectFrom(table).select("id").where("sessionId", "=", sessionId);
		const about = eb.or([
			eb("registrationId", "in", of("registration")),
			eb("bookingId", "in", of("booking")),
		]);
		return eb.and([about, eb("kind", which, kinds)]);
	});
}

/**
 * The reader's own links: to their registration or their group, of the version that the message was written for, and to
 * what they want to receive, which is a matter of the address that the message goes to.
 */
function fillPlaceholders(email: ClaimedEmail, settings: DeliverySettings) {
	const { publicUrl, secret } = settings;
	const reader = signToken(secret, "preferences", email.id);
	const own = ownLink(email, settings);
	const unsubscribeUrl = publicUrl + paths.unsubscribe(reader);
	const urls = {
		[preferencesUrlPlaceholder]: publicUrl + paths.preferences(email.locale, reader),
		[unsubscribeUrlPlaceholder]: unsubscribeUrl,
		...(own && { [manageUrlPlaceholder]: own }),
	};
	// Not at the end of an address: somebody's name can hold that of another site, and this behind it.
	const fill = (body: string) =>
		Object.entries(urls).reduce((filled, [placeholder, url]) => {
			const name = placeholder.replaceAll(/[{}]/g, "\\$&");
			return filled.replaceAll(new RegExp(`(?<![/.][^\\s>"]*)${name}`, "g"), () => url);
		}, body);
	const promotional = email.interestId !== null;
	return {
		html: fill(email.html),
		text: fill(email.text),
		unsubscribeUrl: promotional ? unsubscribeUrl : undefined,
	};
}

function ownLink(email: ClaimedEmail, { publicUrl, secret }: DeliverySettings): string | null {
	const { registrationId, bookingId, tokenVersion, locale } = email;
	if (tokenVersion === null) return null;
	if (registrationId)
		return publicUrl + paths.manage(locale, signToken(secret, "manage", registrationId, tokenVersion));
	if (bookingId) return publicUrl + paths.group(locale, signToken(secret, "group", bookingId, tokenVersion));
	return null;
}

/** What becomes of an email that was claimed; due again at `dueAt` where it is queued again. */
type Fate = {
	status: EmailStatus;
	sentAt?: Date;
	failedAt?: Date;
	dueAt?: Date;
	smtpResponse: string | null;
	lastError: string | null;
};

function fateOf(email: ClaimedEmail, delivery: Delivery, now: Date): Fate {
	switch (delivery.outcome) {
		case "sent":
			return { status: "sent", sentAt: now, smtpResponse: delivery.response, lastError: null };
		case "captured":
			return { status: "captured", sentAt: now, smtpResponse: null, lastError: null };
		case "refused":
			return {
				status: "dead",
				failedAt: now,
				smtpResponse: delivery.response,
				lastError: delivery.error,
			};
		case "unreachable":
		case "later": {
			const problem = { smtpResponse: delivery.response, lastError: delivery.error };
			if (now > email.giveUpAt) return { status: "dead", failedAt: now, ...problem };
			const wait =
				delivery.outcome === "unreachable"
					? unreachableWaitSeconds
					: Math.min(firstWaitSeconds * 2 ** (email.attempts - 1), longestWaitSeconds);
			return { status: "queued", dueAt: new Date(now.getTime() + wait * 1000), ...problem };
		}
	}
}

type Mark = Fate & { id: string; lease: string; forget: boolean; forgetReader: boolean };

const mostMarkedTogether = 200;
const markers = new WeakMap<Db, (mark: Mark) => Promise<undefined>>();

/** Says what became of one email. What ends at the same moment shares a statement: in a rush it competes with sign-ups. */
function markFate(db: Db, email: ClaimedEmail, lease: string, fate: Fate): Promise<undefined> {
	let mark = markers.get(db);
	if (!mark) {
		mark = together(mostMarkedTogether, (marks) => markTogether(db, marks));
		markers.set(db, mark);
	}
	// Nothing secret stays at rest: a code is erased with the message that carried it, and an erased reader with the last one.
	const isOver = fate.status !== "queued";
	const forgetReader = email.isErased && isOver;
	const forget = forgetReader || (email.kind === "sign-in" && isOver);
	const smtpResponse = fate.smtpResponse && storable(fate.smtpResponse);
	const lastError = fate.lastError && storable(fate.lastError);
	return mark({ ...fate, smtpResponse, lastError, id: email.id, lease, forget, forgetReader });
}

/** A mail server can answer anything; text in Postgres holds no NUL. */
function storable(answer: string): string {
	return answer.replaceAll("\0", "\ufffd");
}

/** The mail waits for no lock: a transaction that holds some emails and asks for others would wait for it in turn. */
async function markTogether(db: Db, marks: Mark[]): Promise<undefined[]> {
	const until = performance.now() + longestBatchMs;
	let left = marks;
	for (;;) {
		const marked = await markUnlocked(db, left);
		left = left.filter(({ id }) => !marked.has(id));
		if (left.length === 0) return marks.map(() => undefined);
		if (performance.now() > until) throw new Error("Emails stay locked by somebody else.");
		await pause(lockedPauseMs);
	}
}

/** Marks those that nobody else has locked, and returns their ids. */
async function markUnlocked(db: Db, marks: Mark[]): Promise<Set<string>> {
	const { rows } = await sql<{ id: string }>`
		with held as (
			select id from email where id = any(${marks.map(({ id }) => id)}) for update skip locked
		),
		marked as (update email set
			status = mark.status,
			lease = null,
			sent_at = mark."sentAt",
			failed_at = mark."failedAt",
			due_at = coalesce(mark."dueAt", email.due_at),
			smtp_response = case when mark."forgetReader" then null else mark."smtpResponse" end,
			last_error = case when mark."forgetReader" then null else mark."lastError" end,
			to_name = case when mark."forgetReader" then '' else email.to_name end,
			to_address = case when mark."forgetReader" then '' else email.to_address end,
			calendar = case when mark."forgetReader" then null else email.calendar end,
			subject = case when mark.forget then '' else email.subject end,
			html = case when mark.forget then '' else email.html end,
			text = case when mark.forget then '' else email.text end
		from jsonb_to_recordset(${JSON.stringify(marks)}::jsonb) as mark (
			id uuid, lease uuid, status text, "sentAt" timestamptz, "failedAt" timestamptz, "dueAt" timestamptz, "smtpResponse" text, "lastError" text, forget boolean, "forgetReader" boolean
		)
		join held on held.id = mark.id
		-- Another instance may have taken over a lease that ran out: its word counts then.
		where email.id = mark.id and email.lease = mark.lease)
		select id from held
	`.execute(db);
	return new Set(rows.map(({ id }) => id));
}

/** Counts what waits and what failed, for `/health` and `/metrics`. */
export async function outboxCounts(db: Db): Promise<{ waiting: number; dead: number }> {
	const count = sql<number>`count(*)::int`.as("count");
	const [waiting, dead] = await Promise.all([
		db
			.selectFrom("email")
			.select(count)
			.where("status", "in", ["queued", "sending"])
			.executeTakeFirstOrThrow(),
		db.selectFrom("email").select(count).where("status", "=", "dead").executeTakeFirstOrThrow(),
	]);
	return { waiting: waiting.count, dead: dead.count };
}
