import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { referenceFromBytes } from "./reference.ts";

/** What a signed token is for. A token made for one purpose is refused for another. */
export type Purpose =
	| "manage"
	| "group"
	| "booking"
	| "form"
	| "preferences"
	| "calendar"
	| "organizer-calendar"
	| "check-in";

/**
 * A token that authorizes without being stored: `<id>.<signature>` where the signature is HMAC-SHA256 over purpose, id
 * and version (RFC 2104). Raising the stored version makes every earlier token worthless.
 */
export function signToken(secret: string, purpose: Purpose, id: string, version = 1): string {
	return `${id}.${signature(secret, purpose, id, version)}`;
}

/** The id inside a well-formed token. It proves nothing until `tokenIsGenuine` has said so. */
export function idOfToken(token: string): string | null {
	return /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.[\w-]{32}$/.exec(token)?.[1] ?? null;
}

/** Compares in constant time against every secret in use, the newest first. */
export function tokenIsGenuine(
	secrets: string[],
	purpose: Purpose,
	token: string,
	id: string,
	version = 1,
): boolean {
	return secrets.some((secret) => sameText(token, signToken(secret, purpose, id, version)));
}

/** Whose seat a check-in value names: the person of this number in a booking. */
type Seat = { reference: string; position: number; id: string; tokenVersion: number };

/**
 * What the QR code of a seat says: the booking's reference, eight characters that sign it, the person's number. It says who
 * somebody is at the door and authorizes nothing. Up to twenty capitals and digits make the smallest code there is. It dies
 * with the link to the seat.
 */
export function signCheckIn(secret: string, { reference, position, id, tokenVersion }: Seat): string {
	return reference + referenceFromBytes(hmac(secret, "check-in", id, tokenVersion)) + position;
}

/** The booking and the person that a check-in value names, or null if it cannot be one. It proves nothing until `checkInIsGenuine` has said so. */
export function readCheckIn(value: string): { reference: string; position: number } | null {
	const [, reference, position] =
		/^([0-9A-HJKMNP-TV-Z]{8})[0-9A-HJKMNP-TV-Z]{8}([1-9]\d{0,3})$/.exec(value) ?? [];
	return reference && position ? { reference, position: Number(position) } : null;
}

/** Compares as `tokenIsGenuine` does. */
export function checkInIsGenuine(secrets: string[], value: string, seat: Seat): boolean {
	return secrets.some((secret) => sameText(value, signCheckIn(secret, seat)));
}

/** 32 random bytes in URL-safe base 64. */
export function randomToken(): string {
	return randomBytes(32).toString("base64url");
}

/** What is stored of a secret that was handed out: its SHA-256, in hexadecimal. */
export function hashToken(token: string): string {
	return createHash("sha256").update(token).digest("hex");
}

function signature(secret: string, purpose: Purpose, id: string, version: number): string {
	return hmac(secret, purpose, id, version).toString("base64url").slice(0, 32);
}

/** 32 bytes that only whoever has the secret can make: HMAC-SHA256 over purpose, id and version. */
export function hmac(secret: string, purpose: Purpose | "webhook", id: string, version: number): Buffer {
	return createHmac("sha256", secret).update(`${purpose}\n${id}\n${version}`).digest();
}

/** Compares secrets in a time that says nothing of where they differ. */
export function sameText(a: string, b: string): boolean {
	const left = Buffer.from(a);
	const right = Buffer.from(b);
	return left.length === right.length && timingSafeEqual(left, right);
}
