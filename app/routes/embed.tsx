import { data, type LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useSite } from "#app/components/document.tsx";
import { SessionCard, SessionTitle } from "#app/components/session-card.tsx";
import { dictionary } from "#app/i18n/translate.ts";
import { embedColours, localeOfPath, paths } from "#app/paths.ts";
import embedStyleUrl from "#app/styles/embed.css?url";
import { listUpcomingSessions } from "#db/queries/sessions.server.ts";
import { findPublishedWorkshop } from "#db/queries/workshops.server.ts";

const mostSessions = 10;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { pathname, searchParams } = new URL(request.url);
	const locale = localeOfPath(pathname);
	const now = new Date();
	const slug = searchParams.get("atelier");
	const workshop = slug ? await findPublishedWorkshop(context.db, locale, slug) : undefined;
	const asked = searchParams.get("couleurs");
	const colours = embedColours.find((one) => one === asked);
	const page = { locale, now, colours, ofOne: Boolean(slug) };
	// A workshop may be put away while others' pages still show it: there, nothing is announced.
	if (slug && !workshop) return data({ ...page, sessions: [] }, 404);
	const { sessions } = await listUpcomingSessions(context.db, now, { workshop: workshop?.slugFr });
	return data({ ...page, sessions: sessions.slice(0, mostSessions) });
}

/** The next dates, to be shown in a frame of any site. Whatever is followed there opens in the place of the page around it. */
export default function Embed() {
	const { locale, now, colours, ofOne, sessions } = useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const site = useSite();
	return (
		<html lang={t.lang} className={colours}>
			<head>
				<meta charSet="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<title>{`${t.list.title} · ${site.name}`}</title>
				<meta name="robots" content="noindex" />
				<base target="_top" />
				<link rel="stylesheet" href={embedStyleUrl} />
			</head>
			<body>
				<main>
					<h1 className="unseen">{t.list.title}</h1>
					{sessions.length > 0 ? (
						<ol className="season">
							{sessions.map((session) => (
								<SessionCard
									key={session.id}
									session={session}
									locale={locale}
									now={now}
									brief
									heading={<SessionTitle session={session} locale={locale} />}
								/>
							))}
						</ol>
					) : (
						<p className="none">{ofOne ? t.workshop.noDates : t.list.empty}</p>
					)}
					<p className="more">
						{sessions.length === 0 && <a href={paths.interest(locale)}>{t.interest.title}</a>}
						{(sessions.length > 0 || ofOne) && <a href={paths.list(locale)}>{t.list.clear}</a>}
					</p>
				</main>
				<script type="module" src="/embed-frame.js" />
			</body>
		</html>
	);
}
