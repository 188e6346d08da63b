import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { Field, Select } from "#app/components/field.tsx";
import { AuditSentence } from "#app/components/history.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { roleReaches } from "#app/domain/organizer.ts";
import { homeZone } from "#app/domain/session.ts";
import { addDays, isLocalDate, zonedInstant } from "#app/domain/time.server.ts";
import { textIn } from "#app/domain/workshop.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { optionalId } from "#app/http/params.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDay, formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { type AuditAction, type AuditRow, auditPerPage, listAudit } from "#db/queries/audit.server.ts";
import { listOrganizerNames } from "#db/queries/organizers.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context);
	const { db } = context;
	const asked = new URL(request.url).searchParams;
	const { actions } = dictionary(locale).organizer.audit;
	const who = asked.get("qui") ?? "";
	const action = asked.get("action") ?? "";
	const last = asked.get("avant")?.split("_") ?? [];
	const at = new Date(Number(last[0]));
	const id = optionalId(last[1] ?? null);
	const filter = {
		incidents: roleReaches(role, "owner"),
		who: who === "attendee" || who === "system" ? who : optionalId(who),
		action: action in actions ? (action as AuditAction) : undefined,
		sessionId: optionalId(asked.get("seance")),
		from: startOfDay(asked.get("du")),
		until: startOfDay(asked.get("au"), 1),
		after: id && at.getTime() > 0 ? { at, id } : undefined,
	};
	const [found, people, details] = await Promise.all([
		listAudit(db, filter),
		listOrganizerNames(db),
		filter.sessionId && findSessionDetails(db, filter.sessionId),
	]);
	const rows = found.slice(0, auditPerPage);
	const next = found.length > rows.length ? rows.at(-1) : undefined;
	return {
		reader: { locale, role },
		asked: Object.fromEntries(asked),
		rows,
		next: next && `${next.at.getTime()}_${next.id}`,
		people,
		session: details ? { ...details.session, workshop: details.workshop } : undefined,
	};
}

/** The first instant of a day that was typed, or of one some days later, where the firm is. */
function startOfDay(typed: string | null, daysLater = 0): Date | undefined {
	if (!typed || !isLocalDate(typed)) return undefined;
	const start = zonedInstant(addDays(typed, daysLater), "00:00", homeZone, "earlier");
	return start.ok ? start.instant : undefined;
}

export default function OrganizerAudit() {
	const { reader, asked, rows, next, people, session } = useLoaderData<typeof loader>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.audit;
	const address = (changes: Record<string, string | undefined>) => {
		const kept = Object.entries({ ...asked, ...changes }).filter(([, value]) => value);
		return `${paths.organizer.audit()}?${new URLSearchParams(kept as [string, string][])}`;
	};
	const narrowed = Object.values(asked).some(Boolean);
	return (
		<SettingsPage reader={reader} tab="audit">
			<form className="filters" action={paths.organizer.audit()}>
				{session && <input type="hidden" name="seance" value={session.id} />}
				<Select
					name="qui"
					label={words.who}
					value={asked.qui}
					options={[
						{ value: "", label: words.anybody },
						{ value: "attendee", label: words.actors.attendee },
						{ value: "system", label: words.actors.system },
						...people.map(({ id, name }) => ({ value: id, label: name })),
					]}
				/>
				<Select
					name="action"
					label={words.action}
					value={asked.action}
					options={[
						{ value: "", label: words.anyAction },
						...Object.entries(words.actions)
							.filter(([value]) => !value.startsWith("incident.") || roleReaches(reader.role, "owner"))
							.map(([value, label]) => ({ value, label: capitalize(label, locale) })),
					]}
				/>
				<Field t={t} name="du" label={words.from} type="date" value={asked.du} />
				<Field t={t} name="au" label={words.until} type="date" value={asked.au} />
				<button type="submit" className="button plain">
					{words.apply}
				</button>
			</form>
			{narrowed && (
				<p className="section">
					{session && (
						<>
							{words.ofSession(textIn(session.workshop, "title", locale).text)},{" "}
							<DateWords>{formatDay(session.startsAt, locale, session.zone)}</DateWords>
							{" · "}
						</>
					)}
					<a href={paths.organizer.audit()}>{words.clear}</a>
				</p>
			)}
			{rows.length > 0 ? (
				<table className="section">
					<caption>{words.history}</caption>
					<thead>
						<tr>
							<th scope="col">{words.when}</th>
							<th scope="col">{words.what}</th>
							<th scope="col">{words.about}</th>
						</tr>
					</thead>
					<tbody>
						{rows.map((row) => (
							<tr key={row.id}>
								<td className="num nowrap">{formatStamp(row.at, locale, homeZone)}</td>
								<td>
									<AuditSentence row={row} locale={locale} />
								</td>
								<td>
									<Subject row={row} locale={locale} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			) : (
				<p className="empty">{words.none}</p>
			)}
			<nav className="pages" aria-label={t.organizer.attendees.pages}>
				{asked.avant && <a href={address({ avant: undefined })}>{words.newest}</a>}
				{next && (
					<a rel="next" href={address({ avant: next })}>
						{words.older}
					</a>
				)}
			</nav>
		</SettingsPage>
	);
}

/** Whom and what it was about, each with its page. */
function Subject({ row, locale }: { row: AuditRow; locale: Locale }) {
	const { sessionId, registrationId, personName, workshopId, startsAt, zone, titleFr, titleEn } = row;
	if (row.incidentId)
		return (
			<a href={paths.organizer.incident(row.incidentId)}>{dictionary(locale).organizer.incidents.one}</a>
		);
	const title = titleFr !== null && titleEn !== null && textIn({ titleFr, titleEn }, "title", locale).text;
	return (
		<>
			{registrationId && sessionId && personName !== null && (
				<a className="row-link" href={paths.organizer.registration(sessionId, registrationId)}>
					{orErased(personName, locale)}
				</a>
			)}
			{sessionId && startsAt && zone ? (
				<span className="under">
					{title},{" "}
					<a href={paths.organizer.session(sessionId)}>
						<DateWords>{formatDay(startsAt, locale, zone)}</DateWords>
					</a>
				</span>
			) : (
				workshopId && title && <a href={paths.organizer.workshop(workshopId)}>{title}</a>
			)}
		</>
	);
}
