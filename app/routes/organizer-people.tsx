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
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { RoleChoice } from "#app/components/role-choice.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { locales } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { inviteForm } from "#app/forms/organizer-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { inviteOrganizer } from "#app/use-cases/invite-organizer.server.ts";
import { listOrganizers } from "#db/queries/organizers.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { id, locale, role } = await requireOrganizer(request, context, "owner");
	const people = await listOrganizers(context.db, new Date());
	const { searchParams } = new URL(request.url);
	const done = (["invited", "revoked"] as const).find((name) => searchParams.has(name));
	return { reader: { id, locale, role }, people, done };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "owner");
	const parsed = parseForm(inviteForm, await request.formData());
	if (!parsed.ok) return data({ values: parsed.values, errors: parsed.errors }, 400);
	const result = await inviteOrganizer(context.db, context.origin, parsed.data, organizer, new Date());
	if (!result.ok) return data({ values: parsed.values, errors: { email: result.reason } }, 400);
	context.wake();
	return redirect(`${paths.organizer.people()}?invited`, 303);
}

export default function OrganizerPeople() {
	const { reader, people, done } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.people;
	const errors: Record<string, string> = answer?.errors ?? {};
	const { sentence, summary } = formErrors(errors, words.errors, ["name", "email", "role", "locale"]);
	const field = (name: string) => ({ t, name, value: answer?.values[name], error: sentence(name) });
	return (
		<SettingsPage
			reader={reader}
			tab="people"
			refused={summary.length > 0}
			before={
				<>
					<ErrorSummary t={t} errors={summary} />
					{done && !answer && <DoneNotice>{words[done]}</DoneNotice>}
				</>
			}
		>
			<table>
				<caption>{words.title}</caption>
				<thead>
					<tr>
						<th scope="col">{words.name}</th>
						<th scope="col">{words.email}</th>
						<th scope="col">{words.role}</th>
						<th scope="col">{words.seen}</th>
					</tr>
				</thead>
				<tbody>
					{people.map((person) => (
						<tr key={person.id}>
							<th scope="row">
								<a className="row-link" href={paths.organizer.person(person.id)}>
									{person.name}
								</a>{" "}
								{person.id === reader.id && <span className="tag quiet">{words.you}</span>}
							</th>
							<td>{person.email}</td>
							<td>{words.roles[person.role]}</td>
							<td className="num" data-label={words.seen}>
								{person.seenAt ? formatStamp(person.seenAt, locale, homeZone) : words.never}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			<form className="stack section medium" method="post" noValidate>
				<h2>{words.inviteTitle}</h2>
				<Field {...field("name")} label={words.name} autoComplete="off" />
				<Field
					{...field("email")}
					label={words.email}
					hint={words.emailHint}
					type="email"
					autoComplete="off"
					spellCheck={false}
				/>
				<RoleChoice locale={locale} value={answer?.values.role ?? "organizer"} error={sentence("role")} />
				<div className="pair">
					<Select
						name="locale"
						label={words.language}
						value={answer?.values.locale ?? locale}
						error={sentence("locale")}
						options={locales.map((one) => ({ value: one, label: t.languageName[one] }))}
					/>
				</div>
				<SubmitButton label={words.invite} />
			</form>
		</SettingsPage>
	);
}
