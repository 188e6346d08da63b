import { type HeadersFunction, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { AttendeeTable } from "#app/components/attendee-table.tsx";
import { AttendeeTools, ChosenBar, ShortcutHelp } from "#app/components/attendee-tools.tsx";
import { DateWords } from "#app/components/date-words.tsx";
import { DeedNotices } from "#app/components/deed-notices.tsx";
import { useSite } from "#app/components/document.tsx";
import { FillBar } from "#app/components/fill-bar.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { Pagination } from "#app/components/pagination.tsx";
import { SeatsTag } from "#app/components/seats-tag.tsx";
import { hoursOf } from "#app/components/session-card.tsx";
import { type Certified, takesAttendance } from "#app/domain/attendance.ts";
import { isDoorOpen } from "#app/domain/door.ts";
import type { Locale } from "#app/domain/locale.ts";
import type { AnswerValue } from "#app/domain/question.ts";
import { isFarOff, type SessionStatus, sessionStatus } from "#app/domain/session.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { answersKey, attendanceKeys, invoiceKeys } from "#app/exports/attendee-columns.ts";
import {
	type AttendeeView,
	attendeeTabs,
	attendeeView,
	tabAddress,
	viewAddress,
} from "#app/http/attendee-view.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, optionalId, pageParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { findAttended } from "#db/queries/attendance.server.ts";
import {
	attendeesPerPage,
	countAttendees,
	countNewThisWeek,
	listAttendees,
} from "#db/queries/attendees.server.ts";
import { listWaitingEntries } from "#db/queries/bookings.server.ts";
import { listDeeds } from "#db/queries/deeds.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findInvoices, type Invoice } from "#db/queries/invoices.server.ts";
import { findAnswers, listExportedQuestions } from "#db/queries/questions.server.ts";
import { findOfferDeadlines } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

const shownByTheBar: SessionStatus[] = ["open", "few-left", "full"];

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale, listColumns } = await requireOrganizer(request, context);
	const { db } = context;
	const details = await findSessionDetails(db, idParam(params.sessionId));
	if (!details) throw notFound();

	const { searchParams } = new URL(request.url);
	const asked = attendeeView(searchParams);
	const { tab = details.session.cancelledAt ? "cancelled" : "confirmed" } = asked;
	const view = { ...asked, tab };
	const page = pageParam(searchParams);
	const sessionId = details.session.id;
	const now = new Date();
	const [counts, list, newThisWeek, waiting, deeds] = await Promise.all([
		countAttendees(db, details.session),
		listAttendees(db, { ...view, sessionId }, page),
		countNewThisWeek(db, sessionId, now),
		tab === "waitlisted" ? listWaitingEntries(db, sessionId) : Promise.resolve<string[]>([]),
		listDeeds(db, sessionId, optionalId(searchParams.get("action"))),
	]);
	// Cancellations can shorten a list that a bookmark remembers as longer.
	if (list.rows.length === 0 && page > 1)
		throw redirect(viewAddress(paths.organizer.session(sessionId), view));
	const ids = list.rows.map(({ id }) => id);
	const offers = await findOfferDeadlines(
		db,
		list.rows.flatMap(({ status, entryId }) => (status === "offered" && entryId ? [entryId] : [])),
	);
	const wantsAnswers = listColumns?.includes(answersKey);
	const questions = wantsAnswers ? await listExportedQuestions(db, details.workshop.id) : [];
	const answers = wantsAnswers ? await findAnswers(db, ids) : new Map<string, Map<string, AnswerValue>>();
	const attended = listColumns?.some((key) => attendanceKeys.includes(key))
		? await findAttended(db, ids)
		: new Map<string, Certified>();
	const wantsInvoices = listColumns?.some((key) => invoiceKeys.includes(key));
	const invoices = wantsInvoices
		? await findInvoices(db, ids, await findFirm(db))
		: new Map<string, Invoice>();
	return {
		locale,
		now,
		...details,
		questions,
		listColumns,
		view,
		page,
		// How many were found would take as long as finding them all.
		pages: isNarrowed(view) ? null : Math.ceil(counts[tab] / attendeesPerPage),
		more: list.more,
		counts,
		newThisWeek,
		people: list.rows.map((person) => ({
			...person,
			offeredUntil: (person.entryId && offers.get(person.entryId)) || null,
			rank: person.entryId ? waiting.indexOf(person.entryId) + 1 : 0,
			answers: answers.get(person.id) ?? new Map<string, AnswerValue>(),
			attended: attended.get(person.id) ?? null,
			invoice: invoices.get(person.id) ?? null,
		})),
		deeds,
		done: doneNotice(locale, searchParams),
	};
}

function isNarrowed(view: Pick<AttendeeView, "search" | "language" | "only">): boolean {
	return Boolean(view.search || view.language || view.only);
}

/** What was just done, on this page or on one that led back here. */
function doneNotice(locale: Locale, search: URLSearchParams): string | undefined {
	const { session, cancelSession, attendance, attendees, attendee, importList } =
		dictionary(locale).organizer;
	const many = (name: string) => Number(search.get(name)) || 0;
	const told = search.has("avisees") ? ` ${session.told(many("avisees"))}` : "";
	if (search.has("enregistre")) return session.saved + told;
	if (search.has("dateAnnulee")) return cancelSession.done + told;
	if (search.has("annulee")) return attendees.cancelled;
	if (search.has("ajoutee")) return attendee.added;
	if (search.has("dejaImportee")) return importList.alreadyDone;
	const done = [
		many("notees") && attendance.recorded(many("notees")),
		many("importees") && importList.done(many("importees")),
		many("attente") && importList.waiting(many("attente")),
		many("laissees") && importList.leftOut(many("laissees")),
	];
	return done.filter(Boolean).join(" ") || undefined;
}

export default function OrganizerAttendees() {
	const data = useLoaderData<typeof loader>();
	const site = useSite();
	const { locale, now, session, workshop, meetings, view, counts, people, done } = data;
	const { tab, search } = view;
	const t = dictionary(locale);
	const words = t.organizer.attendees;
	const day = capitalize(
		formatDay(session.startsAt, locale, session.zone, {
			year: now > session.endsAt || isFarOff(session.startsAt, now),
		}),
		locale,
	);
	const title = textIn(workshop, "title", locale).text;
	const slug = slugIn(workshop, locale);
	const here = paths.organizer.session(session.id);
	const asksWhoCame = takesAttendance(session, now);
	const tabs = attendeeTabs.filter(
		(one) => (one !== "present" && one !== "absent") || asksWhoCame || counts[one] > 0,
	);
	return (
		<OrganizerPage locale={locale} title={`${day} · ${title}`} section="sessions">
			{done && <DoneNotice>{done}</DoneNotice>}
			<DeedNotices deeds={data.deeds} locale={locale} now={now} />
			<p className="eyebrow">
				<a href={paths.organizer.workshop(workshop.id)}>{title}</a>
			</p>
			<div className="heading">
				<h1>
					<DateWords>{day}</DateWords>
				</h1>
				<p className="also">
					{!session.cancelledAt && (
						<>
							{meetings.some((meeting) => isDoorOpen(meeting, now)) && (
								<a href={paths.organizer.checkIn(session.id)}>{t.organizer.checkIn.open}</a>
							)}
							<a href={paths.organizer.addAttendee(session.id)}>{t.organizer.attendee.add}</a>
							<a href={paths.organizer.importList(session.id)}>{t.organizer.importList.link}</a>
							<a href={paths.organizer.editSession(session.id)}>{words.edit}</a>
						</>
					)}
					<a href={`${paths.organizer.audit()}?seance=${session.id}`}>{t.organizer.audit.title}</a>
					<a href={viewAddress(paths.organizer.message(session.id), view)}>{t.organizer.message.title}</a>
					{session.publishedAt && workshop.publishedAt && (
						<a href={paths.workshop(locale, slug, session.id)}>{words.seePage}</a>
					)}
				</p>
			</div>
			<div className="facts">
				<span>
					<DateWords>{hoursOf({ ...session, meetings }, locale, site.zone)}</DateWords> ·{" "}
					{session.online ? t.online : session.place}
				</span>
				<FillBar taken={session.seatsTaken} capacity={session.capacity} locale={locale} />
				{data.newThisWeek > 0 && <span>{words.sinceWeek(data.newThisWeek)}</span>}
				{session.online && !session.joinUrl && !session.cancelledAt && now < session.endsAt && (
					<a className="tag warn" href={paths.organizer.editSession(session.id)}>
						{t.organizer.dashboard.noLink}
					</a>
				)}
				{!shownByTheBar.includes(sessionStatus(session, now)) && (
					<SeatsTag session={session} locale={locale} now={now} />
				)}
			</div>
			<nav className="tabs" aria-label={words.caption}>
				{tabs.map((one) => (
					<a key={one} href={tabAddress(session.id, one)} aria-current={one === tab ? "page" : undefined}>
						{words.tabs[one]} <b>{counts[one]}</b>
					</a>
				))}
			</nav>
			<AttendeeTools locale={locale} sessionId={session.id} view={view} isOver={now >= session.endsAt} />
			{people.length > 0 ? (
				<>
					<AttendeeTable
						people={people}
						tab={tab}
						locale={locale}
						zone={session.zone}
						questions={data.questions}
						chosen={data.listColumns}
					/>
					<ChosenBar locale={locale} sessionId={session.id} tab={tab} attendance={asksWhoCame} />
					<ShortcutHelp locale={locale} />
				</>
			) : isNarrowed(view) ? (
				<p className="empty">
					{search ? words.noMatch(search) : words.noneMatch}{" "}
					<a href={tabAddress(session.id, tab)}>{words.showAll}</a>
				</p>
			) : (
				<p className="empty">{words.none[tab]}</p>
			)}
			<Pagination
				locale={locale}
				page={data.page}
				pages={data.pages}
				more={data.more}
				href={(page) => viewAddress(here, { ...view, page })}
			/>
		</OrganizerPage>
	);
}
