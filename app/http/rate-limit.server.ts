import { countRate } from "#db/queries/rates.server.ts";
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
): Promise<boolean> {
	if (isLoopback(context.clientIp)) return true;
	return (await countRate(context.db, `${kind}:${context.clientIp}`, periodSeconds, now)) <= limit;
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
	return (await countRate(context.db, `${kind}:${subject}`, periodSeconds, now)) <= limit;
}

function isLoopback(address: string): boolean {
	return address === "" || address === "::1" || /^(::ffff:)?127\./.test(address);
}
