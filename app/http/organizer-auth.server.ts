import { redirect } from "@remix-run/node";
import { hashToken } from "#app/domain/token.server.ts";
import { paths } from "#app/paths.ts";
import { cookieSeconds } from "#app/use-cases/sign-in.server.ts";
import { findOrganizerByCookie } from "#db/queries/organizers.server.ts";
import type { Organizer, Role } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { refused } from "./responses.ts";

const rank: Record<Role, number> = { door: 1, organizer: 2, owner: 3 };

/**
 * The guard that every organizer loader and action starts with. Returns who is signed in; throws a redirect to the
 * sign-in page when nobody is, and a 403 when the role is below `least`.
 */
export async function requireOrganizer(
	request: Request,
	context: AppContext,
	least: Role = "organizer",
): Promise<Organizer> {
	const organizer = await findSignedIn(request, context);
	if (!organizer) {
		const url = new URL(request.url);
		const back = request.method === "GET" ? `?to=${encodeURIComponent(url.pathname + url.search)}` : "";
		throw redirect(paths.organizer.signIn() + back);
	}
	if (rank[organizer.role] < rank[least]) throw refused(403);
	return organizer;
}

/** Who is signed in, for what may be shown without; pages and actions ask `requireOrganizer`. */
export async function findSignedIn(request: Request, context: AppContext): Promise<Organizer | undefined> {
	const token = readOrganizerCookie(request, context);
	return token ? findOrganizerByCookie(context.db, hashToken(token), new Date()) : undefined;
}

/** The token a browser holds, or null. */
export function readOrganizerCookie(request: Request, context: AppContext): string | null {
	const name = cookieName(context);
	for (const pair of (request.headers.get("Cookie") ?? "").split(";")) {
		const [key, value] = pair.trim().split("=");
		if (key === name && value) return value;
	}
	return null;
}

/** The Set-Cookie header that signs a browser in, or out with an empty token. */
export function organizerCookie(context: AppContext, token: string): string {
	const secure = isHttps(context) ? "; Secure" : "";
	const age = token ? cookieSeconds : 0;
	return `${cookieName(context)}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${secure}`;
}

/** Where to go after signing in: only an organizer's page of this site. */
export function safeReturn(to: string | null): string {
	return to && /^\/organizer(\/[\w./-]*)?(\?[\w=&.%+-]*)?$/.test(to) ? to : paths.organizer.home();
}

// Browsers accept the __Host- prefix over https alone; without it the app listens on loopback.
function cookieName(context: AppContext): string {
	return isHttps(context) ? "__Host-organizer" : "organizer";
}

function isHttps(context: AppContext): boolean {
	return context.config.publicUrl.startsWith("https:");
}
