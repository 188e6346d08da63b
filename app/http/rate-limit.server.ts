import { setTimeout as pause } from "node:timers/promises";
import { countRate } from "#db/queries/rates.server.ts";
import type { AppContext } from "./context.server.ts";

/** Counts one request of this kind from the client's network, if that is known, and says whether it is within `limit`. */
export async function withinLimit(
	context: AppContext,
	kind: string,
	limit: number,
	periodSeconds: number,
	now: Date,
): Promise<boolean> {
	const network = clientNetwork(context);
	return network === null || withinLimitFor(context, kind, network, limit, periodSeconds, now);
}

/** The same for an address or account that is named in the request, wherever it comes from. */
export async function withinLimitFor(
	context: AppContext,
	kind: string,
	subject: string,
	limit: number,
	periodSeconds: number,
	now: Date,
): Promise<boolean> {
	const within = (await countRate(context.db, rateKey(kind, subject), periodSeconds, now)) <= limit;
	if (!within) context.limitedForSeconds = secondsLeft(periodSeconds, now);
	return within;
}

/** What requests of this kind are counted under. */
export function rateKey(kind: string, subject: string): string {
	return `${kind}:${subject}`;
}

/** Seconds from `now` until a count of this period begins at nothing again. */
export function secondsLeft(periodSeconds: number, now: Date): number {
	return periodSeconds - (Math.floor(now.getTime() / 1000) % periodSeconds);
}

/**
 * The network that the client is counted by. Null for a loopback address, which is not counted: behind a proxy that is not
 * declared by TRUST_PROXY_HOPS, everybody would share it.
 */
export function clientNetwork({ clientIp }: AppContext): string | null {
	return isLoopback(clientIp) ? null : networkOf(clientIp);
}

/** An IPv6 subscriber has a whole /64 (RFC 6177): it counts as one. An IPv4 address stays itself, however it is written. */
function networkOf(address: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
	if (mapped?.[1]) return mapped[1];
	if (!address.includes(":")) return address;
	const [head = "", tail] = address.split("::");
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
