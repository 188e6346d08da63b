import type { IncomingMessage } from "node:http";
import type { Context } from "hono";
import { html, raw } from "hono/html";
import type { Locale } from "#app/domain/locale.ts";
import { localeOfPath } from "#app/paths.ts";
import type { Retry, SiteEnv } from "./context.server.ts";

/** The form of the page that everyone gets, before it is somebody's. */
export const blankRetry: Retry = { action: "{action}", fields: [["{name}", "{value}"]] };
const blankField = '<input type="hidden" name="{name}" value="{value}"/>';
const keptMs = 60_000;

/**
 * Answers whoever comes when too many are under way: one page for all, whose form is `blankRetry` when it is rendered
 * once a minute, and what each one sent when it leaves. In a flood this is what the process does most, and those inside
 * wait for it: so nothing is made of the request but the text of its form.
 */
export function turnAway(
	render: (c: Context<SiteEnv>) => Promise<Response>,
	longestBody: number,
): (c: Context<SiteEnv>) => Promise<Response> {
	type Page = { body: string; headers: Record<string, string> };
	const pages = new Map<Locale, { page: Promise<Page>; since: number }>();

	function pageFor(c: Context<SiteEnv>): Promise<Page> {
		const locale = localeOfPath(c.req.path);
		const kept = pages.get(locale);
		if (kept && performance.now() - kept.since < keptMs) return kept.page;
		const page = render(c).then(async (response) => ({
			body: await response.text(),
			headers: Object.fromEntries(response.headers),
		}));
		pages.set(locale, { page, since: performance.now() });
		page.catch(() => pages.delete(locale));
		return page;
	}

	return async (c) => {
		const [page, form] = await Promise.all([pageFor(c), readForm(c.env.incoming, longestBody)]);
		const fields = [...new URLSearchParams(form ?? "")].map(
			([name, value]) => html`<input type="hidden" name="${name}" value="${value}"/>`,
		);
		const body = page.body
			.replace(blankRetry.action, () => String(html`${c.req.path}`))
			.replace(blankField, () => String(raw(fields.join(""))));
		const headers: Record<string, string> = { ...page.headers, "x-request-id": c.get("requestId") };
		// The rest is not read, so the connection cannot carry another request.
		if (form === null) headers.connection = "close";
		return new Response(body, { status: 503, headers });
	};
}

/** The body as text; null when it is longer than it may be, and is not read to its end. */
async function readForm(incoming: IncomingMessage, longestBody: number): Promise<string | null> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of incoming as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > longestBody) return null;
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString();
}
