import type { LoaderFunctionArgs } from "@remix-run/node";
import { hoursOf } from "#app/components/session-card.tsx";
import { textIn } from "#app/domain/workshop.ts";
import { sessionImage } from "#app/exports/og-image.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

// Drawing one takes some forty milliseconds, and a post that travels asks for the same one again and again.
const drawn = new Map<string, Promise<Buffer>>();
const mostDrawn = 200;

/** The picture that a social post shows of a session: its date, its title, its place. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const id = idParam(params.sessionId);
	const details = await findSessionDetails(context.db, id);
	if (!details?.session.publishedAt || !details.workshop.publishedAt) throw notFound();
	const { session, workshop, meetings } = details;
	const firm = await findFirm(context.db);
	const key = [id, locale, session.revision, workshop.revision, firm.updatedAt.getTime()].join(":");
	const image =
		drawn.get(key) ??
		sessionImage({
			firm: firm.name,
			title: textIn(workshop, "title", locale).text,
			startsAt: session.startsAt,
			zone: session.zone,
			when: hoursOf({ ...session, meetings }, locale, firm.defaultZone),
			where: session.online ? dictionary(locale).online : session.place,
			locale,
		});
	keep(key, image);
	return new Response(new Uint8Array(await image), {
		headers: { "Content-Type": "image/png", "Cache-Control": "public, max-age=3600" },
	});
}

function keep(key: string, image: Promise<Buffer>): void {
	drawn.set(key, image);
	image.catch(() => drawn.delete(key));
	const [oldest] = drawn.keys();
	if (drawn.size > mostDrawn && oldest) drawn.delete(oldest);
}
