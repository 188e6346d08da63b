import type { ReactNode } from "react";
import type { FirmFact } from "#app/domain/firm.ts";
import type { Locale } from "#app/domain/locale.ts";
import { textIn } from "#app/domain/workshop.ts";
import { capitalize, formatDay, formatList, formatTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { ToDo } from "#db/queries/dashboard.server.ts";
import type { TroubledWebhook } from "#db/queries/webhooks.server.ts";
import { DateWords } from "./date-words.tsx";

type Line = { key: string; href: string; what: string; about: ReactNode };

/** What waits for an organizer's hand, each line with the page where it is done. Nothing when nothing waits. */
export function ToDoList({
	locale,
	toDo,
	failedEmails,
	missing,
	webhooks,
}: {
	locale: Locale;
	toDo: ToDo;
	failedEmails: number;
	/** What the settings do not say yet. */
	missing: FirmFact[];
	/** Those that do not receive all that they are told; owners alone can do something about it. */
	webhooks: TroubledWebhook[];
}) {
	const { sessions, dashboard: words, webhooks: webhookWords } = dictionary(locale).organizer;
	const about = (session: ToDo["drafts"][number]) => (
		<>
			<DateWords>
				{capitalize(formatDay(session.startsAt, locale, session.zone, { year: false }), locale)}
			</DateWords>
			{" · "}
			{textIn(session, "title", locale).text}
		</>
	);
	const lines: Line[] = [
		...(failedEmails > 0
			? [
					{
						key: "emails",
						href: `${paths.organizer.emails()}?etat=dead`,
						what: sessions.failedEmails(failedEmails),
						about: null,
					},
				]
			: []),
		...(missing.length > 0
			? [
					{
						key: "settings",
						href: paths.organizer.settings(),
						what: words.missing(
							formatList(
								missing.map((fact) => words.facts[fact]),
								locale,
							),
						),
						about: words.missingWhy,
					},
				]
			: []),
		...webhooks.map(({ id, name, trouble, lost }) => ({
			key: `webhook ${id}`,
			href: paths.organizer.webhook(id),
			what: webhookWords.toDo[trouble](name, lost),
			about: null,
		})),
		...toDo.offers.map((session) => ({
			key: `offer ${session.id}`,
			href: paths.organizer.session(session.id),
			what: words.offers(session.offers, formatTime(session.expiresAt, locale, session.zone)),
			about: about(session),
		})),
		...toDo.drafts.map((session) => ({
			key: `draft ${session.id}`,
			href: paths.organizer.editSession(session.id),
			what: words.draft,
			about: about(session),
		})),
		...toDo.withoutLink.map((session) => ({
			key: `link ${session.id}`,
			href: paths.organizer.editSession(session.id),
			what: words.noLink,
			about: about(session),
		})),
		...toDo.underMinimum.map((session) => ({
			key: `minimum ${session.id}`,
			href: paths.organizer.session(session.id),
			what: words.underMinimum(session.minimum - session.seatsTaken),
			about: about(session),
		})),
		...toDo.uncertified.map((session) => ({
			key: `attestations ${session.id}`,
			href: paths.organizer.attestations(session.id),
			what: words.uncertified,
			about: about(session),
		})),
	];
	if (lines.length === 0) return null;
	return (
		<section>
			<h2>{sessions.toDo}</h2>
			<ul className="lines">
				{lines.map(({ key, href, what, about }) => (
					<li key={key}>
						<a className="row-link" href={href}>
							{what}
						</a>
						{about && <span className="under">{about}</span>}
					</li>
				))}
			</ul>
		</section>
	);
}
