import { STATUS_CODES } from "node:http";
import { hashToken } from "#app/domain/token.server.ts";
import { findApiToken } from "#db/queries/api-tokens.server.ts";
import type { ApiToken } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { isId } from "./params.ts";
import { withinLimit, withinLimitFor } from "./rate-limit.server.ts";

/** How much one token may ask for in a minute, and how often somebody may be wrong in an hour from one place. */
export const apiLimits = { perMinute: 300, refusedPerHour: 60 };
export const apiPageSize = 100;

/** Whether an address is for other software: what is refused there is refused in JSON. */
export function isApi(path: string): boolean {
	return /^\/api(\/|$)/i.test(path);
}

/** A refusal as software reads it (RFC 9457). May be thrown. */
export function problem(status: number, detail?: string, headers: Record<string, string> = {}): Response {
	return new Response(JSON.stringify({ type: "about:blank", title: STATUS_CODES[status], status, detail }), {
		status,
		headers: { "Content-Type": "application/problem+json", "Cache-Control": "no-store", ...headers },
	});
}

/**
 * The guard that every loader of the API starts with. Returns the token that the request shows (RFC 6750), by header alone;
 * throws a 401 without one that is in force, and a 429 beyond a limit. A cookie counts for nothing.
 */
export async function requireApiToken(request: Request, context: AppContext): Promise<ApiToken> {
	const now = new Date();
	const given = request.headers.get("Authorization");
	const [, token] = /^Bearer +(pres_[\w-]{43})$/i.exec(given ?? "") ?? [];
	const found = token && (await findApiToken(context.db, hashToken(token), now));
	const within = found
		? await withinLimitFor(context, "api", found.id, apiLimits.perMinute, 60, now)
		: await withinLimit(context, "api-refused", apiLimits.refusedPerHour, 3600, now);
	if (!within) throw problem(429, "Too many requests: see Retry-After.");
	if (found) return found;
	throw given
		? problem(401, "This token is unknown or was revoked.", {
				"WWW-Authenticate": 'Bearer error="invalid_token"',
			})
		: problem(401, "Send Authorization: Bearer, with a token.", { "WWW-Authenticate": "Bearer" });
}

/** What was asked for, as JSON that nobody keeps. */
export function apiAnswer(body: object): Response {
	return Response.json(body, { headers: { "Cache-Control": "no-store" } });
}

/** The first of what was found, as much as a page holds, and the address of the next page where there is more. */
export function apiPage<Row, Shape>(
	rows: Row[],
	shape: (row: Row) => Shape,
	addressAfter: (last: Row) => string,
): Response {
	const page = rows.slice(0, apiPageSize);
	const last = rows.length > page.length ? page.at(-1) : undefined;
	return apiAnswer({ data: page.map(shape), next: last ? addressAfter(last) : null });
}

/** An id in an address of the API. Throws a 404 for what cannot be one. */
export function apiId(value = ""): string {
	if (!isId(value)) throw apiNotFound();
	return value;
}

export function apiNotFound(): Response {
	return problem(404, "There is no such thing, or it is not published.");
}
