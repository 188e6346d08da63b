import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { incidentFields, keptUntil, stillToDo } from "#app/domain/incident.ts";
import type { Locale } from "#app/domain/locale.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { newId } from "#db/id.ts";
import { listIncidents } from "#db/queries/incidents.server.ts";
import type { Incident } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context, "owner");
	const { searchParams } = new URL(request.url);
	return {
		reader: { locale, role },
		incidents: await listIncidents(context.db),
		newIncident: newId(),
		saved: searchParams.has("enregistre"),
		deleted: searchParams.has("retire"),
	};
}

/** The register of confidentiality incidents (RLRQ c. P-39.1, s. 3.8), whole, as it is printed for the Commission. */
export default function OrganizerIncidents() {
	const { reader, incidents, newIncident, saved, deleted } = useLoaderData<typeof loader>();
	const { locale } = reader;
	const words = dictionary(locale).organizer.incidents;
	const done = saved ? words.saved : deleted ? words.deleted : null;
	const some = incidents.length > 0;
	return (
		<SettingsPage reader={reader} tab="incidents" before={done && <DoneNotice>{done}</DoneNotice>}>
			<section className="section" aria-labelledby="register">
				<h2 id="register">{words.heading}</h2>
				<p className="prose">{words.lede}</p>
				<p className="actions">
					<a className="button" href={paths.organizer.incident("new", newIncident)}>
						{words.add}
					</a>
					{some && (
						<>
							<button type="button" className="button plain" data-print hidden>
								{words.print}
							</button>
							<a href={paths.organizer.incidentsCsv()}>{words.csv}</a>
						</>
					)}
				</p>
				{!some && <p className="empty">{words.none}</p>}
			</section>
			{some ? (
				<details className="section">
					<summary>{words.stepsTitle}</summary>
					<Steps locale={locale} />
				</details>
			) : (
				<section className="section">
					<h2>{words.stepsTitle}</h2>
					<Steps locale={locale} />
				</section>
			)}
			{incidents.map((incident) => (
				<IncidentOf key={incident.id} incident={incident} locale={locale} />
			))}
		</SettingsPage>
	);
}

function Steps({ locale }: { locale: Locale }) {
	const words = dictionary(locale).organizer.incidents;
	return (
		<div className="prose">
			<ol className="steps">
				{words.steps.map((step) => (
					<li key={step}>{step}</li>
				))}
			</ol>
			<p className="small muted">{words.notAdvice}</p>
		</div>
	);
}

function IncidentOf({ incident, locale }: { incident: Incident; locale: Locale }) {
	const words = dictionary(locale).organizer.incidents;
	const dayIn = (day: string) => formatDay(new Date(day), locale, "UTC");
	const learned = dayIn(incident.learnedOn);
	const tasks = stillToDo(incident);
	const inWords = {
		...incident,
		learnedOn: learned,
		risk: words.risks[incident.risk],
		commissionToldOn: incident.commissionToldOn && dayIn(incident.commissionToldOn),
		publicNotice: incident.publicNotice || words.noNotice,
	};
	return (
		<article className="incident">
			<h3>
				<DateWords>{words.learned(learned)}</DateWords>
			</h3>
			{tasks.length > 0 && (
				<p className="tags">
					<span className="muted small">{words.toDo}</span>
					{tasks.map((task) => (
						<span key={task} className="tag warn">
							{words.tasks[task]}
						</span>
					))}
				</p>
			)}
			<dl>
				{incidentFields.map((name) => (
					<div key={name}>
						<dt className="muted">{words.fields[name]}</dt>
						<dd>
							{name === "learnedOn" || name === "commissionToldOn" ? (
								<DateWords>{inWords[name] || "–"}</DateWords>
							) : (
								inWords[name] || "–"
							)}
						</dd>
					</div>
				))}
			</dl>
			<p className="facts">
				<a
					className="row-link"
					href={paths.organizer.incident(incident.id)}
					aria-label={words.editOf(learned)}
				>
					{words.edit}
				</a>
				<span className="small">
					<DateWords>{words.keptUntil(dayIn(keptUntil(incident.learnedOn)))}</DateWords>
				</span>
			</p>
		</article>
	);
}
