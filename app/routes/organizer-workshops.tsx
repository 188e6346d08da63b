import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { englishIsMissing, textIn } from "#app/domain/workshop.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { listWorkshops } from "#db/queries/workshops.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const archived = new URL(request.url).searchParams.has("archives");
	return { locale, archived, workshops: await listWorkshops(context.db, new Date(), archived) };
}

export default function OrganizerWorkshops() {
	const { locale, archived, workshops } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.workshops;
	return (
		<OrganizerPage locale={locale} title={words.title} section="workshops" top>
			<div className="heading">
				<h1>{words.title}</h1>
				<a className="button small" href={paths.organizer.newWorkshop()}>
					{words.new}
				</a>
			</div>
			<nav className="tabs" aria-label={words.title}>
				<a href={paths.organizer.workshops()} aria-current={archived ? undefined : "page"}>
					{words.inUse}
				</a>
				<a href={paths.organizer.archivedWorkshops()} aria-current={archived ? "page" : undefined}>
					{words.archivedTab}
				</a>
			</nav>
			{workshops.length === 0 ? (
				<p className="empty">{archived ? words.noneArchived : words.none}</p>
			) : (
				<table>
					<caption>{words.title}</caption>
					<thead>
						<tr>
							<th scope="col">{words.fields.title}</th>
							<th scope="col">{words.fields.trainer}</th>
							<th scope="col">{words.sessions}</th>
							<th scope="col">{dictionary(locale).organizer.sessions.status}</th>
						</tr>
					</thead>
					<tbody>
						{workshops.map((workshop) => (
							<tr key={workshop.id}>
								<th scope="row">
									<a className="row-link" href={paths.organizer.workshop(workshop.id)}>
										{textIn(workshop, "title", locale).text}
									</a>
								</th>
								<td>{workshop.trainer || null}</td>
								<td className="nowrap">{words.dates(workshop.datesToCome ?? 0)}</td>
								<td>
									<span className="tags close">
										{workshop.publishedAt ? (
											<span className="tag ok">{words.published}</span>
										) : (
											<span className="tag quiet">{words.draft}</span>
										)}
										{englishIsMissing(workshop) && <span className="tag warn">{words.missingEnglish}</span>}
									</span>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			)}
		</OrganizerPage>
	);
}
