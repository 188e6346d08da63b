import type { RelyingParty } from "#app/use-cases/passkeys.server.ts";
import type { Organizer } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { newFormKey, readFormKey } from "./form-key.server.ts";

/**
 * What passkeys of this site are bound to, or null where browsers have none: at an address that is a number, or without
 * https anywhere but on one's own machine (WebAuthn level 3, §5.1.2 and §13.4.9).
 */
export function relyingParty(context: AppContext): RelyingParty | null {
	const { protocol, hostname, origin } = new URL(context.config.publicUrl);
	const isDomain = /[a-z]$/i.test(hostname);
	const isSafe = protocol === "https:" || hostname === "localhost";
	if (!isDomain || !isSafe) return null;
	const readChallenge = (challenge: string, now: Date) =>
		readFormKey(context.secrets, Buffer.from(challenge, "base64url").toString(), now);
	return { id: hostname, origin, readChallenge };
}

/** What a device is asked so that it signs somebody in; null where there are no passkeys. */
export function passkeyRequest(context: AppContext) {
	const site = relyingParty(context);
	return site && { challenge: newChallenge(context), rpId: site.id, userVerification: "required" };
}

/** What a device is asked so that it makes a passkey for somebody, unless it holds one of `known`. */
export function passkeyCreation(
	context: AppContext,
	{ id, email, name }: Pick<Organizer, "id" | "email" | "name">,
	known: { id: string }[],
) {
	const site = relyingParty(context);
	return (
		site && {
			challenge: newChallenge(context),
			rp: { id: site.id, name: context.config.mailFrom.name || "Présence" },
			user: { id: Buffer.from(id).toString("base64url"), name: email, displayName: name },
			// Ed25519, ES256 and RS256 (RFC 9053): what devices have.
			pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: "public-key", alg })),
			excludeCredentials: known.map((passkey) => ({ id: passkey.id, type: "public-key" })),
			authenticatorSelection: { residentKey: "required", userVerification: "required" },
		}
	);
}

/** The key of one showing of a form: it cannot be made elsewhere, and serves once. */
function newChallenge(context: AppContext): string {
	return Buffer.from(newFormKey(context.secrets)).toString("base64url");
}
