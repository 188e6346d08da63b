/** Refusals that have a page of their own; the root's error boundary shows it in the reader's language. */
type RefusedStatus = 400 | 403 | 404 | 405 | 413 | 429 | 500 | 503;

/** To be thrown: `throw refused(404)`. */
export function refused(status: RefusedStatus, headers: Record<string, string> = {}): Response {
	return new Response(null, { status, headers });
}

/** To be thrown when what an address names is not there, or is not this reader's to see. */
export function notFound(): Response {
	return refused(404);
}

/** For pages that hold something personal, or a key that is used once: kept by nobody. */
export const privateHeaders = { "Cache-Control": "private, no-store" };

/** A calendar to subscribe to. Only the subscriber keeps it, and asks each time whether it is still the same. */
export function calendarFeed(content: string): Response {
	return new Response(content, {
		headers: {
			"Content-Type": "text/calendar; charset=utf-8",
			"Cache-Control": "private, no-cache",
			"X-Robots-Tag": "noindex",
		},
	});
}

/** One entry to add to a calendar. */
export function calendarFile(content: string): Response {
	return new Response(content, {
		headers: {
			"Content-Type": "text/calendar; charset=utf-8",
			"Content-Disposition": 'attachment; filename="invitation.ics"',
			...privateHeaders,
		},
	});
}

/** Something personal to be kept as a file: of this name, in plain ASCII, or of the last part of its address. */
export function attachment(body: BodyInit, type: string, fileName?: string): Response {
	return new Response(body, {
		headers: {
			"Content-Type": type,
			"Content-Disposition": fileName ? `attachment; filename="${fileName}"` : "attachment",
			...privateHeaders,
		},
	});
}
