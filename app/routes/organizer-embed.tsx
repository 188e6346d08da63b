import type { HeadersFunction, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { CodeToCopy } from "#app/components/code-to-copy.tsx";
import { Select } from "#app/components/field.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { localeFrom, locales } from "#app/domain/locale.ts";
import { slugIn, textIn } from "#app/domain/workshop.ts";
import { embedSnippet } from "#app/exports/embed-snippet.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { embedColours, paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listPublishedWorkshops } from "#db/queries/workshops.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context);
	const { searchParams } = new URL(request.url);
	const [workshops, firm] = await Promise.all([listPublishedWorkshops(context.db), findFirm(context.db)]);
	const language = localeFrom(searchParams.get("langue")) ?? "fr";
	const workshop = workshops.find(({ slugFr }) => slugFr === searchParams.get("atelier"));
	const asked = searchParams.get("couleurs") ?? "claires";
	const colours = embedColours.find((one) => one === asked);
	const { publicUrl } = context.config;
	const slug = workshop && slugIn(workshop, language);
	const address = paths.embed(language, { workshop: slug, colours });
	const subject = workshop ? textIn(workshop, "title", language).text : dictionary(language).list.title;
	const title = `${subject} · ${firm.name}`;
	return {
		reader: { locale, role },
		workshops,
		chosen: { workshop: workshop?.slugFr, language, colours },
		frame: { address, title },
		snippet: embedSnippet({
			address: publicUrl + address,
			script: publicUrl + paths.embedScript(),
			title,
		}),
	};
}

/** What an organizer pastes in a page of another site to show the dates there, and how it will look. */
export default function OrganizerEmbed() {
	const { reader, workshops, chosen, frame, snippet } = useLoaderData<typeof loader>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.embed;
	return (
		<SettingsPage reader={reader} tab="integrations" inside={words.title}>
			<p className="prose">{words.lede}</p>
			<form className="filters" action={paths.organizer.embed()}>
				<Select
					name="atelier"
					label={words.workshop}
					value={chosen.workshop ?? ""}
					options={[
						{ value: "", label: words.all },
						...workshops.map((workshop) => ({
							value: workshop.slugFr,
							label: textIn(workshop, "title", locale).text,
						})),
					]}
				/>
				<Select
					name="langue"
					label={words.language}
					value={chosen.language}
					options={locales.map((one) => ({ value: one, label: t.languageName[one] }))}
				/>
				<Select
					name="couleurs"
					label={words.colours}
					value={chosen.colours ?? ""}
					options={[
						...embedColours.map((one) => ({ value: one as string, label: words.colour[one] })),
						{ value: "", label: words.colour.own },
					]}
				/>
				<button type="submit" className="button plain">
					{words.show}
				</button>
			</form>
			<div className="section medium">
				<CodeToCopy id="code" label={words.code} hint={words.codeHint} rows={5} text={snippet}>
					<button
						type="button"
						className="button plain"
						hidden
						data-copy={snippet}
						data-copied={words.copied}
					>
						{words.copy}
					</button>
					<span className="hint">{words.private}</span>
				</CodeToCopy>
			</div>
			<section className="stack section medium" aria-labelledby="preview">
				<h3 id="preview">{words.preview}</h3>
				<iframe className="embedded" src={frame.address} title={frame.title} />
				<script src={paths.embedScript()} async />
			</section>
		</SettingsPage>
	);
}
