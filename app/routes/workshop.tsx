import { type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { DateWords } from "#app/components/date-words.tsx";
import { useSite } from "#app/components/document.tsx";
import { InLanguage } from "#app/components/in-language.tsx";
import { Page } from "#app/components/page.tsx";
import { hoursOf, SessionCard } from "#app/components/session-card.tsx";
import { SocialHead } from "#app/components/social-head.tsx";
import { MarkdownText } from "#app/components/workshop-text.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { sessionStatus, takesSignUps } from "#app/domain/session.ts";
import { linesOf, slugIn, textIn, type WorkshopText } from "#app/domain/workshop.ts";
import { eventData } from "#app/exports/json-ld.ts";
import { mapUrl } from "#app/exports/links.ts";
import { markdownToHtml } from "#app/exports/markdown.server.ts";
import { notFound } from "#app/http/responses.ts";
import { formatAddress, formatDay, formatDeadline } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listWorkshopSessions, type WorkshopSession } from "#db/queries/sessions.server.ts";
import { findPublishedWorkshop } from "#db/queries/workshops.server.ts";

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const locale = localeOfPath(url.pathname);
	const workshop = await findPublishedWorkshop(context.db, locale, params.slug ?? "");
	if (!workshop) throw notFound();
	const slug = slugIn(workshop, locale);
	if (slug !== params.slug) throw redirect(paths.workshop(locale, slug) + url.search, 301);

	const now = new Date();
	const [sessions, firm] = await Promise.all([
		listWorkshopSessions(context.db, workshop.id, now),
		findFirm(context.db),
	]);
	const description = textIn(workshop, "description", locale);
	return {
		locale,
		now,
		workshop,
		sessions,
		chosen: sessions.find(({ id }) => id === url.searchParams.get("date")),
		description: { ...description, html: markdownToHtml(description.text) },
		contactEmail: firm.email,
		firmName: firm.name,
		publicUrl: context.config.publicUrl,
	};
}

export default function Workshop() {
	const data = useLoaderData<typeof loader>();
	const site = useSite();
	const { locale, now, workshop, sessions, chosen, description, contactEmail } = data;
	const t = dictionary(locale);
	const title = textIn(workshop, "title", locale);
	const summary = textIn(workshop, "summary", locale);
	const slug = slugIn(workshop, locale);
	const open = sessions.filter((session) => takesSignUps(session, now));
	// The date that the link named, else the first that has a seat.
	const first =
		open.find(({ id }) => id === chosen?.id) ??
		open.find((session) => sessionStatus(session, now) !== "full") ??
		open[0];
	const shared = chosen ?? sessions[0];
	const other = otherLocale(locale);
	const otherSlug = slugIn(workshop, other);
	return (
		<Page
			locale={locale}
			title={title.text}
			alternate={paths.workshop(other, otherSlug, chosen?.id)}
			head={
				<SocialHead
					locale={locale}
					title={
						chosen
							? `${title.text}, ${formatDay(chosen.startsAt, locale, chosen.zone, { year: false })}`
							: title.text
					}
					description={summary.text || title.text}
					fr={paths.workshop("fr", workshop.slugFr)}
					en={paths.workshop("en", workshop.slugEn)}
					shared={paths.workshop(locale, slug, chosen?.id)}
					image={shared && paths.sessionImage(locale, shared.id)}
					data={structuredData(data)}
				/>
			}
		>
			<p className="back">
				<a href={paths.list(locale)}>{t.workshop.back}</a>
			</p>
			<h1>
				<InLanguage {...title} locale={locale} />
			</h1>
			{summary.text && (
				<p className="lede">
					<InLanguage {...summary} locale={locale} />
				</p>
			)}
			{title.lang !== locale && <p className="section muted">{t.workshop.onlyFrench}</p>}
			<section aria-labelledby="dates">
				<h2 id="dates" className="section">
					{t.workshop.dates}
				</h2>
				{sessions.length === 0 && <p className="empty">{t.workshop.noDates}</p>}
				<ol className="season close">
					{sessions.map((session) => (
						<SessionCard
							key={session.id}
							session={session}
							locale={locale}
							now={now}
							heading={
								<h3>
									<DateWords>{hoursOf(session, locale, site.zone)}</DateWords>
								</h3>
							}
							where={
								<>
									<Where session={session} locale={locale} />
									{session.cancelUntil && takesSignUps(session, now) && (
										<span className="under">
											{now < session.cancelUntil ? (
												<DateWords>
													{t.workshop.cancelUntil(formatDeadline(session.cancelUntil, locale, session.zone))}
												</DateWords>
											) : (
												t.workshop.cancelNoMore
											)}
										</span>
									)}
								</>
							}
							action={
								takesSignUps(session, now) && (
									<a className="button plain small" href={paths.register(locale, slug, session.id)}>
										{sessionStatus(session, now) === "full" ? t.workshop.joinWaitlist : t.workshop.register}
										<span className="unseen">
											, {formatDay(session.startsAt, locale, session.zone, { year: false })}
										</span>
									</a>
								)
							}
						/>
					))}
				</ol>
				<p className="feeds">
					{sessions.length > 0 && <span className="muted">{t.interest.noneSuits}</span>}
					<a href={paths.interest(locale)}>{t.interest.title}</a>
				</p>
			</section>
			{description.text && (
				<section className="section">
					<MarkdownText {...description} locale={locale} />
				</section>
			)}
			<Lines name="outcomes" heading={t.workshop.outcomes} />
			<Lines name="audience" heading={t.workshop.audience} />
			<Lines name="bring" heading={t.workshop.bring} />
			<Lines name="accessibility" heading={t.workshop.accessibility} />
			{workshop.trainer && (
				<section className="section">
					<h2>{t.workshop.trainer}</h2>
					<p>{workshop.trainer}</p>
				</section>
			)}
			{contactEmail && (
				<section className="section">
					<h2>{t.workshop.contact}</h2>
					<p>
						<a className="row-link" href={`mailto:${contactEmail}`}>
							{t.workshop.contactHint(contactEmail)}
						</a>
					</p>
				</section>
			)}
			{first && (
				<p className="sticky">
					<a className="button" href={paths.register(locale, slug, first.id)}>
						{sessionStatus(first, now) === "full" ? t.workshop.joinWaitlist : t.workshop.register}
					</a>
				</p>
			)}
		</Page>
	);
}

function Where({ session, locale }: { session: WorkshopSession; locale: "fr" | "en" }) {
	const t = dictionary(locale);
	if (session.online) {
		const { joinLater, joinMuchLater } = t.workshop;
		return <>{`${t.online} · ${session.hasLink ? joinLater : joinMuchLater}`}</>;
	}
	if (!session.address) return <>{session.place}</>;
	return (
		<>
			{formatAddress(session.address)} · <a href={mapUrl(session.address)}>{t.workshop.map}</a>
		</>
	);
}

/** One of the workshop's texts: a list where it has several lines, a paragraph where it has one. */
function Lines({ name, heading }: { name: WorkshopText; heading: string }) {
	const { locale, workshop } = useLoaderData<typeof loader>();
	const { text, lang } = textIn(workshop, name, locale);
	const [first, ...others] = linesOf(text);
	if (!first) return null;
	const language = lang === locale ? undefined : lang;
	return (
		<section className="section">
			<h2>{heading}</h2>
			<div className="prose" lang={language}>
				{others.length === 0 ? (
					<p>{first}</p>
				) : (
					<ul>
						{[first, ...others].map((line) => (
							<li key={line}>{line}</li>
						))}
					</ul>
				)}
			</div>
		</section>
	);
}

function structuredData(data: ReturnType<typeof useLoaderData<typeof loader>>): object[] {
	const { locale, now, workshop, sessions, publicUrl, firmName } = data;
	const slug = slugIn(workshop, locale);
	return sessions.map((session) =>
		eventData({
			...session,
			title: textIn(workshop, "title", locale).text,
			description: textIn(workshop, "summary", locale).text,
			url: publicUrl + paths.workshop(locale, slug, session.id),
			registerUrl: publicUrl + paths.register(locale, slug, session.id),
			image: publicUrl + paths.sessionImage(locale, session.id),
			cancelled: session.cancelledAt !== null,
			full: sessionStatus(session, now) === "full",
			firm: firmName,
			firmUrl: publicUrl + paths.list(locale),
		}),
	);
}
