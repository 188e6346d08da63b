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
import { WorkshopPreview } from "#app/components/workshop-preview.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { englishIsMissing, slugIn, textIn } from "#app/domain/workshop.ts";
import { markdownToHtml } from "#app/exports/markdown.server.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { workshopForm } from "#app/forms/workshop-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { archiveWorkshop } from "#app/use-cases/archive-workshop.server.ts";
import { saveWorkshop } from "#app/use-cases/save-workshop.server.ts";
import { listQuestions } from "#db/queries/questions.server.ts";
import { listWorkshopSessionsForOrganizer } from "#db/queries/sessions.server.ts";
import { findWorkshop } from "#db/queries/workshops.server.ts";
import type { Workshop } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const now = new Date();
	const { searchParams } = new URL(request.url);
	const saved = searchParams.has("enregistre");
	const made = searchParams.get("creees");
	const id = workshopId(params.workshopId);
	if (!id) {
		const model = searchParams.get("modele");
		const copied = model ? await findWorkshop(context.db, idParam(model)) : undefined;
		const values = copied ? copiedValues(copied, locale) : {};
		return { locale, now, saved, made, workshop: null, values, sessions: [], questions: 0 };
	}
	const workshop = await findWorkshop(context.db, id);
	if (!workshop) throw notFound();
	const sessions = await listWorkshopSessionsForOrganizer(context.db, id, now);
	const { length: questions } = await listQuestions(context.db, id);
	return { locale, now, saved, made, workshop, values: valuesOf(workshop), sessions, questions };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = workshopId(params.workshopId);
	const form = await request.formData();
	const intent = form.get("intent");
	if (id && (intent === "archive" || intent === "unarchive")) {
		const known = await archiveWorkshop(context.db, id, intent === "archive", organizer.id, new Date());
		if (!known) throw notFound();
		return redirect(paths.organizer.workshop(id), 303);
	}
	const parsed = parseForm(workshopForm, form);
	const { values } = parsed;
	if (intent === "preview") return data({ values, errors: {}, stored: null, preview: previewOf(values) });
	if (!parsed.ok) return data({ values, errors: parsed.errors, stored: null }, 400);

	const { revision = 0, ...input } = parsed.data;
	const model = new URL(request.url).searchParams.get("modele");
	const result = await saveWorkshop(
		context.db,
		input,
		id ? { id, revision } : model ? { like: idParam(model) } : null,
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

/** The form of a new workshop that is like another one. Its address is made from its title, which it changes first. */
function copiedValues(model: Workshop, locale: Locale): FormValues {
	const { revision: _, published: __, slugFr: ___, slugEn: ____, ...values } = valuesOf(model);
	const { copyOf } = dictionary(locale).organizer.workshops;
	return { ...values, titleFr: copyOf(model.titleFr), titleEn: model.titleEn && copyOf(model.titleEn) };
}

function previewOf(values: FormValues): Record<Locale, string> {
	return { fr: markdownToHtml(values.descriptionFr ?? ""), en: markdownToHtml(values.descriptionEn ?? "") };
}

export default function OrganizerWorkshop() {
	const { locale, now, saved, made, workshop, sessions, questions, ...loaded } =
		useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.workshops;
	const values = answer?.values ?? loaded.values;
	const toCome = sessions.filter(({ endsAt, cancelledAt }) => endsAt > now && !cancelledAt).length;
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
			{made && !answer && <DoneNotice>{t.organizer.repeat.done(Number(made) || 0)}</DoneNotice>}
			{answer && "preview" in answer && (
				<WorkshopPreview locale={locale} values={values} html={answer.preview} />
			)}
			<p className="eyebrow">
				<a href={paths.organizer.workshops()}>{words.title}</a>
			</p>
			<h1 className="long">{title}</h1>
			{workshop && (
				<>
					<div className="tags">
						{workshop.archivedAt ? (
							<span className="tag warn">{words.archived}</span>
						) : workshop.publishedAt ? (
							<span className="tag ok">{words.published}</span>
						) : (
							<span className="tag quiet">{words.draft}</span>
						)}
						{englishIsMissing(workshop) && <span className="tag warn">{words.missingEnglish}</span>}
						{workshop.publishedAt && !workshop.archivedAt && (
							<span className="also small">
								<a href={paths.workshop(locale, slugIn(workshop, locale))}>{t.organizer.attendees.seePage}</a>
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
			{workshop && (
				<form className="section" method="post">
					<p className="also">
						<a href={paths.organizer.newWorkshop(workshop.id)}>{words.duplicate}</a>
						<button
							type="submit"
							className="link-button"
							name="intent"
							value={workshop.archivedAt ? "unarchive" : "archive"}
						>
							{workshop.archivedAt ? words.unarchive : words.archive}
						</button>
					</p>
					<p className="hint">{workshop.archivedAt ? words.unarchiveHint : words.archiveHint(toCome)}</p>
				</form>
			)}
		</OrganizerPage>
	);
}
