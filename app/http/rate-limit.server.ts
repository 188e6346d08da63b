import { hash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { countRate, type countRateSoon } from "#db/queries/rates.server.ts";
import type { AppContext } from "./context.server.ts";

/**
 * Counts one request of this kind from the client's address, and says whether it is within `limit`. A loopback address
 * is not counted: behind a proxy that is not declared by TRUST_PROXY_HOPS, everybody would share it.
 */
export async function withinLimit(
	context: AppContext,
	kind: string,
	limit: number,
	periodSeconds: number,
	now: Date,
	count?: Counting,
): Promise<boolean> {
	if (isLoopback(context.clientIp)) return true;
	return withinLimitFor(context, kind, networkOf(context.clientIp), limit, periodSeconds, now, count);
}

/** Exactly, or without waiting for the database. */
type Counting = typeof countRate | typeof countRateSoon;

/** The same for an address or account that is named in the request, wherever it comes from. */
export async function withinLimitFor(
	context: AppContext,
	kind: string,
	subject: string,
	limit: number,
	periodSeconds: number,
	now: Date,
	count: Counting = countRate,
): Promise<boolean> {
	const key = `${kind}:${anonymous(context.secrets[0], subject)}`;
	const within = (await count(context.db, key, periodSeconds, now)) <= limit;
	if (!within) context.limitedForSeconds = periodSeconds - (Math.floor(now.getTime() / 1000) % periodSeconds);
	return within;
}

/**
 * What counts for a person or a network without naming them: erasing somebody leaves nothing here that says who it was. A
 * rush asks for it twice a sign-up: at once, it takes a sixth of what an HMAC does, and nobody is shown it.
 */
function anonymous(secret: string, subject: string): string {
	return hash("sha256", `${secret}\nrate\n${subject}`, "base64url").slice(0, 22);
}

export const aName = { kind: "named", most: 30 };

/**
 * Counts a form that names these addresses (null: none), each of which is written to. From one place to one address: whoever
 * names somebody else's, from elsewhere, keeps nobody from their own seat.
 */
export async function mayName(
	context: AppContext,
	emails: (string | null)[],
	now: Date,
	{ kind, most, count }: { kind: string; most: number; count?: Counting } = aName,
): Promise<boolean> {
	const place = networkOf(context.clientIp);
	const named = new Set(emails.flatMap((email) => email?.toLowerCase() ?? []));
	const within = await Promise.all(
		[...named].map((email) => withinLimitFor(context, kind, `${email} ${place}`, most, 3600, now, count)),
	);
	return !within.includes(false);
}

/**
 * An IPv6 subscriber has a whole /64 (RFC 6177): it counts as one. An IPv4 address stays itself, however it is written, with
 * the port that some proxies add too (RFC 7239 §6).
 */
function networkOf(address: string): string {
	const bare = /^\[(.*)\](:\d+)?$/.exec(address)?.[1] ?? address;
	const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare);
	if (ipv4?.[1]) return ipv4[1];
	if (!bare.includes(":")) return bare;
	const [head = "", tail] = bare.split("::");
	const groups = head.split(":").filter(Boolean);
	const end = tail?.split(":").filter(Boolean) ?? [];
	const filled = [...groups, ...Array(Math.max(0, 8 - groups.length - end.length)).fill("0"), ...end];
	return filled.slice(0, 4).join(":");
}

function isLoopback(address: string): boolean {
	return address === "" || address === "::1" || /^(::ffff:)?127\./.test(address);
}

const answersAfterMs = 300;

/** A floor under an answer hides how long the work behind it took: longer for an address that is known. */
export async function withoutHaste<Answer>(work: Promise<Answer>): Promise<Answer> {
	const [answer] = await Promise.all([work, pause(answersAfterMs)]);
	return answer;
}
