import { formatSortable } from "#app/i18n/format.ts";

/** A map of an address, on a site that asks for no account. */
export function mapUrl(address: string): string {
	return `https://www.openstreetmap.org/search?query=${encodeURIComponent(address)}`;
}

type CalendarLinkFacts = {
	title: string;
	details: string;
	location: string;
	startsAt: Date;
	endsAt: Date;
	/** The IANA zone the entry is shown in. */
	zone: string;
};

/** « Google Agenda »: an entry to look over and save, for one meeting. */
export function googleCalendarUrl(facts: CalendarLinkFacts): string {
	const wall = (at: Date) => `${formatSortable(at, facts.zone).replaceAll(/[-:]/g, "").replace(" ", "T")}00`;
	const query = new URLSearchParams({
		action: "TEMPLATE",
		text: facts.title,
		dates: `${wall(facts.startsAt)}/${wall(facts.endsAt)}`,
		ctz: facts.zone,
		location: facts.location,
		details: facts.details,
	});
	return `https://calendar.google.com/calendar/render?${query}`;
}

/** Outlook on the web: the same. */
export function outlookCalendarUrl(facts: CalendarLinkFacts): string {
	const query = new URLSearchParams({
		path: "/calendar/action/compose",
		rru: "addevent",
		subject: facts.title,
		startdt: facts.startsAt.toISOString(),
		enddt: facts.endsAt.toISOString(),
		location: facts.location,
		body: facts.details,
	});
	return `https://outlook.live.com/calendar/0/deeplink/compose?${query}`;
}
