import type { IncomingMessage, ServerResponse } from "node:http";
import { html } from "hono/html";
import type { Locale } from "#app/domain/locale.ts";
import { localeOfPath } from "#app/paths.ts";
import type { Retry } from "./context.server.ts";

/** The form of the page that everyone gets, before it is somebody's. */
export const blankRetry: Retry = { action: "{action}", fields: [["{name}", "{value}"]] };
const blankField = '<input type="hidden" name="{name}" value="{value}"/>';
const keptMs = 60_000;
const mostFields = 500;

type Page = { beforeAction: string; beforeFields: string; afterFields: string; headers: string[] };

/**
 * Answers whoever comes when too many are under way: one page for all, whose form is `blankRetry` when `render` makes it
 * once a minute, and what each one sent when it leaves. In a flood this is what the process does most, and those inside
 * wait for it: so nothing is made of the request but the text of its form.
 */
export function createTurnAway(
	longestBody: number,
	render: (locale: Locale, request: IncomingMessage) => Response | Promise<Response>,
) {
	const pages = new Map<Locale, { page: Promise<Page>; since: number }>();

	function pageFor(request: IncomingMessage, locale: Locale): Promise<Page> {
		const kept = pages.get(locale);
		if (kept && performance.now() - kept.since < keptMs) return kept.page;
		const page = (async () => cut(await render(locale, request)))();
		pages.set(locale, { page, since: performance.now() });
		page.catch(() => pages.delete(locale));
		return page;
	}

	return async (
		request: IncomingMessage,
		response: ServerResponse,
		{ path, requestId, body }: { path: string; requestId: string; body: Buffer },
	): Promise<void> => {
		const page = await pageFor(request, localeOfPath(path));
		let fields = "";
		for (const [name, value] of fieldsOf(body.length > longestBody ? "" : body.toString())) {
			fields += html`<input type="hidden" name="${name}" value="${value}"/>`;
		}
		const text = page.beforeAction + html`${path}` + page.beforeFields + fields + page.afterFields;
		const length = String(Buffer.byteLength(text));
		const headers = [...page.headers, "content-length", length, "x-request-id", requestId];
		// The rest may still come, so the connection cannot carry another request.
		if (body.length > longestBody) headers.push("connection", "close");
		response.writeHead(503, headers).end(text);
	};
}

/** What was typed, to be sent again. A sign-up has some tens of fields: of thousands, nothing is sent back. */
function fieldsOf(form: string): Retry["fields"] {
	const fields = [...new URLSearchParams(form)];
	return fields.length > mostFields ? [] : fields;
}

async function cut(response: Response): Promise<Page> {
	const [beforeAction, rest] = partsOf(await response.text(), blankRetry.action);
	const [beforeFields, afterFields] = partsOf(rest, blankField);
	response.headers.set("Cache-Control", "private, no-store");
	response.headers.delete("X-Request-Id");
	return { beforeAction, beforeFields, afterFields, headers: [...response.headers].flat() };
}

function partsOf(text: string, mark: string): [string, string] {
	const at = text.indexOf(mark);
	if (at < 0) throw new Error(`The page of a refusal has no ${mark}.`);
	return [text.slice(0, at), text.slice(at + mark.length)];
}

/** The body, or a little more of it than `longest` bytes: what follows is not kept. Never settles when the client leaves. */
export function readBody(request: IncomingMessage, longest: number): Promise<Buffer> {
	return new Promise((resolve) => {
		const chunks: Buffer[] = [];
		let length = 0;
		request.on("data", (chunk: Buffer) => {
			if (length > longest) return;
			length += chunk.length;
			chunks.push(chunk);
			if (length > longest) resolve(Buffer.concat(chunks));
		});
		request.on("end", () => resolve(Buffer.concat(chunks)));
	});
}
