import type { CampaignView } from "#app/domain/campaign.ts";
import type { Locale } from "#app/domain/locale.ts";
import { viewAddress } from "#app/http/attendee-view.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";

/** Whom a message to a selection is for, in words that lead to the list; those who were ticked are counted. */
export function ViewWords({
	sessionId,
	view,
	locale,
}: {
	sessionId: string;
	view: CampaignView;
	locale: Locale;
}) {
	const t = dictionary(locale);
	const { attendees, attendeeList } = t.organizer;
	const { tab, search, language, only, ids } = view;
	const words = [
		attendees.tabs[tab],
		search && (locale === "fr" ? `«\u00a0${search}\u00a0»` : `“${search}”`),
		language && t.languageName[language],
		only && attendeeList.onlys[only],
		ids && attendeeList.count(ids.length),
	];
	const here = viewAddress(paths.organizer.session(sessionId), {
		tab,
		search,
		sort: undefined,
		language,
		only,
	});
	return <a href={here}>{words.filter(Boolean).join(" · ")}</a>;
}
