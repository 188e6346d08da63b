import type { LoaderFunctionArgs } from "@remix-run/node";
import { calendar } from "#app/exports/ics.server.ts";
import { feedSessions } from "#app/http/feed-sessions.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath } from "#app/paths.ts";

/** A calendar to subscribe to. A cancelled date stays in it, as cancelled. */
export async function loader({ request, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const t = dictionary(locale);
	const { firm, items } = await feedSessions(context, locale, new Date());
	const content = calendar({
		method: "PUBLISH",
		name: `${firm.name} · ${t.list.title}`,
		events: items.map((item) => ({
			uid: `${item.id}@${context.origin.domain}`,
			sequence: item.revision,
			summary: item.title,
			description: [item.summary, item.url].filter(Boolean).join("\n"),
			location: item.online ? t.online : [item.place, item.address].filter(Boolean).join(", "),
			url: item.url,
			organizerName: firm.name,
			organizerEmail: firm.email || context.origin.mailAddress,
			stamp: item.updatedAt,
			status: item.cancelledAt ? "CANCELLED" : "CONFIRMED",
			zone: item.zone,
			meetings: item.meetings,
		})),
	});
	return new Response(content, {
		headers: { "Content-Type": "text/calendar; charset=utf-8", "Cache-Control": "public, max-age=300" },
	});
}
