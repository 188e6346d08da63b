import { redirect } from "@remix-run/node";
import { type Locale, localeFrom } from "#app/domain/locale.ts";
import { type Role, roleReaches } from "#app/domain/organizer.ts";
import { hashToken } from "#app/domain/token.server.ts";
import { paths } from "#app/paths.ts";
import { cookieSeconds } from "#app/use-cases/sign-in.server.ts";
import { findOrganizerByCookie } from "#db/queries/organizers.server.ts";
import type { Organizer } from "#db/schema.ts";
import type { AppContext } from "./context.server.ts";
import { privateHeaders, refused } from "./responses.ts";

const languageSeconds = 365 * 24 * 3600;

/**
 * The guard that every organizer loader and action starts with. Returns who is signed in; throws a redirect to the
 * sign-in page when nobody is, and a 403 when the role is below `least`. Whoever may not see the home page is led from
 * there to what is their own.
 */
export async function requireOrganizer(
	request: Request,
	context: AppContext,
	least: Role = "organizer",
): Promise<Organizer> {
	const organizer = await findSignedIn(request, context);
	const url = new URL(request.url);
	if (!organizer) {
		const back = request.method === "GET" ? `?to=${encodeURIComponent(url.pathname + url.search)}` : "";
		throw redirect(paths.organizer.signIn() + back);
	}
	if (!roleReaches(organizer.role, least)) {
		throw url.pathname === paths.organizer.home() ? redirect(paths.organizer.doors()) : refused(403);
	}
	return organizer;
}

/** Who is signed in, for what may be shown without; pages and actions ask `requireOrganizer`. */
export async function findSignedIn(request: Request, context: AppContext): Promise<Organizer | undefined> {
	const browser = thisBrowser(request, context);
	return browser ? findOrganizerByCookie(context.db, browser, new Date()) : undefined;
}

/** How the sign-in of the browser that asks is stored, or null. */
export function thisBrowser(request: Request, context: AppContext): string | null {
	const token = readOrganizerCookie(request, context);
	return token && hashToken(token);
}

/** The token a browser holds, or null. */
export function readOrganizerCookie(request: Request, context: AppContext): string | null {
	return readCookie(request, cookieName(context));
}

/** The language of whoever was signed in last on a browser, for when nobody is any more; undefined where nobody was. */
export function lastReaderLocale(request: Request, context: AppContext): Locale | undefined {
	return localeFrom(readCookie(request, languageCookieName(context)));
}

function readCookie(request: Request, name: string): string | null {
	for (const pair of (request.headers.get("Cookie") ?? "").split(";")) {
		const [key, value] = pair.trim().split("=");
		if (key === name && value) return value;
	}
	return null;
}

/** The headers that sign a browser in with this token, and let it find the sign-in page in its reader's language later. */
export async function signedInHeaders(context: AppContext, token: string): Promise<Headers> {
	const headers = new Headers({ ...privateHeaders, "Set-Cookie": organizerCookie(context, token) });
	const organizer = await findOrganizerByCookie(context.db, hashToken(token), new Date());
	if (organizer) headers.append("Set-Cookie", languageCookie(context, organizer.locale));
	return headers;
}

/** The Set-Cookie header that has the sign-in page speak this language once nobody is signed in. */
export function languageCookie(context: AppContext, locale: Locale): string {
	return cookie(context, languageCookieName(context), locale, languageSeconds);
}

/** The Set-Cookie header that signs a browser in, or out with an empty token. */
export function organizerCookie(context: AppContext, token: string): string {
	return cookie(context, cookieName(context), token, token ? cookieSeconds : 0);
}

function cookie(context: AppContext, name: string, value: string, seconds: number): string {
	const secure = isHttps(context) ? "; Secure" : "";
	return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${seconds}${secure}`;
}

/** Where to go after signing in: only an organizer's page of this site. */
export function safeReturn(to: string | null): string {
	return to && /^\/organizer(\/[\w./-]*)?(\?[\w=&.%+-]*)?$/.test(to) ? to : paths.organizer.home();
}

// Browsers accept the __Host- prefix over https alone; without it the app listens on loopback.
function cookieName(context: AppContext): string {
	return isHttps(context) ? "__Host-organizer" : "organizer";
}

function languageCookieName(context: AppContext): string {
	return `${cookieName(context)}-language`;
}

function isHttps(context: AppContext): boolean {
	return context.config.publicUrl.startsWith("https:");
}
