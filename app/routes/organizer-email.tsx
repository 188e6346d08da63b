import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EmailStatusTag } from "#app/components/email-status-tag.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import { homeZone } from "#app/domain/session.ts";
import { attestationFileName } from "#app/exports/attestation.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { shownEmail } from "#app/http/shown-email.server.ts";
import { orErased } from "#app/i18n/erased.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { mayResend, resendEmail } from "#app/use-cases/resend-email.server.ts";
import { findAttestations } from "#db/queries/attestations.server.ts";
import { findEmail } from "#db/queries/emails.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const email = await findEmail(context.db, idParam(params.emailId));
	if (!email) throw notFound();
	const { id, toName, toAddress, subject, status, attempts, createdAt, sentAt, smtpResponse, lastError } =
		email;
	const { text, calendar, hides } = shownEmail(email, locale);
	const [attached] = await findAttestations(context.db, email.attachments);
	return {
		locale,
		email: { id, toName, toAddress, subject, status, attempts, createdAt, sentAt, text, calendar },
		answer: [smtpResponse, lastError].filter(Boolean).join(" · "),
		attached: attached && {
			name: attestationFileName(attached),
			href: attached.endedAt
				? null
				: paths.organizer.attestation(attached.sessionId, attached.registrationId),
		},
		hides,
		resendable: mayResend(email) && !attached?.endedAt,
		resent: new URL(request.url).searchParams.has("renvoye"),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = idParam(params.emailId);
	const result = await resendEmail(context.db, id, organizer.id, new Date());
	if (!result.ok && result.reason === "unknown") throw notFound();
	context.wake();
	return redirect(paths.organizer.email(id) + (result.ok ? "?renvoye" : ""), 303);
}

export default function OrganizerEmail() {
	const { locale, email, answer, attached, hides, resendable, resent } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.emails;
	const subject = orErased(email.subject, locale);
	const stamp = (at: Date) => formatStamp(at, locale, homeZone);
	const rows = [
		{ label: words.to, value: email.toAddress ? `${email.toName} <${email.toAddress}>` : subject },
		{ label: words.status, value: <EmailStatusTag status={email.status} locale={locale} /> },
		{ label: words.when, value: stamp(email.createdAt) },
		...(email.sentAt && email.status === "sent" ? [{ label: words.sent, value: stamp(email.sentAt) }] : []),
		{ label: words.attempts, value: email.attempts },
		...(answer ? [{ label: words.answer, value: answer }] : []),
		...(attached
			? [
					{
						label: words.attachment,
						value: attached.href ? (
							<a href={attached.href}>{attached.name}</a>
						) : (
							`${attached.name} (${words.ended})`
						),
					},
				]
			: []),
	];
	return (
		<OrganizerPage locale={locale} title={subject} section="emails">
			{resent && <DoneNotice>{words.resent}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.emails()}>{words.back}</a>
			</p>
			<h1 className="long">{subject}</h1>
			<div className="columns">
				<div>
					<Ticket rows={rows}>{hides && <p className="small muted">{words.hidden}</p>}</Ticket>
					{resendable && (
						<form className="actions" method="post">
							<SubmitButton label={words.resend} plain />
						</form>
					)}
					{email.calendar && (
						<details className="section">
							<summary>{words.calendar}</summary>
							<pre>{email.calendar}</pre>
						</details>
					)}
					<details className="section">
						<summary>{words.text}</summary>
						<pre>{email.text}</pre>
					</details>
				</div>
				<iframe className="mail" sandbox="" src={paths.organizer.emailBody(email.id)} title={words.html} />
			</div>
		</OrganizerPage>
	);
}
