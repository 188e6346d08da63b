import { Resolver } from "node:dns/promises";
import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EmailStatusTag } from "#app/components/email-status-tag.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { Ticket } from "#app/components/ticket.tsx";
import type { RecordCheck, RecordState } from "#app/domain/mail-records.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { idParam } from "#app/http/params.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { checkMailDomain } from "#app/use-cases/check-mail-domain.server.ts";
import { awaitFirstAttempt, queueTestEmail } from "#app/use-cases/send-test-email.server.ts";

const longestWaitMs = 8000;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, email } = await requireOrganizer(request, context);
	const { smtpUrl, mailFrom, bounceAddress, dkim, smtpPerSecond } = context.config;
	const { searchParams } = new URL(request.url);
	const testId = searchParams.get("essai");
	const test = testId ? await awaitFirstAttempt(context.db, idParam(testId), longestWaitMs) : undefined;
	const domainOf = (address: string) => address.slice(address.lastIndexOf("@") + 1);
	const sender = {
		from: domainOf(mailFrom.address),
		returnPath: domainOf(bounceAddress ?? mailFrom.address),
		dkim,
	};
	const dns = new Resolver({ timeout: 2000, tries: 1 });
	return {
		locale,
		email,
		// The host alone: the address of the server also holds a password.
		smtpHost: smtpUrl && new URL(smtpUrl).host,
		sender: mailFrom.name ? `${mailFrom.name} <${mailFrom.address}>` : mailFrom.address,
		bounceAddress,
		signs: dkim && `${dkim.keySelector}._domainkey.${dkim.domainName}`,
		smtpPerSecond,
		domain: sender.from,
		check: searchParams.has("domaine") ? await checkMailDomain(sender, (name) => dns.resolveTxt(name)) : null,
		test: test && {
			id: test.id,
			status: test.status,
			answer: [test.smtpResponse, test.lastError].filter(Boolean).join(" · "),
		},
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const id = await queueTestEmail(context.db, context.origin, organizer, new Date());
	context.wake();
	return redirect(`${paths.organizer.delivery()}?essai=${id}#essai`, 303);
}

const tones: Record<RecordState, string> = {
	good: "tag ok",
	weak: "tag warn",
	wrong: "tag bad",
	several: "tag bad",
	missing: "tag bad",
	unknown: "tag quiet",
};

export default function OrganizerDelivery() {
	const { locale, email, smtpHost, sender, bounceAddress, signs, smtpPerSecond, domain, check, test } =
		useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const words = t.organizer.delivery;
	const rows = [
		{ label: words.server, value: smtpHost ?? words.none },
		{ label: words.sender, value: sender },
		{ label: words.returnPath, value: bounceAddress ?? words.toSender },
		{ label: words.signature, value: signs ?? words.unsigned },
		{ label: words.rate, value: smtpPerSecond ? words.perSecond(smtpPerSecond) : words.noRate },
	];
	return (
		<OrganizerPage locale={locale} title={words.title} section="settings">
			<p className="eyebrow">
				<a href={paths.organizer.settings()}>{t.organizer.settings.title}</a>
			</p>
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<div className="medium">
				<Ticket rows={rows} />
				<section className="section" id="essai">
					<h2>{words.testTitle}</h2>
					{test && (
						<div className="notice" role="status">
							<p>
								<EmailStatusTag status={test.status} locale={locale} /> {words.tested(test.status, email)}{" "}
								<a href={paths.organizer.email(test.id)}>{words.seeTest}</a>
							</p>
							{test.answer && (
								<p className="small muted">
									{t.organizer.emails.answer} <code>{test.answer}</code>
								</p>
							)}
						</div>
					)}
					<form method="post">
						<SubmitButton label={words.test} plain />
					</form>
				</section>
				<section className="section" id="domaine">
					<h2>{words.domainTitle(domain)}</h2>
					<p>{words.domainLede}</p>
					{check ? (
						<dl className="stack section">
							<Finding name="spf" check={check.spf} words={words} />
							{check.dkim ? (
								<Finding name="dkim" check={check.dkim} words={words} />
							) : (
								<div>
									<dt>
										<b>DKIM</b> <span className="tag quiet">{words.states.unknown}</span>
									</dt>
									<dd>{words.dkimElsewhere}</dd>
								</div>
							)}
							<Finding name="dmarc" check={check.dmarc} words={words} />
						</dl>
					) : (
						<p className="actions">
							<a className="button plain" href={`${paths.organizer.delivery()}?domaine#domaine`}>
								{words.checkDomain}
							</a>
						</p>
					)}
				</section>
			</div>
		</OrganizerPage>
	);
}

function Finding(props: {
	name: "spf" | "dkim" | "dmarc";
	check: RecordCheck;
	words: ReturnType<typeof dictionary>["organizer"]["delivery"];
}) {
	const { name, check, words } = props;
	const { what, advice } = words.records[name];
	return (
		<div>
			<dt>
				<b>{name.toUpperCase()}</b> <span className={tones[check.state]}>{words.states[check.state]}</span>
			</dt>
			<dd>
				{what} {advice[check.state]}
				<span className="under">
					{check.name}
					{check.record && (
						<>
							<br />
							<code>{check.record}</code>
						</>
					)}
				</span>
			</dd>
		</div>
	);
}
