import type { AuthenticationResponseJSON, RegistrationResponseJSON } from "@simplewebauthn/server";
import { browserName } from "#app/domain/organizer.ts";
import { hashToken } from "#app/domain/token.server.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findPasskey } from "#db/queries/passkeys.server.ts";
import type { Organizer } from "#db/schema.ts";
import { openBrowser } from "./sign-in.server.ts";

/** The site, as devices know it. `readChallenge` gives what makes a challenge of ours one of a kind, or null. */
export type RelyingParty = {
	id: string;
	origin: string;
	readChallenge(challenge: string, now: Date): string | null;
};

// What a device needs to know that it holds the key, and that whoever holds the device is its owner.
const requireUserVerification = true;

/** Keeps the passkey that somebody's device has just made. False when what it sent proves nothing. */
export async function addPasskey(
	db: Db,
	site: RelyingParty,
	organizer: Organizer,
	sent: string,
	userAgent: string,
	now: Date,
): Promise<boolean> {
	const { verifyRegistrationResponse } = await import("@simplewebauthn/server");
	const made = await verified(() =>
		verifyRegistrationResponse({
			response: JSON.parse(sent) as RegistrationResponseJSON,
			expectedChallenge: (challenge) => site.readChallenge(challenge, now) !== null,
			expectedOrigin: site.origin,
			expectedRPID: site.id,
			requireUserVerification,
		}),
	);
	if (!made?.verified) return false;
	const { id, publicKey, counter } = made.registrationInfo.credential;
	return db.transaction().execute(async (trx) => {
		const added = await trx
			.insertInto("passkey")
			.values({
				id,
				organizerId: organizer.id,
				publicKey: Buffer.from(publicKey),
				counter,
				name: browserName(userAgent),
				createdAt: now,
				usedAt: null,
			})
			.onConflict((conflict) => conflict.doNothing())
			.returning("id")
			.executeTakeFirst();
		if (!added) return false;
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId: organizer.id, action: "organizer.passkey-added" }],
			now,
		);
		return true;
	});
}

/** Trades what a device signed for a cookie's token, once. Null when it proves nothing. */
export async function signInWithPasskey(
	db: Db,
	site: RelyingParty,
	sent: string,
	userAgent: string,
	now: Date,
): Promise<string | null> {
	const response = await verified(async () => JSON.parse(sent) as AuthenticationResponseJSON);
	const passkey = isCredentialId(response?.id) ? await findPasskey(db, response.id) : undefined;
	if (!response || !passkey) return null;
	const { verifyAuthenticationResponse } = await import("@simplewebauthn/server");
	let challengeId: string | null = null;
	const signed = await verified(() =>
		verifyAuthenticationResponse({
			response,
			expectedChallenge(challenge) {
				challengeId = site.readChallenge(challenge, now);
				return challengeId !== null;
			},
			expectedOrigin: site.origin,
			expectedRPID: site.id,
			credential: {
				id: passkey.id,
				publicKey: new Uint8Array(passkey.publicKey),
				counter: Number(passkey.counter),
			},
			requireUserVerification,
		}),
	);
	if (!signed?.verified || !challengeId) return null;
	const { newCounter } = signed.authenticationInfo;
	const { organizerId } = passkey;
	const spent = hashToken(challengeId);
	return db.transaction().execute(async (trx) => {
		// The challenge stays in the list of sign-ins: what a device signed serves once.
		const entered = await trx
			.insertInto("signIn")
			.values({
				id: newId(),
				organizerId,
				codeHash: null,
				linkHash: spent,
				createdAt: now,
				expiresAt: now,
				usedAt: now,
			})
			.onConflict((conflict) => conflict.column("linkHash").doNothing())
			.returning("id")
			.executeTakeFirst();
		if (!entered) return null;
		await trx
			.updateTable("passkey")
			.set({ counter: newCounter, usedAt: now })
			.where("id", "=", passkey.id)
			.execute();
		return openBrowser(trx, organizerId, userAgent, now);
	});
}

/** Forgets one of somebody's own passkeys, and nobody else's. */
export async function removePasskey(db: Db, organizerId: string, id: string, now: Date): Promise<void> {
	if (!isCredentialId(id)) return;
	await db.transaction().execute(async (trx) => {
		const removed = await trx
			.deleteFrom("passkey")
			.where("organizerId", "=", organizerId)
			.where("id", "=", id)
			.returning("id")
			.executeTakeFirst();
		if (!removed) return;
		await recordAudit(trx, [{ actor: "organizer", organizerId, action: "organizer.passkey-removed" }], now);
	});
}

/** Base 64, safe in URLs, of at most 1023 bytes (WebAuthn level 3, §4, Credential ID). */
function isCredentialId(value: unknown): value is string {
	return typeof value === "string" && /^[\w-]{1,1364}$/.test(value);
}

/** What a device sent is a stranger's text: the library throws at what it cannot read, and at what does not add up. */
async function verified<Answer>(verify: () => Promise<Answer>): Promise<Answer | null> {
	try {
		return await verify();
	} catch {
		return null;
	}
}
