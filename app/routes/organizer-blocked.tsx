import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { homeZone } from "#app/domain/session.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { reactivateAddress } from "#app/use-cases/reactivate-address.server.ts";
import { listSuppressions } from "#db/queries/suppressions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const blocked = await listSuppressions(context.db);
	return { locale, blocked, done: new URL(request.url).searchParams.has("reactivee") };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const address = String((await request.formData()).get("address") ?? "");
	await reactivateAddress(context.db, address, organizer.id, new Date());
	return redirect(`${paths.organizer.blocked()}?reactivee`, 303);
}

export default function OrganizerBlocked() {
	const { locale, blocked, done } = useLoaderData<typeof loader>();
	const { emails } = dictionary(locale).organizer;
	const words = emails.blocked;
	return (
		<OrganizerPage locale={locale} title={words.title} section="emails">
			{done && <DoneNotice>{words.done}</DoneNotice>}
			<p className="eyebrow">
				<a href={paths.organizer.emails()}>{emails.title}</a>
			</p>
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			{blocked.length > 0 ? (
				<table className="section">
					<caption>{words.title}</caption>
					<thead>
						<tr>
							<th scope="col">{words.address}</th>
							<th scope="col">{words.answer}</th>
							<th scope="col">{words.since}</th>
							<th scope="col">{words.action}</th>
						</tr>
					</thead>
					<tbody>
						{blocked.map(({ address, answer, emailId, createdAt }) => (
							<tr key={address}>
								<th scope="row">{address}</th>
								<td>{emailId ? <a href={paths.organizer.email(emailId)}>{answer}</a> : answer}</td>
								<td className="num nowrap">{formatStamp(createdAt, locale, homeZone)}</td>
								<td>
									<form method="post">
										<input type="hidden" name="address" value={address} />
										<button type="submit" className="link-button" aria-label={words.allowFor(address)}>
											{words.allow}
										</button>
									</form>
								</td>
							</tr>
						))}
					</tbody>
				</table>
			) : (
				<p className="empty">{words.none}</p>
			)}
		</OrganizerPage>
	);
}
