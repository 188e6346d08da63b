import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { IncidentForm } from "#app/components/incident-form.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { StoredVersion } from "#app/components/stored-version.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { incidentFields, mayBeDeleted } from "#app/domain/incident.ts";
import { homeZone } from "#app/domain/session.ts";
import { localDateOf } from "#app/domain/time.server.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { incidentForm } from "#app/forms/incident-form.server.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, optionalId } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { deleteIncident, saveIncident } from "#app/use-cases/save-incident.server.ts";
import { newId } from "#db/id.ts";
import { findIncident } from "#db/queries/incidents.server.ts";
import type { Incident } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context, "owner");
	const isNew = params.incidentId === "new";
	// The register's link names a new one: whoever comes back to it finds what was written, and not an empty form.
	const named = isNew ? optionalId(new URL(request.url).searchParams.get("id")) : idParam(params.incidentId);
	const id = named ?? newId();
	const incident = (await findIncident(context.db, id)) ?? null;
	if (!incident && !isNew) throw notFound();
	return {
		locale,
		id,
		values: incident ? valuesOf(incident) : null,
		mayLeave: incident !== null && mayBeDeleted(incident, localDateOf(new Date(), homeZone)),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "owner");
	const now = new Date();
	const form = await request.formData();
	const id = idParam(params.incidentId === "new" ? String(form.get("id") ?? "") : params.incidentId);
	if (form.get("intent") === "delete") {
		const result = await deleteIncident(context.db, id, organizer.id, now);
		if (result.ok) return redirect(`${paths.organizer.incidents()}?retire`, 303);
		const incident = await findIncident(context.db, id);
		if (!incident) throw notFound();
		return data({ id, values: valuesOf(incident), errors: { form: "kept" }, stored: null }, 409);
	}
	const parsed = parseForm(incidentForm(localDateOf(now, homeZone)), form);
	const { values } = parsed;
	if (!parsed.ok) return data({ id, values, errors: parsed.errors, stored: null }, 400);
	const { revision, ...description } = parsed.data;
	const result = await saveIncident(context.db, description, { id, seen: revision }, organizer.id, now);
	if (result.ok) return redirect(`${paths.organizer.incidents()}?enregistre`, 303);
	const incident = await findIncident(context.db, id);
	if (!incident) throw notFound();
	const stored = valuesOf(incident);
	// Saving again is then a choice made with both versions in sight.
	const again = { ...values, revision: stored.revision };
	return data({ id, values: again, errors: { form: "conflict" }, stored }, 409);
}

function valuesOf(incident: Incident): FormValues & { revision: string } {
	const described = incidentFields.map((name) => [name, incident[name] ?? ""]);
	return { ...Object.fromEntries(described), revision: String(incident.revision) };
}

export default function OrganizerIncident() {
	const { locale, mayLeave, ...loaded } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.incidents;
	const values: FormValues = answer?.values ?? loaded.values ?? {};
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["form", ...incidentFields]);
	const title = loaded.values ? words.change : words.new;
	const inWords = (all: FormValues) => ({
		...all,
		risk: words.risks[all.risk as keyof typeof words.risks] ?? "",
	});
	return (
		<OrganizerPage locale={locale} title={title} section="settings" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{answer?.stored && (
				<StoredVersion
					heading={words.stored}
					typed={inWords(values)}
					stored={inWords(answer.stored)}
					fields={incidentFields.map((name) => ({ name, label: words.fields[name] }))}
				/>
			)}
			<p className="eyebrow">
				<a href={paths.organizer.incidents()}>{words.heading}</a>
			</p>
			<h1 className="long">{title}</h1>
			<IncidentForm locale={locale} id={answer?.id ?? loaded.id} values={values} sentence={sentence} />
			{mayLeave && (
				<details className="section medium">
					<summary>{words.delete}</summary>
					<p>{words.mayLeave}</p>
					<form className="actions" method="post">
						<SubmitButton label={words.deleteYes} name="intent" value="delete" danger />
					</form>
				</details>
			)}
		</OrganizerPage>
	);
}
