import type { IncomingMessage } from "node:http";
import type { MiddlewareHandler } from "hono";
import type { SiteEnv } from "./context.server.ts";

/** A page as it was answered, but for its request's id. */
type KeptPage = {
	body: Uint8Array<ArrayBuffer>;
	headers: Record<string, string>;
	/** The same, names and values in turn: what costs Node the least to send. */
	rawHeaders: string[];
};

/**
 * The pages that everyone reads, in memory for a second after they were rendered. They hold no script that a nonce
 * allows. A request with a cookie is an organizer's, who must see at once what they have just changed.
 */
export type PageCache = {
	/** The page that is asked for, if it is in memory. */
	find(request: Pick<IncomingMessage, "method" | "url" | "headers">): KeptPage | undefined;
	/** Lets a page be rendered once however many ask for it at the same time, and keeps it. */
	keep: MiddlewareHandler<SiteEnv>;
};

type Entry = { coming: Promise<KeptPage | null>; page?: KeptPage };

const keptMs = 1000;
const mostPages = 200;

/** The list, here and in other sites, and the workshops: the pages that an announcement sends everyone to, the same for all of them. */
const everyones = /^(\/|\/en|\/integrer|\/en\/embed|\/ateliers\/[^/?]+|\/en\/workshops\/[^/?]+)(\?|$)/;

export function createPageCache(clock: () => number = performance.now.bind(performance)): PageCache {
	let pages = new Map<string, Entry>();
	let since = 0;

	function ofThisSecond(): Map<string, Entry> {
		if (clock() - since >= keptMs) {
			pages = new Map();
			since = clock();
		}
		return pages;
	}

	return {
		find({ method, url, headers }) {
			const key = keyOf(method, url, headers.cookie, headers["accept-encoding"]);
			return key === null ? undefined : ofThisSecond().get(key)?.page;
		},
		async keep(c, next) {
			const { method, url } = c.req;
			const address = url.slice(url.indexOf("/", url.indexOf("//") + 2));
			const key = keyOf(method, address, c.req.header("Cookie"), c.req.header("Accept-Encoding"));
			if (key === null) return next();
			const kept = ofThisSecond();
			const known = kept.get(key);
			if (known) {
				const page = await known.coming;
				if (!page) return next();
				return new Response(page.body, { headers: { ...page.headers, "x-request-id": c.get("requestId") } });
			}
			if (kept.size >= mostPages) return next();

			let arrived: (page: KeptPage | null) => void = () => {};
			const entry: Entry = {
				coming: new Promise((resolve) => {
					arrived = resolve;
				}),
			};
			kept.set(key, entry);
			try {
				await next();
				if (c.res.status !== 200) return;
				const body = new Uint8Array(await c.res.arrayBuffer());
				const { "x-request-id": id, ...shared } = Object.fromEntries(c.res.headers);
				const headers = { ...shared, "content-length": String(body.length) };
				entry.page = { body, headers, rawHeaders: Object.entries(headers).flat() };
				c.res = new Response(body, { headers: { ...headers, ...(id && { "x-request-id": id }) } });
			} finally {
				arrived(entry.page ?? null);
			}
		},
	};
}

/**
 * What one page is kept under; null for what is not everyone's. `address` is a path with its query. What is accepted counts to
 * the letter: whoever compresses the page reads it in their own way.
 */
function keyOf(method = "", address = "", cookie?: string, acceptEncoding = ""): string | null {
	if (method !== "GET" || cookie || !everyones.test(address)) return null;
	return `${address} ${acceptEncoding}`;
}
