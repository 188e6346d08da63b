import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { SessionTable } from "#app/components/session-table.tsx";
import { StoredVersion } from "#app/components/stored-version.tsx";
import { WorkshopForm, workshopFields } from "#app/components/workshop-form.tsx";
import { englishIsMissing, textIn } from "#app/domain/workshop.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { workshopForm } from "#app/forms/workshop-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveWorkshop } from "#app/use-cases/save-workshop.server.ts";
import { listQuestions } from "#db/queries/questions.server.ts";
import { listWorkshopSessionsForOrganizer } from "#db/queries/sessions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";
import type { Workshop } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const now = new Date();
	const saved = new URL(request.url).searchParams.has("enregistre");
	const id = workshopId(params.workshopId);
	if (!id) return { locale, now, saved, workshop: null, sessions: [], questions: 0 };
	const workshop = await findWorkshop(context.db, id);
	if (!workshop) throw notFound();
	const sessions = await listWorkshopSessionsForOrganizer(context.db, id, now);
	const { length: questions } = await listQuestions(context.db, id);
	return { locale, now, saved, workshop, sessions, questions };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = workshopId(params.workshopId);
	const parsed = parseForm(workshopForm, await request.formData());
	const { values } = parsed;
	if (!parsed.ok) return data({ values, errors: parsed.errors, stored: null }, 400);

	const { revision = 0, ...input } = parsed.data;
	const result = await saveWorkshop(
		context.db,
		input,
		id ? { id, revision } : null,
		organizer.id,
		new Date(),
	);
	if (result.ok) return redirect(`${paths.organizer.workshop(result.id)}?enregistre`, 303);
	switch (result.reason) {
		case "unknown":
			throw notFound();
		case "slug-fr-taken":
			return data({ values, errors: { slugFr: "slugTaken" }, stored: null }, 409);
		case "slug-en-taken":
			return data({ values, errors: { slugEn: "slugTaken" }, stored: null }, 409);
		case "conflict": {
			const workshop = id && (await findWorkshop(context.db, id));
			if (!workshop) throw notFound();
			const stored = valuesOf(workshop);
			// Saving again is then a choice made with both versions in sight.
			const again = { ...values, revision: String(workshop.revision) };
			return data({ values: again, errors: { form: "conflict" }, stored }, 409);
		}
	}
}

/** The id in the address, or null for the workshop that is not there yet. */
function workshopId(param: string | undefined): string | null {
	return param === "new" ? null : idParam(param);
}

function valuesOf(workshop: Workshop): FormValues {
	const { publishedAt, revision, ...texts } = workshop;
	const values: FormValues = { revision: String(revision) };
	for (const [name, value] of Object.entries(texts)) if (typeof value === "string") values[name] = value;
	if (publishedAt) values.published = "yes";
	return values;
}

export default function OrganizerWorkshop() {
	const { locale, now, saved, workshop, sessions, questions } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.workshops;
	const values = answer?.values ?? (workshop ? valuesOf(workshop) : {});
	const fields = workshopFields(locale);
	const { sentence, summary } = formErrors(
		answer?.errors ?? {},
		{ ...words.errors, conflict: words.conflict },
		["form", ...fields.map(({ name }) => name)],
	);
	const title = workshop ? textIn(workshop, "title", locale).text : words.new;
	return (
		<OrganizerPage locale={locale} title={title} section="workshops" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{answer?.stored && (
				<StoredVersion heading={words.stored} typed={values} stored={answer.stored} fields={fields} />
			)}
			{saved && !answer && <DoneNotice>{words.saved}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.workshops()}>{words.title}</a>
			</p>
			<h1 className="long">{title}</h1>
			{workshop && (
				<>
					<div className="tags">
						{workshop.publishedAt ? (
							<span className="tag ok">{words.published}</span>
						) : (
							<span className="tag quiet">{words.draft}</span>
						)}
						{englishIsMissing(workshop) && <span className="tag warn">{words.missingEnglish}</span>}
						{workshop.publishedAt && (
							<span className="also small">
								<a href={paths.workshop(locale, locale === "fr" ? workshop.slugFr : workshop.slugEn)}>
									{t.organizer.attendees.seePage}
								</a>
							</span>
						)}
					</div>
					<section className="section">
						<div className="heading">
							<h2>{words.sessions}</h2>
							<a className="button plain small" href={paths.organizer.newSession(workshop.id)}>
								{words.addSession}
							</a>
						</div>
						{sessions.length > 0 ? (
							<SessionTable
								sessions={sessions}
								caption={words.sessions}
								locale={locale}
								now={now}
								year
								ofOneWorkshop
							/>
						) : (
							<p className="empty">{words.dates(0)}</p>
						)}
					</section>
					<section className="section">
						<div className="heading">
							<h2>{t.organizer.questions.title}</h2>
							<a className="button plain small" href={paths.organizer.questions(workshop.id)}>
								{t.organizer.questions.manage}
							</a>
						</div>
						<p className="muted">{t.organizer.questions.count(questions)}</p>
					</section>
					<h2 className="section">{words.edit}</h2>
				</>
			)}
			<WorkshopForm locale={locale} values={values} sentence={sentence} />
		</OrganizerPage>
	);
}
