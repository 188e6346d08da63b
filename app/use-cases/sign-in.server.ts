import { randomInt } from "node:crypto";
import { hashToken, randomToken } from "#app/domain/token.server.ts";
import { paths } from "#app/paths.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findOrganizerByEmail } from "#db/queries/organizers.server.ts";
import type { Organizer } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { signInEmail } from "#emails/templates/sign-in.tsx";
import type { MailOrigin } from "./mail-origin.ts";

const minute = 60_000;
const signInLasts = 10 * minute;
const mostTries = 5;
const cookieLasts = 14 * 24 * 60 * minute;

/** Emails a code and a link to the organizer with this address; does nothing for anyone else. Returns them for the console. */
export async function sendSignInCode(
	db: Db,
	origin: MailOrigin,
	email: string,
	now: Date,
): Promise<{ code: string; url: string } | null> {
	const organizer = await findOrganizerByEmail(db, email);
	if (!organizer) return null;
	const id = newId();
	const code = String(randomInt(1_000_000)).padStart(6, "0");
	const link = randomToken();
	const url = `${origin.publicUrl}${paths.organizer.signInLink(link, organizer.locale)}`;
	await db.transaction().execute(async (trx) => {
		await trx
			.insertInto("signIn")
			.values(signInRow(id, organizer, hashCode(id, code), link, now))
			.execute();
		const message = signInEmail(await findFirm(trx), organizer, { id, code, url });
		await queueEmails(trx, [message], origin.domain, now);
	});
	return { code, url };
}

/** A one-time link for the console, without an email. */
export async function makeConsoleLink(
	db: Db,
	origin: MailOrigin,
	organizer: Organizer,
	now: Date,
): Promise<string> {
	const link = randomToken();
	await db
		.insertInto("signIn")
		.values(signInRow(newId(), organizer, null, link, now))
		.execute();
	return `${origin.publicUrl}${paths.organizer.signInLink(link, organizer.locale)}`;
}

function signInRow(id: string, organizer: Organizer, codeHash: string | null, link: string, now: Date) {
	return {
		id,
		organizerId: organizer.id,
		codeHash,
		linkHash: hashToken(link),
		createdAt: now,
		expiresAt: new Date(now.getTime() + signInLasts),
		usedAt: null,
	};
}

/** Trades the newest code for a cookie's token. Each wrong try counts, five at most. Null when it does not match. */
export async function signInWithCode(
	db: Db,
	email: string,
	code: string,
	userAgent: string,
	now: Date,
): Promise<string | null> {
	const organizer = await findOrganizerByEmail(db, email);
	if (!organizer) return null;
	const tried = await db
		.updateTable("signIn")
		.set((eb) => ({ tries: eb("tries", "+", 1) }))
		.where("id", "=", (eb) =>
			eb
				.selectFrom("signIn")
				.select("id")
				.where("organizerId", "=", organizer.id)
				.where("codeHash", "is not", null)
				.orderBy("createdAt", "desc")
				.limit(1),
		)
		.where("tries", "<", mostTries)
		.where("usedAt", "is", null)
		.where("expiresAt", ">", now)
		.returningAll()
		.executeTakeFirst();
	if (!tried || tried.codeHash !== hashCode(tried.id, code)) return null;
	return useSignIn(db, tried.id, userAgent, now);
}

/** Whether a link could still let somebody in; looking does not use it up. */
export async function findSignInLink(db: Db, link: string, now: Date): Promise<{ id: string } | undefined> {
	return db
		.selectFrom("signIn")
		.select("id")
		.where("linkHash", "=", hashToken(link))
		.where("usedAt", "is", null)
		.where("expiresAt", ">", now)
		.executeTakeFirst();
}

/** Trades a link for a cookie's token, once. Null when it has been used or is too old. */
export async function signInWithLink(
	db: Db,
	link: string,
	userAgent: string,
	now: Date,
): Promise<string | null> {
	const signIn = await findSignInLink(db, link, now);
	return signIn ? useSignIn(db, signIn.id, userAgent, now) : null;
}

async function useSignIn(db: Db, signInId: string, userAgent: string, now: Date): Promise<string | null> {
	return db.transaction().execute(async (trx) => {
		const used = await trx
			.updateTable("signIn")
			.set({ usedAt: now })
			.where("id", "=", signInId)
			.where("usedAt", "is", null)
			.returning("organizerId")
			.executeTakeFirst();
		if (!used) return null;
		return openBrowser(trx, used.organizerId, userAgent, now);
	});
}

/** Signs a browser in, and returns the token of its cookie. Whoever calls has seen the proof of who it is. */
export async function openBrowser(
	trx: Trx,
	organizerId: string,
	userAgent: string,
	now: Date,
): Promise<string> {
	const token = randomToken();
	await trx
		.insertInto("organizerCookie")
		.values({
			tokenHash: hashToken(token),
			organizerId,
			userAgent: userAgent.slice(0, 300),
			createdAt: now,
			seenAt: now,
			expiresAt: new Date(now.getTime() + cookieLasts),
		})
		.execute();
	await recordAudit(trx, [{ actor: "organizer", organizerId, action: "organizer.signed-in" }], now);
	return token;
}

/** Ends one browser's sign-in, here and for good. */
export async function signOut(db: Db, token: string): Promise<void> {
	await db.deleteFrom("organizerCookie").where("tokenHash", "=", hashToken(token)).execute();
}

/** Ends the sign-in of one of somebody's own browsers, or of all but one; of nobody else's. */
export async function endBrowsers(
	db: Db,
	organizerId: string,
	which: { only: string } | { allBut: string },
	now: Date,
): Promise<void> {
	if ("only" in which && !/^[0-9a-f]{64}$/.test(which.only)) return;
	await db.transaction().execute(async (trx) => {
		const [comparison, tokenHash] =
			"only" in which ? (["=", which.only] as const) : (["<>", which.allBut] as const);
		const ended = await trx
			.deleteFrom("organizerCookie")
			.where("organizerId", "=", organizerId)
			.where("tokenHash", comparison, tokenHash)
			.returning("tokenHash")
			.execute();
		if (ended.length === 0) return;
		const data = { browsers: ended.length };
		await recordAudit(trx, [{ actor: "organizer", organizerId, action: "organizer.signed-out", data }], now);
	});
}

/** How long the organizer cookie is kept, in seconds. */
export const cookieSeconds = cookieLasts / 1000;

function hashCode(signInId: string, code: string): string {
	return hashToken(`${signInId}:${code}`);
}
