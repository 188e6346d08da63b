import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { CheckInList } from "#app/components/check-in-list.tsx";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { Door, WaitingTaps } from "#app/components/door.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { doorOpensAt, mayCheckIn, meetingAtHand } from "#app/domain/door.ts";
import { roleReaches } from "#app/domain/organizer.ts";
import { textIn } from "#app/domain/workshop.ts";
import { checkInForm } from "#app/forms/check-in-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { findGuests } from "#app/http/door.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders, refused } from "#app/http/responses.ts";
import { capitalize, formatDay, formatDeadline, formatTimeRange } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import { paths } from "#app/paths.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { id: by, locale, role } = await requireOrganizer(request, context, "door");
	const { searchParams } = new URL(request.url);
	const now = new Date();
	const details = await findMeetings(context, params.sessionId);
	const named = searchParams.get("rencontre");
	const meeting = named
		? details.meetings.find(({ id }) => id === named)
		: meetingAtHand(details.meetings, now);
	if (!meeting) throw notFound();
	const search = searchOf(searchParams);
	const asked = { meetingId: meeting.id, search, locale };
	const guests = mayCheckIn(role, meeting, now) ? await findGuests(context, details.session, asked) : null;
	return {
		by,
		locale,
		role,
		now,
		...details,
		meeting,
		search,
		guests,
		gone: searchParams.has("partie"),
	};
}

/**
 * One tap. What is asked is a state, so that two phones and a second try agree. 409 where it was made by somebody else, who
 * was signed in here before.
 */
export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "door");
	const { session, meetings } = await findMeetings(context, params.sessionId);
	const form = await request.formData();
	const parsed = parseForm(checkInForm, form);
	if (!parsed.ok) throw refused(400);
	const { person, seen, operation, waited, by } = parsed.data;
	if (by && by !== organizer.id) return data(null, 409);
	const meeting = meetings.find(({ id }) => id === parsed.data.meeting);
	if (!meeting) throw notFound();
	const now = new Date();
	const seenAt = new Date(now.getTime() - waited * 1000);
	// Or what somebody did at the door, and the network kept back, would be lost once it closes.
	if (![seenAt, now].some((at) => mayCheckIn(organizer.role, meeting, at))) throw refused(403);
	const asked = { sessionId: session.id, meetingIds: [meeting.id], people: [person], operation, seenAt };
	const status = seen === "none" ? null : seen;
	const recorded = await recordAttendance(context.db, asked, status, organizer.id, now);
	const back = paths.organizer.checkIn(session.id, { meeting: meeting.id, search: searchOf(form) });
	return redirect(recorded > 0 ? `${back}#p-${person}` : `${back}&partie`, 303);
}

/** What the door may know of a session: what it is and when, not how to join it nor what it costs. */
async function findMeetings(context: AppContext, sessionId: string | undefined) {
	const details = await findSessionDetails(context.db, idParam(sessionId));
	if (!details) throw notFound();
	const { session, workshop, meetings } = details;
	return {
		session: {
			id: session.id,
			workshopId: session.workshopId,
			zone: session.zone,
			online: session.online,
			place: session.place,
			cancelledAt: session.cancelledAt,
		},
		workshop: { titleFr: workshop.titleFr, titleEn: workshop.titleEn },
		meetings: meetings.map(({ id, startsAt, endsAt }) => ({ id, startsAt, endsAt })),
	};
}

function searchOf(sent: URLSearchParams | FormData): string {
	return String(sent.get("q") ?? "")
		.replaceAll("\0", "")
		.trim()
		.slice(0, 200);
}

export default function OrganizerCheckIn() {
	const read = useLoaderData<typeof loader>();
	const { by, locale, role, now, session, workshop, meetings, meeting, search, guests, gone } = read;
	const t = dictionary(locale);
	const words = t.organizer.checkIn;
	const title = textIn(workshop, "title", locale).text;
	const dayOf = ({ startsAt }: typeof meeting) =>
		capitalize(formatDay(startsAt, locale, session.zone, { year: false }), locale);
	const hours = formatTimeRange(meeting.startsAt, meeting.endsAt, locale, session.zone);
	const note = zoneNote({ ...session, startsAt: meeting.startsAt }, locale, useSite().zone);
	const isOrganizer = roleReaches(role, "organizer");
	return (
		<OrganizerPage
			locale={locale}
			role={role}
			title={`${words.title} · ${dayOf(meeting)}`}
			section={isOrganizer ? "sessions" : "doors"}
		>
			<p className="eyebrow">
				{isOrganizer ? <a href={paths.organizer.session(session.id)}>{title}</a> : title}
			</p>
			<div className="heading">
				<h1>
					<DateWords>{dayOf(meeting)}</DateWords>
				</h1>
				{isOrganizer && !session.cancelledAt && (
					<p className="also">
						<a href={paths.organizer.addAttendee(session.id)}>{t.organizer.attendee.add}</a>
					</p>
				)}
			</div>
			<p className="facts">
				<span>
					{capitalize(hours, locale) + (note && `, ${note}`)} · {session.online ? t.online : session.place}
				</span>
			</p>
			{meetings.length > 1 && (
				<nav className="tabs" aria-label={words.meeting}>
					{meetings.map((one) => (
						<a
							key={one.id}
							href={paths.organizer.checkIn(session.id, { meeting: one.id })}
							aria-current={one.id === meeting.id ? "page" : undefined}
						>
							<DateWords>{dayOf(one)}</DateWords>
						</a>
					))}
				</nav>
			)}
			{guests ? (
				<CheckInList
					locale={locale}
					session={session}
					meeting={meeting}
					search={search}
					{...guests}
					gone={gone}
					by={by}
					now={now}
				/>
			) : (
				<Door locale={locale} by={by} people="none">
					<WaitingTaps locale={locale} gone={gone} />
					<p className="empty">
						{doorOpensAt(meeting) > now
							? words.opens(formatDeadline(doorOpensAt(meeting), locale, session.zone))
							: words.closed}
					</p>
				</Door>
			)}
		</OrganizerPage>
	);
}
