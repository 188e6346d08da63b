import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { browserName } from "#app/domain/organizer.ts";
import { homeZone } from "#app/domain/session.ts";
import { requireOrganizer, thisBrowser } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { formatStamp } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { endBrowsers } from "#app/use-cases/sign-in.server.ts";
import { listBrowsers } from "#db/queries/organizers.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { id, locale, role } = await requireOrganizer(request, context, "door");
	const here = thisBrowser(request, context);
	const browsers = await listBrowsers(context.db, id, new Date());
	return {
		reader: { locale, role },
		browsers: browsers.map((browser) => ({ ...browser, here: browser.tokenHash === here })),
		ended: new URL(request.url).searchParams.has("ended"),
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context, "door");
	const only = (await request.formData()).get("browser");
	const which = typeof only === "string" ? { only } : { allBut: thisBrowser(request, context) ?? "" };
	await endBrowsers(context.db, organizer.id, which, new Date());
	return redirect(`${paths.organizer.browsers()}?ended`, 303);
}

export default function OrganizerBrowsers() {
	const { reader, browsers, ended } = useLoaderData<typeof loader>();
	const { locale } = reader;
	const words = dictionary(locale).organizer.browsers;
	const stamp = (at: Date) => formatStamp(at, locale, homeZone);
	return (
		<SettingsPage reader={reader} tab="browsers" before={ended && <DoneNotice>{words.ended}</DoneNotice>}>
			<p className="section muted">{words.lede}</p>
			<table>
				<caption>{words.title}</caption>
				<thead>
					<tr>
						<th scope="col">{words.browser}</th>
						<th scope="col">{words.since}</th>
						<th scope="col">{words.seen}</th>
						<th scope="col">
							<span className="unseen">{words.actions}</span>
						</th>
					</tr>
				</thead>
				<tbody>
					{browsers.map(({ tokenHash, userAgent, createdAt, seenAt, here }) => (
						<tr key={tokenHash}>
							<th scope="row">{browserName(userAgent) || words.unknown}</th>
							<td className="num" data-label={words.since}>
								{stamp(createdAt)}
							</td>
							<td className="num" data-label={words.seen}>
								{stamp(seenAt)}
							</td>
							<td className="end">
								{here ? (
									<span className="tag ok">{words.here}</span>
								) : (
									<form method="post">
										<button
											type="submit"
											className="link-button"
											name="browser"
											value={tokenHash}
											aria-label={words.endOf(browserName(userAgent) || words.unknown)}
										>
											{words.end}
										</button>
									</form>
								)}
							</td>
						</tr>
					))}
				</tbody>
			</table>
			{browsers.length > 1 && (
				<>
					<form className="actions" method="post">
						<SubmitButton label={words.endOthers} plain />
					</form>
					<p className="section muted">{words.note}</p>
				</>
			)}
		</SettingsPage>
	);
}
