import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { brokenFields, editableKinds, emailTextKey } from "#app/domain/email-texts.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { emailTexts } = await findFirm(context.db);
	const texts = editableKinds.flatMap((kind) =>
		(["fr", "en"] as const).map((lang) => {
			const text = emailTexts[emailTextKey(kind, lang)];
			const state = text ? (brokenFields(kind, text).length > 0 ? "broken" : "changed") : "own";
			return { kind, lang, state } as const;
		}),
	);
	return { locale, texts };
}

const tones = { own: "tag quiet", changed: "tag", broken: "tag bad" };

export default function OrganizerEmailTexts() {
	const { locale, texts } = useLoaderData<typeof loader>();
	const { emails, emailTexts: words } = dictionary(locale).organizer;
	return (
		<OrganizerPage locale={locale} title={words.title} section="emails">
			<p className="eyebrow">
				<a href={paths.organizer.emails()}>{emails.title}</a>
			</p>
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<table className="section">
				<caption>{words.title}</caption>
				<thead>
					<tr>
						<th scope="col">{words.email}</th>
						<th scope="col">{words.language}</th>
						<th scope="col">{words.state}</th>
					</tr>
				</thead>
				<tbody>
					{texts.map(({ kind, lang, state }) => (
						<tr key={emailTextKey(kind, lang)}>
							<th scope="row">
								<a className="row-link" href={paths.organizer.emailText(kind, lang)}>
									{words.kinds[kind]}
								</a>
							</th>
							<td>{words.languages[lang]}</td>
							<td>
								<span className={tones[state]}>{words.states[state]}</span>
							</td>
						</tr>
					))}
				</tbody>
			</table>
		</OrganizerPage>
	);
}
