import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { GrowthChart } from "#app/components/growth-chart.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { Pagination } from "#app/components/pagination.tsx";
import { SessionTable } from "#app/components/session-table.tsx";
import { ToDoList } from "#app/components/to-do.tsx";
import { TodayStrip } from "#app/components/today-strip.tsx";
import { missingFacts } from "#app/domain/firm.ts";
import { growthByDay } from "#app/domain/growth.server.ts";
import type { Role } from "#app/domain/organizer.ts";
import { homeZone } from "#app/domain/session.ts";
import { dayOf } from "#app/domain/time.server.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { pageParam } from "#app/http/params.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { countSignUpsByHour, listMeetingsBetween, listToDo } from "#db/queries/dashboard.server.ts";
import { countFailedEmails } from "#db/queries/emails.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listSessionsForOrganizer, organizerSessionsPerPage } from "#db/queries/sessions.server.ts";
import { listTroubledWebhooks } from "#db/queries/webhooks.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context);
	const now = new Date();
	const { searchParams } = new URL(request.url);
	const past = searchParams.get("quand") === "passees";
	const page = pageParam(searchParams);
	const [{ sessions, total }, overview] = await Promise.all([
		listSessionsForOrganizer(context.db, past ? "past" : "upcoming", now, page),
		past || page > 1 ? null : readOverview(context, role, now),
	]);
	return { locale, now, past, page, pages: Math.ceil(total / organizerSessionsPerPage), sessions, overview };
}

async function readOverview({ db }: AppContext, role: Role, now: Date) {
	const today = dayOf(now, homeZone);
	const [meetings, toDo, failedEmails, firm, { capacity, hours }, webhooks] = await Promise.all([
		listMeetingsBetween(db, today.from, today.until),
		listToDo(db, now),
		countFailedEmails(db),
		findFirm(db),
		countSignUpsByHour(db, now),
		role === "owner" ? listTroubledWebhooks(db, now) : [],
	]);
	const days = growthByDay(hours, homeZone, now);
	return { meetings, toDo, failedEmails, missing: missingFacts(firm), webhooks, capacity, days };
}

export default function OrganizerSessions() {
	const { locale, now, past, page, pages, sessions, overview } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.sessions;
	const home = paths.organizer.home();
	const pageHref = (number: number) =>
		`${home}?${new URLSearchParams({ ...(past && { quand: "passees" }), page: String(number) })}`;
	return (
		<OrganizerPage locale={locale} title={words.title} section="sessions" top>
			<div className="heading">
				<h1>{words.title}</h1>
				<a className="button small" href={paths.organizer.newWorkshop()}>
					{words.newWorkshop}
				</a>
			</div>
			{overview && (
				<div className="overview">
					<div className="stack">
						<TodayStrip locale={locale} meetings={overview.meetings} />
						<ToDoList {...overview} locale={locale} />
					</div>
					<GrowthChart locale={locale} days={overview.days} capacity={overview.capacity} />
				</div>
			)}
			<nav className="tabs" aria-label={words.title}>
				<a href={home} aria-current={past ? undefined : "page"}>
					{words.upcoming}
				</a>
				<a href={`${home}?quand=passees`} aria-current={past ? "page" : undefined}>
					{words.past}
				</a>
			</nav>
			{sessions.length > 0 ? (
				<SessionTable
					sessions={sessions}
					caption={past ? words.past : words.upcoming}
					locale={locale}
					now={now}
					year={past}
				/>
			) : (
				<p className="empty">{past ? words.nonePast : words.none}</p>
			)}
			<Pagination locale={locale} page={page} pages={pages} href={pageHref} />
		</OrganizerPage>
	);
}
