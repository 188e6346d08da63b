import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { InLanguage } from "#app/components/in-language.tsx";
import { InterestForm } from "#app/components/interest-form.tsx";
import { Page } from "#app/components/page.tsx";
import { SessionCard, SessionTitle } from "#app/components/session-card.tsx";
import { SocialHead } from "#app/components/social-head.tsx";
import { localeFrom, otherLocale } from "#app/domain/locale.ts";
import { textIn } from "#app/domain/workshop.ts";
import { pageParam } from "#app/http/params.ts";
import { formatMonth } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listFilterChoices, listUpcomingSessions } from "#db/queries/sessions.server.ts";

const filtersFrom = 8;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { pathname, searchParams } = new URL(request.url);
	const now = new Date();
	const chosen = {
		workshop: searchParams.get("atelier") || undefined,
		words: searchParams.get("mots")?.trim() || undefined,
		month: searchParams.get("mois") || undefined,
		language: localeFrom(searchParams.get("langue")),
	};
	const page = pageParam(searchParams);
	// All at once, even for a short list that shows no filters: the page is kept for everyone, and a long one waits for one thing less.
	const [{ sessions, more }, choices, { taglineFr, taglineEn }] = await Promise.all([
		listUpcomingSessions(context.db, now, chosen, page),
		listFilterChoices(context.db, now, chosen.workshop),
		findFirm(context.db),
	]);
	// The season goes on while a link stays: past its last page stands the first, and not that nothing is planned.
	if (sessions.length === 0 && page > 1) {
		searchParams.delete("page");
		throw redirect(`${pathname}?${searchParams}`);
	}
	const filtered = Object.values(chosen).some(Boolean);
	const long = filtered || more || page > 1 || sessions.length > filtersFrom;
	return {
		locale: localeOfPath(pathname),
		now,
		sessions,
		more,
		page,
		chosen,
		filtered,
		choices: long ? choices : null,
		taglineFr,
		taglineEn,
	};
}

export default function List() {
	const { locale, now, sessions, taglineFr, taglineEn, filtered, ...data } = useLoaderData<typeof loader>();
	const t = dictionary(locale);
	const tagline = locale === "en" && taglineEn ? taglineEn : taglineFr;
	const head = (
		<>
			<SocialHead
				locale={locale}
				title={t.list.title}
				description={tagline || t.list.title}
				fr={paths.list("fr")}
				en={paths.list("en")}
				image={sessions[0] && paths.sessionImage(locale, sessions[0].id)}
			/>
			<link rel="alternate" type="application/atom+xml" title={t.list.atom} href={paths.atom(locale)} />
			<link rel="alternate" type="text/calendar" title={t.list.subscribe} href={paths.feed(locale)} />
		</>
	);
	return (
		<Page locale={locale} title={t.list.title} alternate={paths.list(otherLocale(locale))} head={head}>
			<h1>{t.list.title}</h1>
			{tagline && (
				<p className="lede">
					<InLanguage text={tagline} lang={locale === "en" && !taglineEn ? "fr" : locale} locale={locale} />
				</p>
			)}
			{data.choices && <Filters locale={locale} choices={data.choices} chosen={data.chosen} />}
			{sessions.length > 0 ? (
				<>
					<ol className="season">
						{sessions.map((session) => (
							<SessionCard
								key={session.id}
								session={session}
								locale={locale}
								now={now}
								heading={<SessionTitle session={session} locale={locale} />}
							/>
						))}
					</ol>
					<Pages locale={locale} page={data.page} more={data.more} chosen={data.chosen} />
					<p className="feeds">
						<a href={paths.interest(locale)}>{t.interest.title}</a>
						<a href={paths.feed(locale)}>{t.list.subscribe}</a>
						<a href={paths.atom(locale)}>{t.list.atom}</a>
					</p>
				</>
			) : filtered ? (
				<>
					<p className="section">
						{t.list.noMatch} <a href={paths.list(locale)}>{t.list.clear}</a>
					</p>
					<p className="feeds">
						<a href={paths.interest(locale)}>{t.interest.title}</a>
					</p>
				</>
			) : (
				<section className="section">
					<h2>{t.list.empty}</h2>
					<p>{t.list.emptyHint}</p>
					<InterestForm locale={locale} values={{}} sentence={() => undefined} />
				</section>
			)}
		</Page>
	);
}

type Chosen = { workshop?: string; words?: string; month?: string; language?: "fr" | "en" };

function Filters(props: {
	locale: "fr" | "en";
	chosen: Chosen;
	choices: Awaited<ReturnType<typeof listFilterChoices>>;
}) {
	const { locale, chosen, choices } = props;
	const t = dictionary(locale);
	// Words that came in a link are shown, also where there are few enough workshops to choose from.
	const byWords = choices.byWords || chosen.words !== undefined;
	const workshops = choices.workshops
		.map((workshop) => ({ slug: workshop.slugFr, title: textIn(workshop, "title", locale).text }))
		.toSorted((one, other) => one.title.localeCompare(other.title, locale));
	return (
		<form className="filters" action={paths.list(locale)}>
			<div className="field">
				<label htmlFor={byWords ? "mots" : "atelier"}>{t.list.filterWorkshop}</label>
				{byWords ? (
					<input type="search" id="mots" name="mots" defaultValue={chosen.words} maxLength={200} />
				) : (
					<select id="atelier" name="atelier" defaultValue={chosen.workshop ?? ""}>
						<option value="">{t.list.all}</option>
						{workshops.map(({ slug, title }) => (
							<option key={slug} value={slug}>
								{title}
							</option>
						))}
					</select>
				)}
			</div>
			<div className="field">
				<label htmlFor="mois">{t.list.filterMonth}</label>
				<select id="mois" name="mois" defaultValue={chosen.month ?? ""}>
					<option value="">{t.list.all}</option>
					{choices.months.map((month) => (
						<option key={month} value={month}>
							{formatMonth(month, locale)}
						</option>
					))}
				</select>
			</div>
			<div className="field">
				<label htmlFor="langue">{t.list.filterLanguage}</label>
				<select id="langue" name="langue" defaultValue={chosen.language ?? ""}>
					<option value="">{t.list.allLanguages}</option>
					{choices.languages.map((language) => (
						<option key={language} value={language}>
							{t.taughtIn[language]}
						</option>
					))}
				</select>
			</div>
			<button type="submit" className="button plain">
				{t.list.filter}
			</button>
		</form>
	);
}

function Pages(props: { locale: "fr" | "en"; page: number; more: boolean; chosen: Chosen }) {
	const { locale, page, more, chosen } = props;
	const t = dictionary(locale);
	if (page === 1 && !more) return null;
	const address = (target: number) => {
		const search = new URLSearchParams({
			...(chosen.workshop && { atelier: chosen.workshop }),
			...(chosen.words && { mots: chosen.words }),
			...(chosen.month && { mois: chosen.month }),
			...(chosen.language && { langue: chosen.language }),
			page: String(target),
		});
		return `${paths.list(locale)}?${search}`;
	};
	return (
		<p className="feeds">
			{page > 1 && <a href={address(page - 1)}>{t.list.previous}</a>}
			{more && <a href={address(page + 1)}>{t.list.next}</a>}
		</p>
	);
}
