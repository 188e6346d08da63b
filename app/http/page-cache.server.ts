import type { MiddlewareHandler } from "hono";
import type { SiteEnv } from "./context.server.ts";

type Kept = { body: Uint8Array<ArrayBuffer>; headers: Record<string, string> };

const keptMs = 1000;
const mostPages = 200;

/** The list and the workshops: the pages that an announcement sends everyone to, the same for all of them. */
const everyones = /^(\/|\/en|\/ateliers\/[^/]+|\/en\/workshops\/[^/]+)$/;

/**
 * Answers the pages that everyone reads from memory for a second after they were rendered, and renders each only once
 * however many ask at the same time. They hold no script that a nonce allows. A request with a cookie is an
 * organizer's, who must see at once what they have just changed.
 */
export function pageCache(
	clock: () => number = performance.now.bind(performance),
): MiddlewareHandler<SiteEnv> {
	let pages = new Map<string, Promise<Kept | null>>();
	let since = 0;

	return async (c, next) => {
		const { method, path, url } = c.req;
		if (method !== "GET" || !everyones.test(path) || c.req.header("Cookie")) return next();
		if (clock() - since >= keptMs) {
			pages = new Map();
			since = clock();
		}
		const encoding = /\bgzip\b/.test(c.req.header("Accept-Encoding") ?? "") ? "gzip" : "";
		const key = `${encoding} ${url.slice(url.indexOf("/", url.indexOf("//") + 2))}`;
		const coming = pages.get(key);
		if (coming) {
			const page = await coming;
			if (!page) return next();
			return new Response(page.body, { headers: { ...page.headers, "x-request-id": c.get("requestId") } });
		}
		if (pages.size >= mostPages) return next();

		let keep: (page: Kept | null) => void = () => {};
		pages.set(
			key,
			new Promise((resolve) => {
				keep = resolve;
			}),
		);
		let page: Kept | null = null;
		try {
			await next();
			if (c.res.status !== 200) return;
			const body = new Uint8Array(await c.res.arrayBuffer());
			const headers = Object.fromEntries(c.res.headers);
			page = { body, headers: { ...headers, "content-length": String(body.length) } };
			c.res = new Response(body, { headers: page.headers });
		} finally {
			keep(page);
		}
	};
}
