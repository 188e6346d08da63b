import type { Locale } from "#app/domain/locale.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listUpcomingSessions } from "#db/queries/sessions.server.ts";
import type { AppContext } from "./context.server.ts";

/** The dates to come as both feeds tell them: the next forty, in the reader's language. */
export async function feedSessions(context: AppContext, locale: Locale, now: Date) {
	const [{ sessions }, firm] = await Promise.all([
		listUpcomingSessions(context.db, now),
		findFirm(context.db),
	]);
	const { publicUrl } = context.config;
	return {
		firm,
		items: sessions.map((session) => ({
			...session,
			title: textIn(session, "title", locale).text,
			summary: textIn(session, "summary", locale).text,
			url: publicUrl + paths.workshop(locale, slugIn(session, locale), session.id),
		})),
	};
}
