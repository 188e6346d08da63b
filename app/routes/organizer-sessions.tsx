import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SessionTable } from "#app/components/session-table.tsx";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { countFailedEmails } from "#db/queries/emails.server.ts";
import { listSessionsForOrganizer } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const now = new Date();
	const past = new URL(request.url).searchParams.get("quand") === "passees";
	const [sessions, failedEmails] = await Promise.all([
		listSessionsForOrganizer(context.db, past ? "past" : "upcoming", now),
		countFailedEmails(context.db),
	]);
	return { locale, now, past, sessions, failedEmails };
}

export default function OrganizerSessions() {
	const { locale, now, past, sessions, failedEmails } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.sessions;
	const home = paths.organizer.home();
	return (
		<OrganizerPage locale={locale} title={words.title} section="sessions" top>
			<div className="heading">
				<h1>{words.title}</h1>
				<a className="button small" href={paths.organizer.newWorkshop()}>
					{words.newWorkshop}
				</a>
			</div>
			{failedEmails > 0 && (
				<section className="notice to-do">
					<h2>{words.toDo}</h2>
					<p>
						<a href={`${paths.organizer.emails()}?etat=dead`}>{words.failedEmails(failedEmails)}</a>
					</p>
				</section>
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
		</OrganizerPage>
	);
}
