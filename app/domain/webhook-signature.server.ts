import { createHmac } from "node:crypto";
import { hmac } from "./token.server.ts";

const dayMs = 24 * 3600 * 1000;

/** Whose secret it is. */
type SigningWebhook = { id: string; version: number; renewedAt: Date | null };

/** What a webhook's messages are signed with, as its owner copies it into the other tool. It is not stored anywhere. */
export function signingSecret(
	secret: string,
	{ id, version }: Pick<SigningWebhook, "id" | "version">,
): string {
	return `whsec_${signingKey(secret, id, version).toString("base64")}`;
}

/**
 * The three headers of the Standard Webhooks specification. There is a signature for each of the site's secrets, and for a
 * day after a renewal for the key before too, so that the other tool misses nothing until it has the new one.
 */
export function signedHeaders(
	secrets: string[],
	webhook: SigningWebhook,
	message: { id: string; body: string },
	now: Date,
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
	const { id, version } = webhook;
	const versions = isRenewed(webhook, now) ? [version, version - 1] : [version];
	const timestamp = String(Math.floor(now.getTime() / 1000));
	const signed = `${message.id}.${timestamp}.${message.body}`;
	const signatures = secrets.flatMap((secret) =>
		versions.map((one) => `v1,${signatureOf(signingKey(secret, id, one), signed)}`),
	);
	return {
		"webhook-id": message.id,
		"webhook-timestamp": timestamp,
		"webhook-signature": signatures.join(" "),
	};
}

/** HMAC-SHA256 in base 64, of what is signed: `id.timestamp.body`. */
export function signatureOf(key: Buffer, signed: string): string {
	return createHmac("sha256", key).update(signed).digest("base64");
}

/** Whether the key before is still in use. */
export function isRenewed({ renewedAt }: Pick<SigningWebhook, "renewedAt">, now: Date): boolean {
	return renewedAt !== null && now.getTime() - renewedAt.getTime() < dayMs;
}

function signingKey(secret: string, id: string, version: number): Buffer {
	return hmac(secret, "webhook", id, version);
}
