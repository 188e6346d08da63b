import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import { type Email, type EmailStatus, emailStatuses } from "../schema.ts";

export const emailsPerPage = 100;

/** One page of the outbox without the bodies, the newest first; sign-in emails are never listed. `page` counts from 1. */
export async function listEmails(db: Db, status: EmailStatus | undefined, page: number) {
	let query = listed(db);
	if (status) query = query.where("status", "=", status);
	return query
		.select(["id", "toName", "toAddress", "subject", "status", "attempts", "createdAt"])
		.orderBy("createdAt", "desc")
		.orderBy("id", "desc")
		.limit(emailsPerPage)
		.offset((page - 1) * emailsPerPage)
		.execute();
}

/** The emails about one person's place without their bodies, the newest first. */
export async function listEmailsTo(db: Db, registrationId: string) {
	return listed(db)
		.select(["id", "subject", "status", "createdAt", "sentAt"])
		.where("registrationId", "=", registrationId)
		.orderBy("createdAt", "desc")
		.orderBy("id", "desc")
		.execute();
}

export const mostEmailsCounted = 5_000;

/** How many listed emails there are of each status, up to `most`; one that none has is left out. */
export async function countEmails(
	db: Db,
	most = mostEmailsCounted,
): Promise<{ status: EmailStatus; count: number }[]> {
	const countOf = (status: EmailStatus) => {
		const some = listed(db).select("id").where("status", "=", status).limit(most);
		return db.selectFrom(some.as("some")).select(sql<number>`count(*)::int`.as("count"));
	};
	const counted = await db
		.selectNoFrom(emailStatuses.map((status) => countOf(status).as(status)))
		.executeTakeFirstOrThrow();
	const counts = emailStatuses.map((status) => ({ status, count: counted[status] ?? 0 }));
	return counts.filter(({ count }) => count > 0);
}

/** How many listed emails could not be delivered. */
export async function countFailedEmails(db: Db): Promise<number> {
	const { count } = await listed(db)
		.select(sql<number>`count(*)::int`.as("count"))
		.where("status", "=", "dead")
		.executeTakeFirstOrThrow();
	return count;
}

/** Those among these keys that an email has had, whatever became of it. */
export async function listKnownKeys(db: Db | Trx, keys: string[]): Promise<Set<string>> {
	const known = await db
		.selectFrom("email")
		.select("dedupeKey")
		.where("dedupeKey", "=", sql<string>`any(${keys})`)
		.execute();
	return new Set(known.map(({ dedupeKey }) => dedupeKey));
}

/** When the emails that failed since then did, the latest first: at most 1,000. Those to organizers are not among them. */
export async function findFailures(db: Db, since: Date, now: Date): Promise<Date[]> {
	const rows = await listed(db)
		.select("failedAt")
		.where("failedAt", ">=", since)
		// A worker that began a moment ago may still mark one of this instant.
		.where("failedAt", "<", now)
		.where("status", "in", ["dead", "bounced"])
		.where("organizerId", "is", null)
		.orderBy("failedAt", "desc")
		.limit(1000)
		.execute();
	return rows.flatMap(({ failedAt }) => failedAt ?? []);
}

const stoppedAfterMs = 15 * 60 * 1000;

export type MailTrouble = { since: Date; waiting: number; answer: string | null };

/**
 * Whether mail has stopped: something written to a person waits for over a quarter of an hour, and nothing at all has
 * left since it was queued. Null when mail goes out.
 */
export async function findMailTrouble(db: Db, now: Date): Promise<MailTrouble | null> {
	const late = new Date(now.getTime() - stoppedAfterMs);
	const waiting = db
		.selectFrom("email")
		.where("status", "in", ["queued", "sending"])
		.where("campaignId", "is", null)
		.where("createdAt", "<", late);
	const oldest = await waiting
		.select(["createdAt", "smtpResponse", "lastError"])
		.orderBy("createdAt")
		.executeTakeFirst();
	if (!oldest) return null;
	const left = await db
		.selectFrom("email")
		.select("id")
		.where("createdAt", ">", new Date(now.getTime() - 2 * 24 * 3600 * 1000))
		.where("sentAt", ">", oldest.createdAt)
		.limit(1)
		.executeTakeFirst();
	if (left) return null;
	const { count } = await waiting.select(sql<number>`count(*)::int`.as("count")).executeTakeFirstOrThrow();
	return { since: oldest.createdAt, waiting: count, answer: oldest.smtpResponse ?? oldest.lastError };
}

/** One listed email, with its placeholders as they are stored. */
export async function findEmail(db: Db | Trx, id: string): Promise<Email | undefined> {
	return writtenOut(db).where("kind", "<>", "sign-in").where("email.id", "=", id).executeTakeFirst();
}

/** Emails with their bodies, of those too that are a page and words until they are first taken to be sent. */
export function writtenOut(db: Db | Trx) {
	const body = <Name extends "html" | "text" | "calendar">(name: Name) => {
		const [page, own] = [sql.ref(`page.${name}`), sql.ref(`email.${name}`)];
		return sql<Email[Name]>`coalesce(fill_blanks(${page}, page.blanks, email.words), ${own})`.as(name);
	};
	return db
		.selectFrom("email")
		.leftJoin("emailPage as page", "page.id", "email.pageId")
		.selectAll("email")
		.select([body("html"), body("text"), body("calendar")]);
}

/** Forgets pages from over an hour ago of which no email waits to be written out. */
export async function forgetOldPages(db: Db, now: Date): Promise<void> {
	const hourAgo = new Date(now.getTime() - 3600 * 1000);
	await db
		.deleteFrom("emailPage")
		.where("createdAt", "<", hourAgo)
		.where(({ not, exists, selectFrom }) =>
			not(exists(selectFrom("email").select("email.id").whereRef("email.pageId", "=", "emailPage.id"))),
		)
		.execute();
}

function listed(db: Db | Trx) {
	return db.selectFrom("email").where("kind", "<>", "sign-in");
}
