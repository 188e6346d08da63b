import type { Locale } from "#app/domain/locale.ts";
import { isFarOff, sessionStatus } from "#app/domain/session.ts";
import { textIn } from "#app/domain/workshop.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { OrganizerSession } from "#db/queries/sessions.server.ts";
import { DateWords } from "./date-words.tsx";
import { useSite } from "./document.tsx";
import { FillBar } from "./fill-bar.tsx";
import { SeatsTag, TentativeNote } from "./seats-tag.tsx";
import { hoursOf } from "./session-card.tsx";

/** Sessions as the organizer watches them fill. Inside a workshop's own page its title would only repeat itself. */
export function SessionTable(props: {
	sessions: OrganizerSession[];
	caption: string;
	locale: Locale;
	now: Date;
	year?: boolean;
	ofOneWorkshop?: boolean;
}) {
	const { sessions, caption, locale, now, year = false, ofOneWorkshop = false } = props;
	const t = dictionary(locale);
	const words = t.organizer.sessions;
	const site = useSite();
	return (
		<table>
			<caption>{caption}</caption>
			<thead>
				<tr>
					<th scope="col">{words.date}</th>
					{!ofOneWorkshop && <th scope="col">{words.workshop}</th>}
					<th scope="col">{words.place}</th>
					<th scope="col">{words.seats}</th>
					<th scope="col" className="end">
						{words.waiting}
					</th>
					<th scope="col" className="end">
						{words.week}
					</th>
					<th scope="col">{words.status}</th>
				</tr>
			</thead>
			<tbody>
				{sessions.map((session) => (
					<tr key={session.id}>
						<th scope="row">
							<a className="row-link" href={paths.organizer.session(session.id)}>
								<DateWords>
									{capitalize(
										formatDay(session.startsAt, locale, session.zone, {
											year: year || isFarOff(session.startsAt, now),
										}),
										locale,
									)}
								</DateWords>
							</a>
							<span className="under">
								<DateWords>{hoursOf(session, locale, site.zone)}</DateWords>
							</span>
						</th>
						{!ofOneWorkshop && <td>{textIn(session, "title", locale).text}</td>}
						<td>{session.online ? t.online : session.place}</td>
						<td>
							<FillBar taken={session.seatsTaken} capacity={session.capacity} locale={locale} />
						</td>
						<td className="end num" data-label={words.waiting}>
							{session.seatsWaiting || null}
						</td>
						<td className="end num" data-label={words.week}>
							{words.weekChange(session.newThisWeek ?? 0) || null}
						</td>
						<td>
							<span className="tags close">
								<StatusOf session={session} locale={locale} now={now} />
							</span>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

/** How a session stands; one to come says first that its workshop keeps it off the site. */
function StatusOf({ session, locale, now }: { session: OrganizerSession; locale: Locale; now: Date }) {
	const { seats, organizer } = dictionary(locale);
	const status = sessionStatus(session, now);
	if (status !== "cancelled" && status !== "past") {
		if (session.workshopArchivedAt) return <span className="tag quiet">{organizer.workshops.archived}</span>;
		if (!session.workshopPublishedAt) return <span className="tag quiet">{seats.draftWorkshop}</span>;
	}
	return (
		<>
			<SeatsTag session={session} locale={locale} now={now} short />
			<TentativeNote session={session} locale={locale} now={now} short />
		</>
	);
}
