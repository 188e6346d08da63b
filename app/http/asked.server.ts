import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";
import { isApi } from "./api.server.ts";
import type { SiteEnv } from "./context.server.ts";

/* What the site's layers, which stand before Remix, ask of a request. */

/** Where Fetch Metadata is missing, the Origin must be ours; without either, the request came from no page of this site. */
export function isSameOrigin(header: (name: string) => unknown, origin: URL): boolean {
	const site = header("sec-fetch-site");
	return site ? site === "same-origin" : header("origin") === origin.origin;
}

/**
 * The same request under the public address: links and redirects never depend on what a client calls this host. The
 * Origin was checked already, and Remix would compare it with a host that a proxy may have changed.
 */
export function requestFor(request: Request, origin: URL, body: string | ArrayBuffer | null): Request {
	const url = new URL(request.url);
	const headers = new Headers(request.headers);
	headers.set("Host", origin.host);
	headers.delete("X-Forwarded-Host");
	headers.delete("Origin");
	// Behind a parameter, a second type would be read as the one that counts, and the form as none.
	if (typeof body === "string") headers.set("Content-Type", "application/x-www-form-urlencoded");
	const { method, signal } = request;
	const target = new URL(origin);
	target.pathname = url.pathname;
	target.search = url.search;
	return new Request(target, { method, headers, signal, body });
}

/** The path of an address as the routes will read it: it may come with its origin (RFC 9112 §3.2.2) and with dots. */
export function pathOf(url: string): string {
	const whole = url.startsWith("/") ? `http://here${url}` : url;
	return URL.canParse(whole) ? new URL(whole).pathname : url;
}

/** No text holds a NUL, no path a line break, and what is no UTF-8 stands for nothing. */
export function isReadable(url: string): boolean {
	try {
		return !/%00/i.test(url) && !/[\r\n]/.test(decodeURIComponent(new URL(url).pathname));
	} catch {
		return false;
	}
}

/** The routes also read letters that need no escape and have one, and a path that ends in slashes. */
export function isSignUp(path: string): boolean {
	const plain = path.replace(/%[4-7][0-9a-f]/gi, decodeURIComponent);
	return /^\/ateliers\/[^/]+\/inscription\/*$|^\/en\/workshops\/[^/]+\/register\/*$/i.test(plain);
}

/** Other software reads, and sends nothing. */
export function methodsOf(path: string): string[] {
	return isApi(path) ? ["GET", "HEAD"] : ["GET", "HEAD", "POST"];
}

/** What a form with a file sends, on the one page that has such a form. */
export function isUpload(request: Request): boolean {
	if (request.method !== "POST") return false;
	const type = request.headers.get("Content-Type") ?? "";
	return type.startsWith("multipart/form-data") && takesFile(new URL(request.url).pathname);
}

function takesFile(path: string): boolean {
	return /^\/organizer\/sessions\/[\w-]+\/import$/.test(path);
}

/** The only other bodies that this site takes: what a form without files sends, or nothing. */
export function isForm(request: Request): boolean {
	if (request.method !== "POST") return false;
	const type = request.headers.get("Content-Type");
	return type === null ? !request.body : /^application\/x-www-form-urlencoded *(;|$)/i.test(type);
}

/** The address `hops` trusted proxies away; with none, the connection's own. */
export function clientIp(c: Context<SiteEnv>, hops: number): string {
	const direct = getConnInfo(c).remote.address ?? "";
	if (hops === 0) return direct;
	const forwarded = (c.req.header("X-Forwarded-For") ?? "").split(",").map((address) => address.trim());
	return forwarded.at(-hops) || direct;
}

export function isExport(path: string): boolean {
	return /\.(csv|xlsx)$/.test(path);
}
