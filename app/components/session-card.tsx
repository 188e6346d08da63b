import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { sessionStatus } from "#app/domain/session.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { announcedPrice } from "#app/i18n/amounts.ts";
import { capitalize, formatTimeRange, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import { paths } from "#app/paths.ts";
import type { ShownSession } from "#db/queries/sessions.server.ts";
import { DateTile, DateWords } from "./date-words.tsx";
import { useSite } from "./document.tsx";
import { InLanguage } from "./in-language.tsx";
import { SeatsTag, TentativeNote } from "./seats-tag.tsx";

/**
 * One date of the season. `heading` is its title; `where` may be longer than the place; `action` is what can be done. A brief one
 * leaves to the workshop's page what few ask first.
 */
export function SessionCard(props: {
	session: ShownSession;
	locale: Locale;
	now: Date;
	brief?: boolean;
	heading: ReactNode;
	where?: ReactNode;
	action?: ReactNode;
}) {
	const { session, locale, now, brief, heading, where, action } = props;
	const t = dictionary(locale);
	const { taxNumbers } = useSite();
	const status = sessionStatus(session, now);
	const look = [
		"session",
		action && "offer",
		["full", "closed", "cancelled"].includes(status) && "quiet",
		status === "cancelled" && "off",
	];
	return (
		<li className={look.filter(Boolean).join(" ")}>
			<DateTile at={session.startsAt} locale={locale} zone={session.zone} now={now} />
			<div>
				{heading}
				<p className="when">{where ?? <HoursAndPlace session={session} locale={locale} />}</p>
				<div className="tags">
					<SeatsTag session={session} locale={locale} now={now} />
					{!(brief && session.language === locale) && (
						<span className="tag quiet">{t.taughtIn[session.language]}</span>
					)}
					<TentativeNote session={session} locale={locale} now={now} />
					{!brief && session.priceCents > 0 && (
						<span className="price">{announcedPrice(session.priceCents, taxNumbers, locale)}</span>
					)}
				</div>
			</div>
			{action}
		</li>
	);
}

type Listed = ShownSession & { titleFr: string; titleEn: string; slugFr: string; slugEn: string };

/** The heading of a card among those of several workshops: the whole card leads to the date on its workshop's page. */
export function SessionTitle({ session, locale }: { session: Listed; locale: Locale }) {
	const title = textIn(session, "title", locale);
	const slug = slugIn(session, locale);
	return (
		<h2>
			<a className="whole" href={paths.workshop(locale, slug, session.id)}>
				<InLanguage {...title} locale={locale} />
			</a>
		</h2>
	);
}

export function HoursAndPlace({ session, locale }: { session: ShownSession; locale: Locale }) {
	const site = useSite();
	const place = session.online ? dictionary(locale).online : session.place;
	return (
		<>
			<DateWords>{hoursOf(session, locale, site.zone)}</DateWords> · {place}
		</>
	);
}

/** The hours, since the tile has the day; of several meetings, the days too. The zone, where it may not be the reader's. */
export function hoursOf(session: ShownSession, locale: Locale, firmZone: string): string {
	const { meetings, zone, startsAt, endsAt } = session;
	const note = zoneNote(session, locale, firmZone);
	const hours =
		meetings.length > 1
			? formatWhen(meetings, locale, zone, { year: false })
			: formatTimeRange(startsAt, endsAt, locale, zone);
	return capitalize(hours, locale) + (note && `, ${note}`);
}
