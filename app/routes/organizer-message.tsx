import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field, Select } from "#app/components/field.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { ViewWords } from "#app/components/view-words.tsx";
import { audiences, variablesFor } from "#app/domain/campaign.ts";
import { homeZone } from "#app/domain/session.ts";
import { textIn } from "#app/domain/workshop.ts";
import { campaignForm } from "#app/forms/campaign-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { attendeeView, campaignView } from "#app/http/attendee-view.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDay, formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveDraft } from "#app/use-cases/write-campaign.server.ts";
import { countAudience, findCampaign, listCampaigns } from "#db/queries/campaigns.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { db } = context;
	const details = await findSessionDetails(db, idParam(params.sessionId));
	if (!details) throw notFound();
	const { session, workshop } = details;
	const draftId = draftOf(request);
	const draft = draftId ? await findCampaign(db, draftId) : undefined;
	if (draftId && (draft?.sessionId !== session.id || draft.state !== "draft")) throw notFound();
	const { searchParams } = new URL(request.url);
	const view = draft ? draft.view : campaignView(searchParams);
	const possible = audiences.filter((one) => one !== "view" || view);
	const counts = await Promise.all(
		possible.map(async (audience) => {
			const { fr, en } = await countAudience(db, { sessionId: session.id, audience, view });
			return { audience, count: fr + en };
		}),
	);
	const {
		audience = view ? "view" : (attendeeView(searchParams).tab ?? "confirmed"),
		subjectFr,
		subjectEn,
		bodyFr,
		bodyEn,
	} = draft ?? {};
	const values: Partial<FormValues> = { audience, subjectFr, subjectEn, bodyFr, bodyEn };
	return {
		locale,
		session: { id: session.id, startsAt: session.startsAt, zone: session.zone },
		title: textIn(workshop, "title", locale).text,
		view,
		counts,
		values,
		earlier: draft ? [] : await listCampaigns(db, session.id),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const sessionId = idParam(params.sessionId);
	const draftId = draftOf(request);
	const parsed = parseForm(campaignForm, await request.formData());
	if (!parsed.ok) return data({ values: parsed.values, errors: parsed.errors }, 400);
	if (!(await findSessionDetails(context.db, sessionId))) throw notFound();
	const draft = draftId ? await findCampaign(context.db, draftId) : undefined;
	if (draft && draft.sessionId !== sessionId) throw notFound();
	const view = draft ? draft.view : campaignView(new URL(request.url).searchParams);
	const isForView = parsed.data.audience === "view";
	if (isForView && !view) return data({ values: parsed.values, errors: { audience: "audience" } }, 400);
	const input = { ...parsed.data, view: isForView ? view : null };
	const saved = await saveDraft(context.db, sessionId, draftId, input, organizer.id, new Date());
	// Sent from another page meanwhile: that page says what became of it.
	return redirect(paths.organizer.campaign(saved ?? draftId ?? ""), 303);
}

function draftOf(request: Request): string | null {
	const id = new URL(request.url).searchParams.get("brouillon");
	return id && idParam(id);
}

const order = ["audience", "subjectFr", "bodyFr", "subjectEn", "bodyEn"];

export default function OrganizerMessage() {
	const { locale, session, title, view, counts, values: stored, earlier } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.message;
	const values: Partial<FormValues> = answer?.values ?? stored;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, order);
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	const day = capitalize(formatDay(session.startsAt, locale, session.zone, { year: false }), locale);
	const variables = variablesFor("confirmed").map((name) => `{{${name}}}`);
	return (
		<OrganizerPage locale={locale} title={words.title} section="sessions" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<p className="eyebrow">
				<a href={paths.organizer.session(session.id)}>
					{day} · {title}
				</a>
			</p>
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<form className="stack section" method="post" noValidate>
				<div className="medium">
					<Select
						name="audience"
						label={words.to}
						value={values.audience}
						error={sentence("audience")}
						options={counts.map(({ audience, count }) => ({
							value: audience,
							label: words.audiences[audience](count),
						}))}
					/>
					{view && (
						<p className="hint">
							{words.selection} <ViewWords sessionId={session.id} view={view} locale={locale} />
						</p>
					)}
				</div>
				<details>
					<summary>{words.variables}</summary>
					<p className="hint">{words.variablesHint}</p>
					<p>
						<code>{variables.join(" ")}</code>
					</p>
					<p className="hint">{words.markdownHint}</p>
				</details>
				<div className="columns">
					<Field {...field("subjectFr")} label={`${words.subject}, ${words.french}`} lang="fr-CA" />
					<Field {...field("subjectEn")} label={`${words.subject}, ${words.english}`} optional lang="en-CA" />
				</div>
				<div className="columns">
					<Field {...field("bodyFr")} label={`${words.body}, ${words.french}`} rows={12} lang="fr-CA" />
					<Field
						{...field("bodyEn")}
						label={`${words.body}, ${words.english}`}
						optional
						rows={12}
						lang="en-CA"
					/>
				</div>
				<p className="hint">{words.englishHint}</p>
				<SubmitButton label={words.preview} />
			</form>
			{earlier.length > 0 && (
				<section className="section">
					<h2>{words.earlier}</h2>
					<ul className="stack">
						{earlier.map((one) => (
							<li key={one.id}>
								<a href={paths.organizer.campaign(one.id)}>{orErased(one.subjectFr, locale)}</a>
								<span className="under">
									{words.states[one.state]} · {formatStamp(one.createdAt, locale, homeZone)}
								</span>
							</li>
						))}
					</ul>
				</section>
			)}
		</OrganizerPage>
	);
}
