import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { CodeToCopy } from "#app/components/code-to-copy.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { apiTokenForm } from "#app/forms/api-token-form.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatDateShort, formatTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { createApiToken, revokeApiToken } from "#app/use-cases/api-tokens.server.ts";
import { newId } from "#db/id.ts";
import { type ListedToken, listApiTokens } from "#db/queries/api-tokens.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context, "owner");
	const { searchParams } = new URL(request.url);
	const tokens = await listApiTokens(context.db);
	return {
		reader: { locale, role },
		tokens,
		revoking: tokens.find(({ id }) => id === searchParams.get("jeton")),
		newToken: newId(),
		address: context.config.publicUrl + paths.api.sessions(),
		revoked: searchParams.has("revoque"),
	};
}

type Answer = { values: FormValues; errors: Record<string, string>; made?: { name: string; token: string } };

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "owner");
	const now = new Date();
	const form = await request.formData();
	const revoked = form.get("revoke");
	if (typeof revoked === "string") {
		await revokeApiToken(context.db, idParam(revoked), organizer.id, now);
		return redirect(`${paths.organizer.apiTokens()}?revoque`, 303);
	}
	const parsed = parseForm(apiTokenForm, form);
	const { values } = parsed;
	if (!parsed.ok) return data<Answer>({ values, errors: parsed.errors }, 400);
	const { name } = parsed.data;
	const id = idParam(String(form.get("id") ?? ""));
	const token = await createApiToken(context.db, { id, name }, organizer.id, now);
	if (!token) return data<Answer>({ values, errors: { name: "made" } }, 409);
	// Kept nowhere, it has no page of its own to be led to.
	return data<Answer>({ values: {}, errors: {}, made: { name, token } });
}

/** What other software reads by: made, shown once, and revoked. */
export default function OrganizerApiTokens() {
	const { reader, tokens, revoking, newToken, address, revoked } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.apiTokens;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["name"]);
	const made = answer?.made;
	const done = made ? words.made(made.name) : revoked && !answer ? words.revoked : null;
	return (
		<SettingsPage
			reader={reader}
			tab="integrations"
			inside={words.title}
			refused={summary.length > 0}
			before={
				<>
					<ErrorSummary t={t} errors={summary} />
					{done && <DoneNotice>{done}</DoneNotice>}
					{revoking && !answer && <RevokeNotice token={revoking} locale={locale} />}
				</>
			}
		>
			{made ? (
				<MadeToken token={made.token} address={address} locale={locale} />
			) : (
				<div className="prose">
					<p>{words.lede}</p>
					<p>{words.leaves}</p>
				</div>
			)}
			{tokens.length > 0 ? (
				<TokenTable tokens={tokens} locale={locale} />
			) : (
				<p className="empty">{words.none}</p>
			)}
			<form className="stack section medium" method="post" noValidate>
				<h3>{words.new}</h3>
				<input type="hidden" name="id" value={newToken} />
				<Field
					t={t}
					name="name"
					label={words.name}
					hint={words.nameHint}
					value={answer?.values.name}
					error={sentence("name")}
					autoComplete="off"
				/>
				<SubmitButton label={words.create} />
			</form>
		</SettingsPage>
	);
}

function RevokeNotice({ token, locale }: { token: ListedToken; locale: Locale }) {
	const words = dictionary(locale).organizer.apiTokens;
	return (
		<section className="notice" aria-labelledby="revoke">
			<h2 id="revoke">{words.revokeTitle(token.name)}</h2>
			<p>{words.revokeLede}</p>
			<form className="actions close" method="post">
				<SubmitButton label={words.revokeYes} name="revoke" value={token.id} danger />
				<a href={paths.organizer.apiTokens()}>{words.revokeNo}</a>
			</form>
		</section>
	);
}

function MadeToken({ token, address, locale }: { token: string; address: string; locale: Locale }) {
	const words = dictionary(locale).organizer.apiTokens;
	return (
		<div className="stack medium">
			<CodeToCopy id="token" label={words.once} hint={words.onceHint} rows={2} text={token}>
				<button type="button" className="button" hidden data-copy={token} data-copied={words.copied}>
					{words.copy}
				</button>
			</CodeToCopy>
			<CodeToCopy
				id="example"
				label={words.example}
				hint={words.docs}
				rows={4}
				text={`curl -H "Authorization: Bearer ${token}" ${address}`}
			/>
		</div>
	);
}

function TokenTable({ tokens, locale }: { tokens: ListedToken[]; locale: Locale }) {
	const words = dictionary(locale).organizer.apiTokens;
	const stamp = (at: Date) => `${formatDateShort(at, locale, homeZone)}, ${formatTime(at, locale, homeZone)}`;
	return (
		<table className="section">
			<caption>{words.list}</caption>
			<thead>
				<tr>
					<th scope="col">{words.name}</th>
					<th scope="col">{words.maker}</th>
					<th scope="col">{words.created}</th>
					<th scope="col">{words.used}</th>
					<th scope="col">
						<span className="unseen">{words.actions}</span>
					</th>
				</tr>
			</thead>
			<tbody>
				{tokens.map(({ id, name, maker, makerLeft, createdAt, lastUsedAt }) => (
					<tr key={id}>
						<th scope="row">{name}</th>
						<td data-label={words.maker}>
							{maker} {makerLeft && <span className="tag warn">{words.makerLeft}</span>}
						</td>
						<td className="num" data-label={words.created}>
							{stamp(createdAt)}
						</td>
						<td className="num" data-label={words.used}>
							{lastUsedAt ? stamp(lastUsedAt) : words.never}
						</td>
						<td className="end">
							<a className="row-link" href={paths.organizer.apiTokens(id)} aria-label={words.revokeOf(name)}>
								{words.revoke}
							</a>
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
