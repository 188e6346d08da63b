import { PassThrough } from "node:stream";
import {
	type ActionFunctionArgs,
	type AppLoadContext,
	createReadableStreamFromReadable,
	type EntryContext,
	type LoaderFunctionArgs,
} from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { renderToPipeableStream, renderToString } from "react-dom/server";
import { isDatabaseUnavailable } from "#db/client.server.ts";
import { logError } from "./http/log.server.ts";

/** Renders a page whole. One that hydrates also carries its data, which React can only write as a stream. */
export default function handleRequest(
	request: Request,
	status: number,
	headers: Headers,
	remixContext: EntryContext,
	context: AppLoadContext,
): Response | Promise<Response> {
	headers.set("Content-Type", "text/html; charset=utf-8");
	const page = <RemixServer context={remixContext} url={request.url} nonce={context.nonce} />;
	const hydrates = remixContext.staticHandlerContext.matches.some(({ route }) => route.handle?.hydrate);
	if (!hydrates) return new Response(`<!doctype html>${renderToString(page)}`, { status, headers });

	return new Promise((resolve, reject) => {
		const { pipe } = renderToPipeableStream(page, {
			nonce: context.nonce,
			onAllReady() {
				const body = new PassThrough();
				resolve(new Response(createReadableStreamFromReadable(body), { status, headers }));
				pipe(body);
			},
			onShellError: reject,
		});
	});
}

/**
 * Keeps the trace of what failed. What nobody is at fault for, such as a form sent to a page that has none, is only
 * answered. A database out of reach is an answer of its own: see http/site.server.ts.
 */
export function handleError(
	error: unknown,
	{ request, context }: LoaderFunctionArgs | ActionFunctionArgs,
): void {
	if (isDatabaseUnavailable(error)) context.databaseUnavailable = true;
	if (request.signal.aborted || isRouteErrorResponse(error)) return;
	logError("request.failed", error, { requestId: context.requestId, path: new URL(request.url).pathname });
}
