import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { WebhookFields } from "#app/components/webhook-fields.tsx";
import { WebhookStateTag } from "#app/components/webhook-state-tag.tsx";
import { homeZone } from "#app/domain/session.ts";
import { hostOf } from "#app/domain/webhook.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { webhookForm } from "#app/forms/webhook-form.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { createWebhook } from "#app/use-cases/save-webhook.server.ts";
import { newId } from "#db/id.ts";
import { listWebhooks } from "#db/queries/webhooks.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context, "owner");
	const webhooks = await listWebhooks(context.db, new Date());
	return {
		reader: { locale, role },
		// The rest of an address is often a secret.
		webhooks: webhooks.map(({ url, ...webhook }) => ({ ...webhook, host: hostOf(url) })),
		newWebhook: newId(),
		inside: context.webhooks.reach.inside,
		removed: new URL(request.url).searchParams.has("retire"),
	};
}

type Answer = { values: FormValues; errors: Record<string, string> };

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "owner");
	const form = await request.formData();
	const id = idParam(String(form.get("id") ?? ""));
	const parsed = parseForm(webhookForm(context.webhooks.reach.inside), form);
	const { values } = parsed;
	if (!parsed.ok) return data<Answer>({ values, errors: parsed.errors }, 400);
	const made = await createWebhook(context.db, { id, ...parsed.data }, organizer.id, new Date());
	if (!made) return data<Answer>({ values, errors: { name: "made" } }, 409);
	return redirect(`${paths.organizer.webhook(id)}?fait=created`, 303);
}

/** The firm's other tools that are told of each registration. */
export default function OrganizerWebhooks() {
	const { reader, webhooks, newWebhook, inside, removed } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.webhooks;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["name", "url"]);
	return (
		<SettingsPage
			reader={reader}
			tab="integrations"
			inside={words.title}
			refused={summary.length > 0}
			before={
				<>
					<ErrorSummary t={t} errors={summary} />
					{removed && !answer && <DoneNotice>{words.removed}</DoneNotice>}
				</>
			}
		>
			<div className="prose">
				<p>{words.lede}</p>
				<p>{words.leaves}</p>
			</div>
			{webhooks.length > 0 ? (
				<table className="section">
					<caption>{words.list}</caption>
					<thead>
						<tr>
							<th scope="col">{words.name}</th>
							<th scope="col">{words.state}</th>
							<th scope="col">{words.received}</th>
							<th scope="col">{words.waiting}</th>
						</tr>
					</thead>
					<tbody>
						{webhooks.map((webhook) => (
							<tr key={webhook.id}>
								<th scope="row">
									<a className="row-link" href={paths.organizer.webhook(webhook.id)}>
										{webhook.name}
									</a>
									<span className="under">{webhook.host}</span>
								</th>
								<td>
									<WebhookStateTag webhook={webhook} locale={locale} />
								</td>
								<td className="num" data-label={words.received}>
									{webhook.deliveredAt ? formatStamp(webhook.deliveredAt, locale, homeZone) : words.never}
								</td>
								<td className="num" data-label={words.waiting}>
									{webhook.waiting}
								</td>
							</tr>
						))}
					</tbody>
				</table>
			) : (
				<p className="empty">{words.none}</p>
			)}
			<form className="stack section medium" method="post" noValidate>
				<h3>{words.new}</h3>
				<input type="hidden" name="id" value={newWebhook} />
				<WebhookFields locale={locale} values={answer?.values ?? {}} sentence={sentence} inside={inside} />
				<SubmitButton label={words.create} />
			</form>
		</SettingsPage>
	);
}
