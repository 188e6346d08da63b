import type { Locale } from "#app/domain/locale.ts";
import { textIn } from "#app/domain/workshop.ts";
import { capitalize, formatTimeRange } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { listMeetingsBetween } from "#db/queries/dashboard.server.ts";
import { DoorLink } from "./door-link.tsx";

/** The meetings of the day: when, what, where, and how many people are expected, and their door. Nothing on a day without any. */
export function TodayStrip(props: {
	locale: Locale;
	meetings: Awaited<ReturnType<typeof listMeetingsBetween>>;
}) {
	const { locale, meetings } = props;
	const t = dictionary(locale);
	const words = t.organizer.dashboard;
	if (meetings.length === 0) return null;
	return (
		<section>
			<h2>{words.todayTitle}</h2>
			<ul className="lines">
				{meetings.map((meeting) => (
					<li key={meeting.meetingId} className="door">
						<div>
							<a className="row-link" href={paths.organizer.session(meeting.id)}>
								{capitalize(formatTimeRange(meeting.startsAt, meeting.endsAt, locale, meeting.zone), locale)}
							</a>
							<span className="under">
								{textIn(meeting, "title", locale).text} · {meeting.online ? t.online : meeting.place}
							</span>
							<span className="under">
								<b>{words.expected(meeting.seatsTaken)}</b>
							</span>
						</div>
						<DoorLink locale={locale} meeting={meeting} />
					</li>
				))}
			</ul>
		</section>
	);
}
