import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { showReference } from "#app/domain/reference.ts";
import { shownStatus } from "#app/domain/registration.ts";
import { homeZone } from "#app/domain/session.ts";
import { textIn } from "#app/domain/workshop.ts";
import { everyoneView } from "#app/http/attendee-view.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDay, formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { everyonePerPage, searchAttendees } from "#db/queries/attendees.server.ts";
import { listWorkshopNames } from "#db/queries/workshops.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { searchParams } = new URL(request.url);
	const asked = everyoneView(searchParams);
	const [found, workshops] = await Promise.all([
		searchAttendees(context.db, asked),
		listWorkshopNames(context.db),
	]);
	const people = found.slice(0, everyonePerPage);
	const next = found.length > people.length ? people.at(-1)?.id : undefined;
	return { locale, ...asked, people, next, workshops };
}

export default function OrganizerEveryone() {
	const { locale, search, workshopId, before, people, next, workshops } = useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const { everyone: words, attendees } = t.organizer;
	const address = (path: string, avant?: string) => {
		const asked = { q: search, atelier: workshopId ?? "", avant: avant ?? "" };
		return `${path}?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value))}`;
	};
	const here = paths.organizer.attendees();
	return (
		<OrganizerPage locale={locale} title={words.title} section="attendees" top>
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<div className="toolbar">
				<search>
					<form className="search" action={paths.organizer.attendees()}>
						<label htmlFor="q">{words.search}</label>
						<input type="search" id="q" name="q" defaultValue={search} spellCheck={false} />
						<select name="atelier" aria-label={words.workshop} defaultValue={workshopId ?? ""}>
							<option value="">{words.anyWorkshop}</option>
							{workshops.map((workshop) => (
								<option key={workshop.id} value={workshop.id}>
									{textIn(workshop, "title", locale).text}
								</option>
							))}
						</select>
						<button type="submit" className="button plain">
							{attendees.searchGo}
						</button>
					</form>
				</search>
				<a className="button plain" href={address(paths.organizer.everyoneCsv())}>
					{attendees.csv}
				</a>
				<a className="button" href={address(paths.organizer.everyoneXlsx())}>
					{attendees.xlsx}
				</a>
			</div>
			<p className="also">
				<a href={paths.organizer.exportColumns(address(here))}>{t.organizer.exportColumns.choose}</a>
			</p>
			{people.length > 0 ? (
				<table>
					<caption>{words.title}</caption>
					<thead>
						<tr>
							<th scope="col">{attendees.name}</th>
							<th scope="col">{attendees.email}</th>
							<th scope="col">{t.organizer.attendee.session}</th>
							<th scope="col">{words.status}</th>
							<th scope="col">{attendees.registered}</th>
							<th scope="col">{attendees.reference}</th>
						</tr>
					</thead>
					<tbody>
						{people.map((person) => (
							<tr key={person.id}>
								<th scope="row">
									<a className="row-link" href={paths.organizer.registration(person.sessionId, person.id)}>
										{orErased(person.name, locale)}
									</a>
									{person.organization && <span className="under">{person.organization}</span>}
								</th>
								<td>{person.email ?? <span className="muted">{person.contactEmail}</span>}</td>
								<td>
									<a className="row-link" href={paths.organizer.session(person.sessionId)}>
										<DateWords>
											{capitalize(formatDay(person.startsAt, locale, person.zone), locale)}
										</DateWords>
									</a>
									<span className="under">{textIn(person, "title", locale).text}</span>
								</td>
								<td>{t.statusWord[shownStatus(person)]}</td>
								<td className="num nowrap">{formatStamp(person.createdAt, locale, homeZone)}</td>
								<td className="reference nowrap">{showReference(person.reference)}</td>
							</tr>
						))}
					</tbody>
				</table>
			) : (
				<p className="empty">
					{search ? attendees.noMatch(search) : words.none}{" "}
					{search && <a href={paths.organizer.attendees()}>{attendees.showAll}</a>}
				</p>
			)}
			<nav className="pages" aria-label={attendees.pages}>
				{before && <a href={address(here)}>{words.newest}</a>}
				{next && (
					<a rel="next" href={address(here, next)}>
						{words.older}
					</a>
				)}
			</nav>
		</OrganizerPage>
	);
}
