import { randomUUID } from "node:crypto";
import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { getRequestListener } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { createRequestHandler, type RequestHandler, type ServerBuild } from "@remix-run/node";
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { compress } from "hono/compress";
import { etag } from "hono/etag";
import type { Config } from "#app/config.server.ts";
import { sameText } from "#app/domain/token.server.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { createTurns } from "#app/use-cases/turns.server.ts";
import { isDatabaseUnavailable } from "#db/client.server.ts";
import { findMailTrouble } from "#db/queries/emails.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { countDeliveries } from "#db/queries/webhooks.server.ts";
import { together } from "#db/together.server.ts";
import { outboxCounts } from "#emails/outbox.server.ts";
import { createAdmission } from "./admission.server.ts";
import { isApi, problem } from "./api.server.ts";
import {
	clientIp,
	isExport,
	isForm,
	isReadable,
	isSameOrigin,
	isSignUp,
	isUpload,
	methodsOf,
	pathOf,
	requestFor,
} from "./asked.server.ts";
import { receiveBounce } from "./bounces.server.ts";
import type { AppContext, Retry, SiteEnv } from "./context.server.ts";
import { logError, logRequest } from "./log.server.ts";
import type { Metrics } from "./metrics.server.ts";
import { createPageCache, type PageCache } from "./page-cache.server.ts";
import { pageSecurity } from "./page-security.server.ts";
import { findPreferencesPage, unsubscribe } from "./reader.server.ts";
import { blankRetry, createTurnAway, readBody } from "./turn-away.server.ts";

export type SiteContext = Omit<AppContext, "clientIp" | "requestId" | "nonce">;

const longestBody = 256 * 1024;
/** A list of people, as a file or as rows in the form. Larger ones are told so in a sentence, up to here. */
const longestUpload = 4 * 1024 * 1024;
const assetSeconds = 365 * 24 * 3600;
const rush = { flood: { withinMs: 45, least: 14 }, patienceMs: 500, most: 2000 };
const calmWaitMs = 1000;
/** As long as a connection to the database is waited for. */
const healthWaitMs = 5000;
const retryAfterSeconds = "5";
const halfYearMs = 180 * 24 * 3600 * 1000;

type Build = ServerBuild | (() => Promise<ServerBuild>);

/**
 * The site as Node's server asks for it. What a rush asks for most is answered before any of the layers, which cost more
 * than the answer: pages that are in memory, and sign-ups beyond what can be taken soon.
 */
export function createListener(context: SiteContext, build: Build, metrics: Metrics): RequestListener {
	const { config } = context;
	const origin = new URL(config.publicUrl);
	const pages = config.production ? createPageCache() : undefined;
	const site = createSite(context, build, metrics, pages);
	const answer = getRequestListener(site.fetch);
	const turnAway = createTurnAway(longestBody, (locale, incoming) => {
		const page = new Request(new URL(paths.refused(locale, 503), origin));
		return site.fetch(page, { incoming, retry: blankRetry });
	});
	const admission = createAdmission({
		...rush,
		calm: { withinMs: calmWaitMs, least: config.signUpsAtOnce },
	});
	const itsTurn = createTurns();

	/** A place is free as soon as there is an answer: whoever reads theirs slowly keeps nobody out. */
	async function letIn(request: IncomingMessage, response: ServerResponse, before: number): Promise<void> {
		let inside = true;
		function leave(): void {
			if (inside) admission.leave();
			inside = false;
		}
		const answerAndLeave = getRequestListener(async (asked, env) => {
			try {
				return await site.fetch(asked, { ...env, before });
			} finally {
				leave();
			}
		});
		await itsTurn();
		// What is no request of HTTP's is refused before it comes to the site.
		await answerAndLeave(request, response).finally(leave);
	}

	/** A form is read before it takes a place: whoever sends theirs slowly keeps nobody out either. */
	async function takeSignUp(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
		const before = performance.now();
		// Asked for once, it is known for as long as the socket is: whoever hangs up before their turn is still somebody.
		void request.socket.remoteAddress;
		const rawBody = await readBody(request, longestBody);
		if (admission.enter()) return letIn(Object.assign(request, { rawBody }), response, before);
		const requestId = randomUUID();
		try {
			await turnAway(request, response, { path, requestId, body: rawBody });
		} catch (error) {
			logError("turn-away.failed", error, { requestId });
			response.writeHead(503, { "Retry-After": retryAfterSeconds }).end();
		}
		record(config, metrics, { requestId, method: "POST", path, status: 503, before });
	}

	return (request, response) => {
		const { method, headers, url = "" } = request;
		const page = pages?.find(request);
		if (page) {
			const before = performance.now();
			const requestId = randomUUID();
			response.writeHead(200, [...page.rawHeaders, "x-request-id", requestId]).end(page.body);
			const path = url.split("?", 1)[0]!;
			record(config, metrics, { requestId, method: "GET", path, status: 200, before });
			return;
		}
		const path = pathOf(url);
		const signUp = method === "POST" && isSignUp(path) && isSameOrigin((name) => headers[name], origin);
		// One that says it is too long is refused before it is read.
		if (!signUp || Number(headers["content-length"]) > longestBody) void answer(request, response);
		else void takeSignUp(request, response, path);
	};
}

/**
 * The whole site as one fetch handler: headers, limits, static files, then Remix. A `build` that is a function is asked
 * for at each request, so that development can change it.
 */
export function createSite(
	context: SiteContext,
	build: Build,
	metrics: Metrics,
	pages?: PageCache,
): Hono<SiteEnv> {
	const { config } = context;
	const origin = new URL(config.publicUrl);
	const https = origin.protocol === "https:";
	const mode = config.production ? "production" : "development";
	const everyPage = createRequestHandler(build, mode);
	const sections = typeof build === "function" ? null : pagesBySection(build, mode);
	const site = new Hono<SiteEnv>();

	function contextOf(c: Context<SiteEnv>): AppContext {
		return {
			...context,
			clientIp: clientIp(c, config.trustProxyHops),
			requestId: c.get("requestId"),
			nonce: c.get("secureHeadersNonce") ?? "",
		};
	}

	async function remix(request: Request, requestContext: AppContext): Promise<Response> {
		const { pathname } = new URL(request.url);
		const pages = sections?.get(sectionOf(pathname)) ?? everyPage;
		const response = await pages(request, requestContext);
		if (response.status === 503) response.headers.set("Retry-After", retryAfterSeconds);
		const { limitedForSeconds } = requestContext;
		if (response.status === 429 && limitedForSeconds)
			response.headers.set("Retry-After", String(limitedForSeconds));
		return response;
	}

	async function render(c: Context<SiteEnv>): Promise<Response> {
		if (c.env.retry) return refuse(c, 503, c.env.retry);
		const upload = isUpload(c.req.raw) ? await c.req.arrayBuffer() : null;
		const typed = isForm(c.req.raw) ? await c.req.text() : null;
		const requestContext = contextOf(c);
		const response = await remix(requestFor(c.req.raw, origin, upload ?? typed), requestContext);
		if (response.status >= 500 && requestContext.databaseUnavailable) {
			const fields = [...new URLSearchParams(typed ?? "")];
			return refuse(c, 503, typed === null ? undefined : { action: c.req.path, fields });
		}
		// A file that is refused has no page of its own, and software reads no page.
		const type = response.headers.get("Content-Type");
		const unread = type === null || (isApi(c.req.path) && !type.startsWith("application/problem+json"));
		if (response.status >= 400 && unread) return refuse(c, response.status);
		if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "private, no-cache");
		return response;
	}

	/** The page of a refusal, in the language of the address; `retry` sends what was typed again. */
	async function refuse(c: Context<SiteEnv>, status: number, retry?: Retry): Promise<Response> {
		const path = paths.refused(localeOfPath(c.req.path), status);
		const request = new Request(new URL(path, origin), { headers: { Accept: "text/html" } });
		const response = isApi(c.req.path) ? problem(status) : await remix(request, { ...contextOf(c), retry });
		if (status === 405) response.headers.set("Allow", methodsOf(c.req.path).join(", "));
		if (status === 503) response.headers.set("Retry-After", retryAfterSeconds);
		return response;
	}

	/** The rest of the body is not read, so the connection cannot carry another request. */
	async function tooLong(c: Context<SiteEnv>): Promise<Response> {
		const response = await refuse(c, 413);
		response.headers.set("Connection", "close");
		return response;
	}

	// Pages have their own: this is for the addresses that no page answers, and for what is no request of HTTP's.
	site.onError((error, c) => {
		if (!c.req.raw.signal.aborted)
			logError("request.failed", error, { requestId: c.get("requestId"), path: c.req.path });
		const away = isDatabaseUnavailable(error);
		return c.body(null, away ? 503 : 500, away ? { "Retry-After": retryAfterSeconds } : undefined);
	});
	site.use(async (c, next) => {
		const before = c.env?.before ?? performance.now();
		const requestId = randomUUID();
		c.set("requestId", requestId);
		await next();
		if (c.env?.retry) return;
		const { method, path } = c.req;
		record(config, metrics, { requestId, method, path, status: c.res.status, before });
	});
	if (pages) site.use(pages.keep);
	site.use(async (c, next) => {
		await next();
		c.header("X-Request-Id", c.get("requestId"));
	});
	site.use(pageSecurity(https));
	// Anyone may ask: however many do, the database is asked once at a time. One that is frozen keeps nobody waiting for good.
	type OutboxState = { waiting: number; dead: number; stoppedSince: Date | null };
	const askOutbox = together<void, OutboxState>(Number.POSITIVE_INFINITY, async (asked) => {
		const { db } = context;
		const [counts, trouble] = await Promise.all([outboxCounts(db), findMailTrouble(db, new Date())]);
		return asked.map(() => ({ ...counts, stoppedSince: trouble?.since ?? null }));
	});
	site.get("/health", async (c) => {
		try {
			const outbox = await Promise.race([askOutbox(), pause(healthWaitMs, null, { ref: false })]);
			if (outbox) return c.json({ status: "ok", database: "ok", outbox });
			return c.json({ status: "unavailable", database: "out of reach", outbox }, 503);
		} catch (error) {
			const away = isDatabaseUnavailable(error);
			if (!away) logError("health.failed", error, { requestId: c.get("requestId") });
			const database = away ? "out of reach" : "not as expected";
			return c.json({ status: "unavailable", database, outbox: null }, 503);
		}
	});
	site.use((c, next) => (isReadable(c.req.raw.url) ? next() : refuse(c, 404)));
	const limitBody = bodyLimit({ maxSize: longestBody, onError: (c) => tooLong(c as Context<SiteEnv>) });
	// Before the check of the Origin: mail servers have none, and show a token instead.
	site.post(paths.bounces(), limitBody, (c) => receiveBounce(c.req.raw, context));
	// Mail programs post what the header of an announcement says (RFC 8058); a reader who follows it gets a page.
	site.post(paths.unsubscribe(":token"), (c) => unsubscribe(context, c.req.param("token") ?? ""));
	site.get(paths.unsubscribe(":token"), async (c) =>
		c.redirect(await findPreferencesPage(context, c.req.param("token") ?? "")),
	);
	site.get("/metrics", async (c, next) => {
		if (!config.metricsToken) return next();
		if (!sameText(c.req.header("Authorization") ?? "", `Bearer ${config.metricsToken}`)) {
			return c.text("", 401, { "WWW-Authenticate": "Bearer" });
		}
		const [outbox, webhooks] = await Promise.all([
			outboxCounts(context.db).catch(() => null),
			countDeliveries(context.db).catch(() => null),
		]);
		return c.body(metrics.write({ outbox, webhooks }), 200, { "Content-Type": "text/plain; version=0.0.4" });
	});
	// RFC 9116: to whom a weakness is reported. Nobody, while the firm has no address.
	site.get("/.well-known/security.txt", async (c, next) => {
		const firm = await findFirm(context.db).catch(() => null);
		if (!firm?.email) return next();
		const lines = [
			`Contact: mailto:${firm.email}`,
			`Expires: ${new Date(Date.now() + halfYearMs).toISOString()}`,
			"Preferred-Languages: fr, en",
			`Canonical: ${config.publicUrl}${c.req.path}`,
		];
		return c.text(`${lines.join("\n")}\n`);
	});
	if (config.production) {
		const compressed = compress({
			contentTypeFilter: /^(text\/(html|css|javascript|calendar)|image\/svg|application\/atom)/,
		});
		site.use((c, next) =>
			c.req.path.startsWith("/organizer/") && isExport(c.req.path) ? next() : compressed(c, next),
		);
		site.get(
			"/assets/*",
			serveStatic({
				root: "./build/client",
				onFound: (_, c) => c.header("Cache-Control", `public, max-age=${assetSeconds}, immutable`),
			}),
		);
		site.get(
			"*",
			serveStatic({
				root: "./build/client",
				onFound: (_, c) => c.header("Cache-Control", "public, max-age=3600"),
			}),
		);
	}
	const tagged = etag();
	site.use((c, next) => (/^\/dates\/|\.ics$/.test(c.req.path) ? tagged(c, next) : next()));
	site.use(async (c, next) => {
		const { method, path, raw } = c.req;
		// A path that begins like a host is nobody's page.
		if (path.startsWith("//")) return refuse(c, 404);
		// Pages' data apart from their pages: only those that run React in the browser ask for it.
		if (path.endsWith(".data") && !path.startsWith("/organizer")) return refuse(c, 404);
		if (!methodsOf(path).includes(method)) return refuse(c, 405);
		if (method === "POST" && !isForm(raw) && !isUpload(raw)) return refuse(c, 400);
		if (method === "POST" && !isSameOrigin((name) => raw.headers.get(name), origin)) return refuse(c, 403);
		return next();
	});
	const limitUpload = bodyLimit({ maxSize: longestUpload, onError: (c) => tooLong(c as Context<SiteEnv>) });
	site.use((c, next) => (isUpload(c.req.raw) ? limitUpload(c, next) : limitBody(c, next)));
	site.all("*", render);
	return site;
}

/** Counts an answer, and writes its line in the log. `before` is when the request came, by `performance.now()`. */
function record(
	{ accessLog }: Config,
	metrics: Metrics,
	answer: { requestId: string; method: string; path: string; status: number; before: number },
): void {
	const { before, ...facts } = answer;
	const milliseconds = performance.now() - before;
	metrics.answered(facts.method, facts.status, milliseconds / 1000);
	if (accessLog) logRequest({ ...facts, milliseconds });
}

/** Remix ranks all the routes it has at each request, a tenth of a sign-up's work: the pages of a section have its own few. */
function pagesBySection(build: ServerBuild, mode: string): Map<string, RequestHandler> {
	const routes = Object.values(build.routes).flatMap((route) => route ?? []);
	const sections = new Set(routes.map(({ path }) => sectionOf(`/${path ?? ""}`)));
	return new Map(
		[...sections].map((section) => {
			const own = routes.filter(
				({ id, path }) => id === "root" || path === "*" || sectionOf(`/${path ?? ""}`) === section,
			);
			const ids = new Set(own.map(({ id }) => id));
			const pick = <Route>(all: Record<string, Route>) =>
				Object.fromEntries(Object.entries(all).filter(([id]) => ids.has(id)));
			const assets = { ...build.assets, routes: pick(build.assets.routes) };
			return [section, createRequestHandler({ ...build, routes: pick(build.routes), assets }, mode)];
		}),
	);
}

/** `/ateliers/…` → `ateliers`, `/en/workshops/…` → `en/workshops`; a page's data apart is in its page's section. */
function sectionOf(pathname: string): string {
	const [first = "", second] = pathname
		.replace(/\.data$/, "")
		.split("/")
		.slice(1);
	return first === "en" && second ? `en/${second}` : first;
}
