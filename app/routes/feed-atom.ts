import type { LoaderFunctionArgs } from "@remix-run/node";
import { atomFeed } from "#app/exports/atom.ts";
import { feedSessions } from "#app/http/feed-sessions.server.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import { localeOfPath, paths } from "#app/paths.ts";

/** The dates to come as an Atom feed (RFC 4287), for readers and for what republishes them. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const t = dictionary(locale);
	const now = new Date();
	const { firm, items } = await feedSessions(context, locale, now);
	const { publicUrl } = context.config;
	const content = atomFeed({
		language: t.lang,
		title: `${firm.name} · ${t.list.title}`,
		url: publicUrl + paths.list(locale),
		feedUrl: publicUrl + paths.atom(locale),
		author: firm.name,
		updatedAt: new Date(Math.max(firm.updatedAt.getTime(), ...items.map((item) => item.updatedAt.getTime()))),
		entries: items.map((item) => {
			const when = capitalize(formatWhen(item.meetings, locale, item.zone), locale);
			const zone = zoneNote(item, locale, firm.defaultZone);
			const where = item.online ? t.online : item.place;
			return {
				id: `urn:uuid:${item.id}`,
				title: `${item.title} · ${when}${zone && `, ${zone}`}`,
				url: item.url,
				summary: [item.cancelledAt && t.seats.cancelled, where, item.summary].filter(Boolean).join(" · "),
				updatedAt: item.updatedAt,
			};
		}),
	});
	return new Response(content, {
		headers: {
			"Content-Type": "application/atom+xml; charset=utf-8",
			"Cache-Control": "public, max-age=300",
		},
	});
}
