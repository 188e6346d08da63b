import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { EmailStatusTag } from "#app/components/email-status-tag.tsx";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { Pagination } from "#app/components/pagination.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { homeZone } from "#app/domain/session.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { pageParam } from "#app/http/params.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { orErased } from "#app/i18n/erased.ts";
import { formatNumber, formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { countEmails, emailsPerPage, listEmails, mostEmailsCounted } from "#db/queries/emails.server.ts";
import { countSuppressions } from "#db/queries/suppressions.server.ts";
import type { EmailStatus } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { searchParams } = new URL(request.url);
	const asked = searchParams.get("etat") ?? "";
	const { statuses } = dictionary(locale).organizer.emails;
	const status = asked in statuses ? (asked as EmailStatus) : undefined;
	const page = pageParam(searchParams);
	const [emails, counts, blocked] = await Promise.all([
		listEmails(context.db, status, page),
		countEmails(context.db),
		countSuppressions(context.db),
	]);
	const all = counts.reduce((sum, { count }) => sum + count, 0);
	const shown = status ? (counts.find((one) => one.status === status)?.count ?? 0) : all;
	const pages = Math.ceil(shown / emailsPerPage);
	const capture = context.config.smtpUrl === null;
	const most = mostEmailsCounted;
	return { locale, emails, counts, all, most, status, page, pages, blocked, capture };
}

export default function OrganizerEmails() {
	const { locale, emails, counts, all, most, status, page, pages, blocked, capture } =
		useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.emails;
	const tabs = (Object.keys(words.statuses) as EmailStatus[]).flatMap(
		(one) =>
			counts.find((counted) => counted.status === one) ?? (one === status ? { status: one, count: 0 } : []),
	);
	return (
		<OrganizerPage locale={locale} title={words.title} section="emails" top>
			<div className="heading">
				<h1>{words.title}</h1>
				<p className="also">
					{blocked > 0 && <a href={paths.organizer.blocked()}>{words.blocked.count(blocked)}</a>}
					<a href={paths.organizer.emailTexts()}>{words.texts}</a>
				</p>
			</div>
			{capture && <p className="lede">{words.capture}</p>}
			<nav className="tabs" aria-label={words.status}>
				<a href={paths.organizer.emails()} aria-current={status ? undefined : "page"}>
					{words.all} <Count of={all} most={most} locale={locale} />
				</a>
				{tabs.map((tab) => (
					<a
						key={tab.status}
						href={address(tab.status)}
						aria-current={tab.status === status ? "page" : undefined}
					>
						{words.statuses[tab.status]} <Count of={tab.count} most={most} locale={locale} />
					</a>
				))}
			</nav>
			{emails.length > 0 ? (
				<table>
					<caption>{words.title}</caption>
					<thead>
						<tr>
							<th scope="col">{words.subject}</th>
							<th scope="col">{words.to}</th>
							<th scope="col">{words.when}</th>
							<th scope="col">{words.status}</th>
						</tr>
					</thead>
					<tbody>
						{emails.map((email) => (
							<tr key={email.id}>
								<th scope="row">
									<a className="row-link" href={paths.organizer.email(email.id)}>
										{orErased(email.subject, locale)}
									</a>
								</th>
								<td>
									{email.toName} <span className="under">{email.toAddress}</span>
								</td>
								<td className="num nowrap">{formatStamp(email.createdAt, locale, homeZone)}</td>
								<td>
									<EmailStatusTag status={email.status} locale={locale} />
								</td>
							</tr>
						))}
					</tbody>
				</table>
			) : (
				<p className="empty">{status ? words.noneOf : words.none}</p>
			)}
			<Pagination locale={locale} page={page} pages={pages} href={(target) => address(status, target)} />
		</OrganizerPage>
	);
}

/** « 5 000+ » where counting stopped. */
function Count({ of, most, locale }: { of: number; most: number; locale: Locale }) {
	return (
		<b>
			{formatNumber(Math.min(of, most), locale)}
			{of >= most && "+"}
		</b>
	);
}

function address(status: EmailStatus | undefined, page = 1): string {
	const search = new URLSearchParams({
		...(status && { etat: status }),
		...(page > 1 && { page: String(page) }),
	});
	return `${paths.organizer.emails()}?${search}`;
}
