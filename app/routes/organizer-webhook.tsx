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
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { Pagination } from "#app/components/pagination.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { WebhookDeliveries } from "#app/components/webhook-deliveries.tsx";
import { WebhookFields } from "#app/components/webhook-fields.tsx";
import { WebhookStateTag } from "#app/components/webhook-state-tag.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { hostOf, outcomeOf, type WebhookAnswer } from "#app/domain/webhook.ts";
import { isRenewed, signingSecret } from "#app/domain/webhook-signature.server.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { webhookForm } from "#app/forms/webhook-form.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, pageParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { sendTest } from "#app/use-cases/deliver-webhooks.server.ts";
import { changeWebhook, type WebhookChange } from "#app/use-cases/save-webhook.server.ts";
import { deliveriesPerPage, findWebhook, listDeliveries } from "#db/queries/webhooks.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context, "owner");
	const now = new Date();
	const webhook = await findWebhook(context.db, idParam(params.webhookId), now);
	if (!webhook) throw notFound();
	const { searchParams } = new URL(request.url);
	const page = pageParam(searchParams);
	const deliveries = await listDeliveries(context.db, webhook.id, page);
	return {
		locale,
		webhook,
		secret: signingSecret(context.secrets[0], webhook),
		renewed: isRenewed(webhook, now),
		inside: context.webhooks.reach.inside,
		page,
		deliveries: deliveries.slice(0, deliveriesPerPage),
		more: deliveries.length > deliveriesPerPage,
		done: dones.find((done) => done === searchParams.get("fait")),
	};
}

const dones = ["created", "saved", "renewed", "pausedDone", "resumed", "sentAgain"] as const;
type Done = (typeof dones)[number];

type Answer = { values?: FormValues; errors?: Record<string, string>; test?: WebhookAnswer };

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "owner");
	const id = idParam(params.webhookId);
	const form = await request.formData();
	const now = new Date();
	const intent = String(form.get("intent") ?? "");
	if (intent === "test") {
		const webhook = await findWebhook(context.db, id, now);
		if (!webhook) throw notFound();
		return data<Answer>({ test: await sendTest(context.db, context.webhooks, webhook, now) });
	}
	async function change(what: WebhookChange, done: Done) {
		const changed = await changeWebhook(context.db, id, what, organizer.id, now);
		if (!changed) throw notFound();
		context.wake();
		return redirect(`${paths.organizer.webhook(id)}?fait=${changed.resumed ? "resumed" : done}`, 303);
	}
	switch (intent) {
		case "renew":
			return change({ what: "renew", version: Number(form.get("version")) }, "renewed");
		case "pause":
			return change({ what: "pause" }, "pausedDone");
		case "resume":
			return change({ what: "resume" }, "resumed");
		case "again": {
			const deliveryId = form.has("delivery") ? idParam(String(form.get("delivery"))) : undefined;
			return change({ what: "again", deliveryId }, "sentAgain");
		}
		case "remove":
			await change({ what: "remove" }, "saved");
			return redirect(`${paths.organizer.webhooks()}?retire`, 303);
	}
	const parsed = parseForm(webhookForm(context.webhooks.reach.inside), form);
	if (!parsed.ok) return data<Answer>({ values: parsed.values, errors: parsed.errors }, 400);
	return change({ what: "change", ...parsed.data }, "saved");
}

/** One webhook: how it is, its secret, what it was told. */
export default function OrganizerWebhook() {
	const { locale, webhook, secret, renewed, inside, page, deliveries, more, done } =
		useLoaderData<typeof loader>();
	const answer: Answer | undefined = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.webhooks;
	const host = hostOf(webhook.url);
	const address = paths.organizer.webhook(webhook.id);
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["name", "url"]);
	return (
		<OrganizerPage locale={locale} title={webhook.name} section="settings" refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{answer?.test ? (
				<TestNotice answer={answer.test} host={host} locale={locale} />
			) : (
				done && !answer && <DoneNotice>{words[done]}</DoneNotice>
			)}
			<p className="eyebrow">
				<a href={paths.organizer.webhooks()}>{words.back}</a>
			</p>
			<h1 className="long">{webhook.name}</h1>
			<p className="facts">
				<WebhookStateTag webhook={webhook} locale={locale} />
				<span>{host}</span>
			</p>
			<StateSentence webhook={webhook} host={host} locale={locale} />
			<form className="actions" method="post" action={address}>
				<SubmitButton label={words.test} name="intent" value="test" />
				{webhook.pausedAt ? (
					<SubmitButton label={words.resume} name="intent" value="resume" plain />
				) : (
					<SubmitButton label={words.pause} name="intent" value="pause" plain />
				)}
				<span className="hint">
					{words.testHint} {!webhook.pausedAt && words.pauseHint}
				</span>
			</form>
			<section className="section" aria-labelledby="deliveries">
				<h2 id="deliveries">{words.deliveries}</h2>
				{deliveries.length > 0 ? (
					<>
						<p className="muted">{words.kept}</p>
						{webhook.dead > 0 && (
							<form className="actions" method="post" action={address}>
								<SubmitButton label={words.againAll(webhook.dead)} name="intent" value="again" plain />
							</form>
						)}
						<WebhookDeliveries
							deliveries={deliveries}
							again={webhook.pausedAt ? null : address}
							locale={locale}
						/>
						<Pagination
							locale={locale}
							page={page}
							pages={null}
							more={more}
							href={(number) => `${address}?page=${number}`}
						/>
					</>
				) : (
					<p className="empty">
						{words.deliveriesNone} {!webhook.pausedAt && words.nextIsTold}
					</p>
				)}
			</section>
			<section className="section medium" aria-labelledby="secret-title">
				<h2 id="secret-title">{words.secret}</h2>
				<CodeToCopy
					id="secret"
					label={words.secret}
					unseen
					hint={`${words.secretHint} ${words.docs}`}
					rows={2}
					text={secret}
				>
					<button type="button" className="button plain" hidden data-copy={secret} data-copied={words.copied}>
						{words.copy}
					</button>
				</CodeToCopy>
				<details className="section">
					<summary>{words.renew}</summary>
					<p>
						{words.renewLede} {renewed && words.renewedLately}
					</p>
					<form className="actions" method="post" action={address}>
						<input type="hidden" name="version" value={webhook.version} />
						<SubmitButton label={words.renewYes} name="intent" value="renew" plain />
					</form>
				</details>
			</section>
			<form className="stack section medium" method="post" action={address} noValidate>
				<h2>{words.change}</h2>
				<WebhookFields
					locale={locale}
					values={answer?.values ?? { name: webhook.name, url: webhook.url }}
					sentence={sentence}
					inside={inside}
				/>
				<SubmitButton label={words.save} plain />
			</form>
			<details className="section medium">
				<summary>{words.remove}</summary>
				<p>{words.removeLede}</p>
				<form className="actions" method="post" action={address}>
					<SubmitButton label={words.removeYes} name="intent" value="remove" danger />
				</form>
			</details>
		</OrganizerPage>
	);
}

function StateSentence(props: {
	webhook: {
		failingSince: Date | null;
		pausedBecause: "owner" | "failing" | "gone" | null;
		waiting: number;
		dead: number;
	};
	host: string;
	locale: Locale;
}) {
	const { webhook, host, locale } = props;
	const words = dictionary(locale).organizer.webhooks;
	const { failingSince, pausedBecause, waiting, dead } = webhook;
	const since = failingSince && formatStamp(failingSince, locale, homeZone);
	const sentences = [
		...(pausedBecause ? [words.paused[pausedBecause](host), words.missed] : []),
		...(since && !pausedBecause
			? [words.failingSince(since, host), words.goesOn[waiting > 0 ? "trying" : "idle"]]
			: []),
		...(dead > 0 && !pausedBecause ? [words.lost(dead)] : []),
	];
	return sentences.length > 0 && <p className="section prose">{sentences.join(" ")}</p>;
}

/** « exemple.ca a répondu 404 ». */
function TestNotice({ answer, host, locale }: { answer: WebhookAnswer; host: string; locale: Locale }) {
	const { tested, failures } = dictionary(locale).organizer.webhooks;
	const good = outcomeOf(answer) === "delivered";
	return (
		<p className={good ? "notice ok" : "notice"} role="status">
			{answer.failure
				? `${host} ${failures[answer.failure]}.`
				: tested[good ? "good" : "bad"](host, answer.status)}
		</p>
	);
}
