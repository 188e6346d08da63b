import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { brokenFields, editableKinds, emailTextKey } from "#app/domain/email-texts.ts";
import { locales } from "#app/domain/locale.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { emailTexts } = await findFirm(context.db);
	const texts = editableKinds.map((kind) => ({
		kind,
		versions: locales.map((lang) => {
			const text = emailTexts[emailTextKey(kind, lang)];
			const state = text ? (brokenFields(kind, text).length > 0 ? "broken" : "changed") : "own";
			return { lang, state } as const;
		}),
	}));
	return { locale, texts };
}

const tones = { changed: "tag", broken: "tag bad" };

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
						{locales.map((lang) => (
							<th key={lang} scope="col">
								{words.languages[lang]}
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{texts.map(({ kind, versions }) => (
						<tr key={kind}>
							<th scope="row">{words.kinds[kind]}</th>
							{versions.map(({ lang, state }) => (
								<td key={lang}>
									<a
										href={paths.organizer.emailText(kind, lang)}
										aria-label={`${words.kinds[kind]}, ${words.languages[lang]}`}
									>
										{words.languages[lang]}
									</a>{" "}
									{state !== "own" && <span className={tones[state]}>{words.states[state]}</span>}
								</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</OrganizerPage>
	);
}
