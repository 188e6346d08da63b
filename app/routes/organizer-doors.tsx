import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { Door, WaitingTaps } from "#app/components/door.tsx";
import { DoorLink } from "#app/components/door-link.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { doorOpensAt, isDoorOpen } from "#app/domain/door.ts";
import { textIn } from "#app/domain/workshop.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatDeadline, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import { listMeetingsAround } from "#db/queries/dashboard.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { id: by, locale, role } = await requireOrganizer(request, context, "door");
	const now = new Date();
	const meetings = await listMeetingsAround(context.db, now);
	return {
		by,
		locale,
		role,
		open: meetings.filter((meeting) => isDoorOpen(meeting, now)),
		toCome: meetings.filter((meeting) => doorOpensAt(meeting) > now).slice(0, 10),
	};
}

/** Where somebody at the door arrives: the meetings whose door is open, then those that come next. */
export default function OrganizerDoors() {
	const { by, locale, role, open, toCome } = useLoaderData<typeof loader>();
	const site = useSite();
	const t = dictionary(locale);
	const words = t.organizer.checkIn;
	const whenOf = (meeting: (typeof open)[number]) => {
		const note = zoneNote(meeting, locale, site.zone);
		const when = formatWhen([meeting], locale, meeting.zone, { year: false });
		return capitalize(when, locale) + (note && `, ${note}`);
	};
	const whereOf = (meeting: (typeof open)[number]) =>
		`${textIn(meeting, "title", locale).text} · ${meeting.online ? t.online : meeting.place}`;
	return (
		<OrganizerPage locale={locale} role={role} title={words.title} section="doors" top>
			<h1>{words.title}</h1>
			<Door locale={locale} by={by} people="none">
				<WaitingTaps locale={locale} />
			</Door>
			{open.length > 0 ? (
				<ul className="lines section">
					{open.map((meeting) => (
						<li key={meeting.meetingId} className="door">
							<div>
								<b>
									<DateWords>{whenOf(meeting)}</DateWords>
								</b>
								<span className="under">{whereOf(meeting)}</span>
								<span className="under">{t.organizer.dashboard.expected(meeting.seatsTaken)}</span>
							</div>
							<DoorLink locale={locale} meeting={meeting} />
						</li>
					))}
				</ul>
			) : (
				<p className="lede">{words.noneOpen}</p>
			)}
			<section className="section">
				<h2>{words.toCome}</h2>
				{toCome.length > 0 ? (
					<ul className="lines">
						{toCome.map((meeting) => (
							<li key={meeting.meetingId}>
								<b>
									<DateWords>{whenOf(meeting)}</DateWords>
								</b>
								<span className="under">{whereOf(meeting)}</span>
								<span className="under">
									{words.opens(formatDeadline(doorOpensAt(meeting), locale, meeting.zone))}
								</span>
							</li>
						))}
					</ul>
				) : (
					<p className="muted">{words.noneToCome}</p>
				)}
			</section>
		</OrganizerPage>
	);
}
