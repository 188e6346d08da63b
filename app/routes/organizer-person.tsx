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
import { RoleChoice } from "#app/components/role-choice.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { homeZone } from "#app/domain/session.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { roleForm } from "#app/forms/organizer-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { formatDateShort } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { changeRole, revokeOrganizer } from "#app/use-cases/change-organizer.server.ts";
import { findOrganizer } from "#db/queries/organizers.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context, "owner");
	const person = await findOrganizer(context.db, idParam(params.organizerId));
	if (!person) throw notFound();
	return { locale, person, saved: new URL(request.url).searchParams.has("saved") };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "owner");
	const id = idParam(params.organizerId);
	const form = await request.formData();
	const revokes = form.get("intent") === "revoke";
	const parsed = parseForm(roleForm, form);
	if (!revokes && !parsed.ok) return data({ errors: parsed.errors }, 400);
	const result =
		revokes || !parsed.ok
			? await revokeOrganizer(context.db, id, organizer.id, new Date())
			: await changeRole(context.db, id, parsed.data.role, organizer.id, new Date());
	if (!result.ok && result.reason === "unknown") throw notFound();
	if (!result.ok) return data({ errors: { role: "lastOwner" } }, 409);
	return redirect(
		revokes ? `${paths.organizer.people()}?revoked` : `${paths.organizer.person(id)}?saved`,
		303,
	);
}

export default function OrganizerPerson() {
	const { locale, person, saved } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.people;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["role"]);
	return (
		<OrganizerPage locale={locale} title={person.name} section="settings" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{saved && !answer && <DoneNotice>{words.saved}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.people()}>{words.back}</a>
			</p>
			<h1>{person.name}</h1>
			<p className="facts">
				<span>{person.email}</span>
				<span>{words.since(formatDateShort(person.createdAt, locale, homeZone))}</span>
			</p>
			<form className="section medium" method="post">
				<RoleChoice locale={locale} value={person.role} error={sentence("role")} />
				<p className="actions">
					<SubmitButton label={words.save} />
				</p>
			</form>
			<details className="section medium">
				<summary>{words.revoke}</summary>
				<p className="prose">{words.revokeLede}</p>
				<form className="actions" method="post">
					<SubmitButton label={words.revokeYes} name="intent" value="revoke" danger />
				</form>
			</details>
		</OrganizerPage>
	);
}
