import { textIn } from "#app/domain/workshop.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { Digest } from "#db/queries/digest.server.ts";
import type { Firm, Organizer } from "#db/schema.ts";
import { Button, Entries, Paragraph, Subheading, TextLink } from "../kit.tsx";
import type { Message } from "../message.ts";
import { organizerEmail } from "./organizer-email.tsx";

/** What makes two of them the same one: one each Friday. */
export function digestKey(day: string, organizerId: string): string {
	return `digest:${day}:${organizerId}`;
}

/** An organizer's Friday: what came in, the dates to come with how they fill, and what waits for a hand. */
export function weeklyDigest(
	firm: Firm,
	organizer: Organizer,
	digest: Digest,
	/** `2026-11-27`. */
	day: string,
	publicUrl: string,
): Message {
	const { locale } = organizer;
	const t = dictionary(locale);
	const words = t.email.digest;
	const { week, dates, others, failed } = digest;
	const intro = `${words.intro(week.registered, week.cancelled, digest.waiting)}.`;
	const rows = dates.map((date) => ({
		id: date.id,
		heading: capitalize(formatDay(date.startsAt, locale, date.zone, { year: false }), locale),
		title: `${textIn(date, "title", locale).text} · ${date.online ? t.online : date.place}`,
		facts: [
			words.fill(date.seatsTaken, date.capacity),
			date.newThisWeek && words.week(date.newThisWeek),
			date.seatsWaiting > 0 && words.waiting(date.seatsWaiting),
			date.missing > 0 && words.missing(date.missing),
		]
			.filter(Boolean)
			.join(" · "),
		url: publicUrl + paths.organizer.session(date.id),
	}));
	const failures = failed > 0 && {
		label: t.organizer.sessions.failedEmails(failed),
		url: `${publicUrl}${paths.organizer.emails()}`,
	};
	const more = others > 0 && words.others(others);
	const home = publicUrl + paths.organizer.home();
	return organizerEmail(firm, organizer, {
		kind: "digest",
		dedupeKey: digestKey(day, organizer.id),
		subject: words.subject(week.registered, dates.length + others),
		heading: words.heading,
		intro,
		node: (
			<>
				{failures && (
					<Paragraph>
						<TextLink href={failures.url}>{failures.label}</TextLink>
					</Paragraph>
				)}
				<Subheading>{words.coming}</Subheading>
				{rows.length === 0 && <Paragraph>{words.none}</Paragraph>}
				<Entries lines={rows} />
				{more && <Paragraph quiet>{more}</Paragraph>}
				<Button href={home}>{words.open}</Button>
			</>
		),
		lines: [
			...(failures ? [failures.label, failures.url, null] : []),
			words.coming,
			null,
			...(rows.length === 0 ? [words.none, null] : []),
			...rows.flatMap(({ heading, title, facts, url }) => [heading, title, facts, url, null]),
			more,
			null,
			words.open,
			home,
		],
		why: words.why(firm.name),
		link: { label: t.email.ownMail, url: publicUrl + paths.organizer.own() },
	});
}
