import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { EmailStatusTag } from "#app/components/email-status-tag.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { Pagination } from "#app/components/pagination.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { ViewWords } from "#app/components/view-words.tsx";
import { campaignPhase } from "#app/domain/campaign.ts";
import { type Locale, locales } from "#app/domain/locale.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam, pageParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { sendCampaign, stopCampaign } from "#app/use-cases/send-campaign.server.ts";
import { findCampaignFacts, saveDraft, sendTrial } from "#app/use-cases/write-campaign.server.ts";
import { countAudience, countCopies, findCampaign, listCopies } from "#db/queries/campaigns.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

const perPage = 100;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale, email } = await requireOrganizer(request, context);
	const { db } = context;
	const campaign = await findCampaign(db, idParam(params.campaignId));
	const details = campaign && (await findSessionDetails(db, campaign.sessionId));
	if (!details) throw notFound();
	const { searchParams } = new URL(request.url);
	const page = pageParam(searchParams);
	const now = new Date();
	const copies = await countCopies(db, campaign.id);
	const left = (copies.queued ?? 0) + (copies.sending ?? 0);
	const { session } = details;
	return {
		locale,
		email,
		campaign,
		session: { id: session.id, startsAt: session.startsAt, zone: session.zone },
		phase: campaignPhase(campaign, left, now),
		secondsLeft: Math.ceil(((campaign.sendsAt?.getTime() ?? 0) - now.getTime()) / 1000),
		count: await countAudience(db, campaign),
		copies,
		left,
		list: await listCopies(db, campaign.id, page, perPage),
		page,
		tried: searchParams.has("essai"),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = idParam(params.campaignId);
	const form = await request.formData();
	const now = new Date();
	const here = paths.organizer.campaign(id);
	switch (form.get("intent")) {
		case "try": {
			const found = await findCampaignFacts(context.db, context.origin, id);
			if (!found) throw notFound();
			await sendTrial(context.db, context.origin, found.facts, organizer, now);
			context.wake();
			return redirect(`${here}?essai`, 303);
		}
		case "send": {
			const seen = { people: Number(form.get("count")), savedAt: String(form.get("savedAt")) };
			const result = await sendCampaign(context.db, id, seen, organizer.id, now);
			if (result.ok || result.reason === "sent-already") return redirect(here, 303);
			if (result.reason === "unknown") throw notFound();
			return data({ refused: result.reason }, 409);
		}
		case "again": {
			const stopped = await findCampaign(context.db, id);
			if (stopped?.state !== "stopped" || !stopped.subjectFr) throw notFound();
			const { sessionId, audience, view, subjectFr, subjectEn, bodyFr, bodyEn } = stopped;
			const texts = { audience, view, subjectFr, subjectEn, bodyFr, bodyEn };
			const draftId = await saveDraft(context.db, sessionId, null, texts, organizer.id, now);
			return redirect(paths.organizer.message(sessionId, draftId ?? undefined), 303);
		}
		default:
			if (!(await stopCampaign(context.db, id, organizer.id, now))) throw notFound();
			return redirect(here, 303);
	}
}

export default function OrganizerCampaign() {
	const { locale, email, campaign, session, phase, secondsLeft, count, copies, left, list, page, tried } =
		useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const words = dictionary(locale).organizer.message;
	const subject = orErased(campaign.subjectFr, locale);
	const people = count.fr + count.en;
	const day = capitalize(formatDay(session.startsAt, locale, session.zone, { year: false }), locale);
	const queued = Object.values(copies).reduce((sum, n) => sum + n, 0);
	const total = campaign.recipients ?? people;
	const here = paths.organizer.campaign(campaign.id);
	const written: readonly Locale[] = campaign.bodyEn ? locales : ["fr"];
	return (
		<OrganizerPage locale={locale} title={subject} section="sessions" refused={Boolean(answer)}>
			{answer && (
				<p className="summary" role="alert">
					{words.refused[answer.refused]}
					{answer.refused === "no-sender" && (
						<>
							{" "}
							<a href={paths.organizer.settings()}>{words.toSettings}</a>
						</>
					)}
				</p>
			)}
			{tried && !answer && <DoneNotice>{words.tried(email)}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.message(session.id)}>
					{day} · {words.title}
				</a>
			</p>
			<h1 className="long">{subject}</h1>
			<p className="lede">
				{words.audiences[campaign.audience](phase === "draft" ? people : total)}
				{phase === "draft" && people > 0 && ` · ${words.byLanguage(count.fr, count.en)}`}
			</p>
			{campaign.view && (
				<p className="muted">
					{words.selection} <ViewWords sessionId={session.id} view={campaign.view} locale={locale} />
				</p>
			)}
			{phase === "draft" ? (
				<form className="actions" method="post">
					<input type="hidden" name="count" value={people} />
					<input type="hidden" name="savedAt" value={campaign.updatedAt.toISOString()} />
					<SubmitButton label={words.send(people)} name="intent" value="send" />
					<SubmitButton label={words.try} name="intent" value="try" plain />
					<a href={paths.organizer.message(session.id, campaign.id)}>{words.change}</a>
				</form>
			) : (
				<section className="notice section" aria-live="polite" data-live={phase === "sent" ? undefined : "5"}>
					<h2>{phase === "undoable" ? words.undoable(Math.max(1, secondsLeft)) : words.phases[phase]}</h2>
					<p>{words.progress(queued - left, total)}</p>
					{phase === "stopped" && campaign.subjectFr && (
						<form className="actions" method="post">
							<SubmitButton label={words.again} name="intent" value="again" plain />
						</form>
					)}
					{phase !== "sent" && phase !== "stopped" && (
						<form className="actions" method="post">
							<SubmitButton
								label={phase === "undoable" ? words.undo : words.stop}
								name="intent"
								value="stop"
								plain
							/>
							<a href={here}>{words.refresh}</a>
						</form>
					)}
				</section>
			)}
			{list.length > 0 && (
				<section className="section">
					<h2>{words.results}</h2>
					<table>
						<caption>{words.results}</caption>
						<thead>
							<tr>
								<th scope="col">{words.recipient}</th>
								<th scope="col">{words.status}</th>
								<th scope="col">{words.answer}</th>
							</tr>
						</thead>
						<tbody>
							{list.map((copy) => (
								<tr key={copy.id}>
									<th scope="row">
										<a className="row-link" href={paths.organizer.email(copy.id)}>
											{copy.toName || orErased(copy.toAddress, locale)}
										</a>
										{copy.toName && <span className="under">{copy.toAddress}</span>}
									</th>
									<td>
										<EmailStatusTag status={copy.status} locale={locale} />
									</td>
									<td className="muted">
										{copy.status === "sent" ? "" : (copy.smtpResponse ?? copy.lastError)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
					<Pagination
						locale={locale}
						page={page}
						pages={Math.ceil(queued / perPage)}
						href={(target) => `${here}?page=${target}`}
					/>
				</section>
			)}
			<div className="columns section">
				{written.map((one) => (
					<iframe
						key={one}
						className="mail"
						sandbox=""
						src={paths.organizer.campaignBody(campaign.id, one)}
						title={words.previewIn[one]}
					/>
				))}
			</div>
		</OrganizerPage>
	);
}
