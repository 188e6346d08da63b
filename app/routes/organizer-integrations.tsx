import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { type Role, roleReaches } from "#app/domain/organizer.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context);
	return { reader: { locale, role } };
}

/** Where other sites and software are let in, each in its own way. */
export default function OrganizerIntegrations() {
	const { reader } = useLoaderData<typeof loader>();
	const { integrations: words, embed, apiTokens, webhooks } = dictionary(reader.locale).organizer;
	const ways: { title: string; href: string; what: string; least: Role }[] = [
		{ title: embed.title, href: paths.organizer.embed(), what: words.embed, least: "organizer" },
		{ title: apiTokens.title, href: paths.organizer.apiTokens(), what: words.apiTokens, least: "owner" },
		{ title: webhooks.title, href: paths.organizer.webhooks(), what: words.webhooks, least: "owner" },
	];
	return (
		<SettingsPage reader={reader} tab="integrations">
			<p className="section prose">{words.lede}</p>
			<dl className="stack section">
				{ways
					.filter(({ least }) => roleReaches(reader.role, least))
					.map(({ title, href, what }) => (
						<div key={href}>
							<dt>
								<a className="row-link" href={href}>
									{title}
								</a>
							</dt>
							<dd className="muted">{what}</dd>
						</div>
					))}
			</dl>
		</SettingsPage>
	);
}
