import { isDoorOpen } from "#app/domain/door.ts";
import type { Locale } from "#app/domain/locale.ts";
import { showReference } from "#app/domain/reference.ts";
import { isFarOff } from "#app/domain/session.ts";
import { orErased } from "#app/i18n/erased.ts";
import { formatDeadline, formatStamp, formatTime } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { ExpectedPerson } from "#db/queries/attendance.server.ts";
import { Door, WaitingTaps } from "./door.tsx";
import decoderUrl from "./qr-decoder.ts?worker&url";

type ListProps = {
	locale: Locale;
	session: { id: string; zone: string };
	meeting: { id: string; startsAt: Date; endsAt: Date };
	search: string;
};

/**
 * Who is expected at a meeting, a tap each. /check-in.js keeps the page where it is, and what it holds under `data-part` is
 * read again; without it every tap is a form, and leads back to the same search and person.
 */
export function CheckInList(
	props: ListProps & {
		counts: { came: number; expected: number };
		list: { people: ExpectedPerson[]; more: boolean };
		/** Where somebody is expected whose code was searched for, and who is not of this date. */
		elsewhere: { name: string; startsAt: Date; zone: string; title: string | null } | null;
		/** Whether the person of the last tap has no seat here any more. */
		gone: boolean;
		by: string;
		now: Date;
	},
) {
	const { locale, session, meeting, search, counts, list, elsewhere, gone, by, now } = props;
	const t = dictionary(locale);
	const words = t.organizer.checkIn;
	const here = paths.organizer.checkIn(session.id, { meeting: meeting.id });
	const isWhole = !search && !list.more;
	return (
		<Door locale={locale} by={by} people={isWhole ? "whole" : "part"} view={`${meeting.id} ${search}`}>
			<search className="door-bar">
				<p data-part="count">
					<b className="num" data-came={counts.came}>
						<span>{counts.came}</span> / {counts.expected}
					</b>{" "}
					<span className="muted">{words.came(counts.came)}</span>
				</p>
				<button type="button" className="button" data-scan hidden>
					{words.scan.open}
				</button>
				<WaitingTaps locale={locale} gone={gone} />
				<form action={paths.organizer.checkIn(session.id)}>
					<input type="hidden" name="rencontre" value={meeting.id} />
					<label className="unseen" htmlFor="q">
						{words.search}
					</label>
					<input
						type="search"
						id="q"
						name="q"
						defaultValue={search}
						spellCheck={false}
						autoComplete="off"
						enterKeyHint="search"
					/>
					<button type="submit" className="button plain">
						{t.organizer.attendees.searchGo}
					</button>
				</form>
			</search>
			<Scanner locale={locale} />
			<ul className="guests" data-part="people">
				{list.people.map((person) => (
					<Guest key={person.id} {...props} person={person} />
				))}
			</ul>
			<p className="empty" data-part="nobody" hidden={list.people.length > 0}>
				{elsewhere ? (
					<>
						<b data-elsewhere>{elsewhere.name}</b>{" "}
						<span>
							{[words.elsewhere(elsewhereAt(elsewhere, locale, now)), elsewhere.title]
								.filter(Boolean)
								.join(" · ")}
						</span>
					</>
				) : counts.expected === 0 ? (
					words.nobody
				) : (
					words.notFound
				)}{" "}
				{search && <a href={here}>{t.organizer.attendees.showAll}</a>}
			</p>
			{search && list.people.length > 0 && (
				<p className="section">
					<a href={here}>{t.organizer.attendees.showAll}</a>
				</p>
			)}
			{list.more && <p className="section muted">{words.more(list.people.length)}</p>}
		</Door>
	);
}

/** With its year, where a day without one would be taken for one of this season. */
function elsewhereAt(
	{ startsAt, zone }: { startsAt: Date; zone: string },
	locale: Locale,
	now: Date,
): string {
	const year = startsAt < now || isFarOff(startsAt, now);
	return formatDeadline(startsAt, locale, zone, { year });
}

/** The camera, for /check-in.js to open where there is one. What it reads is noted as a tap is. */
function Scanner({ locale }: { locale: Locale }) {
	const words = dictionary(locale).organizer.checkIn.scan;
	const { title, close, ...says } = words;
	return (
		<section
			className="scanner"
			aria-label={title}
			hidden
			data-scanner={JSON.stringify({ ...says, decoder: decoderUrl })}
		>
			<div aria-hidden="true">
				<video muted playsInline />
			</div>
			<p data-scanned>{words.hint}</p>
			<button type="button" className="button plain small">
				{close}
			</button>
		</section>
	);
}

/** One person: the whole row is the button, and says in words what is recorded. */
function Guest(props: ListProps & { person: ExpectedPerson }) {
	const { locale, session, meeting, search, person } = props;
	const words = dictionary(locale).organizer.checkIn;
	const { id, name, organization, reference, position, status } = person;
	const isThere = status === "present" || status === "partial";
	return (
		<li>
			<form method="post" action={paths.organizer.checkIn(session.id)}>
				<input type="hidden" name="person" value={id} />
				<input type="hidden" name="meeting" value={meeting.id} />
				{search && <input type="hidden" name="q" value={search} />}
				<button
					type="submit"
					id={`p-${id}`}
					className="guest"
					data-code={person.code}
					data-since={person.recordedAt?.toISOString()}
					name="seen"
					value={isThere ? "none" : "present"}
					aria-pressed={isThere}
				>
					<span>
						<b>{orErased(name, locale)}</b>
						<span className="under">
							{[organization, `${showReference(reference)}-${position}`].filter(Boolean).join(" · ")}
						</span>
					</span>{" "}
					<span className={tagOf(status)}>{status ? seenWords(props) : words.note}</span>
				</button>
			</form>
		</li>
	);
}

function tagOf(status: ExpectedPerson["status"]): string {
	if (status === null) return "tag quiet";
	return status === "absent" ? "tag bad" : "tag ok";
}

/** « Présente, 9 h 12 »; with its day where it was recorded on another one. */
function seenWords({ locale, session, meeting, person }: ListProps & { person: ExpectedPerson }): string {
	const { status, recordedAt } = person;
	const word = dictionary(locale).attended({
		came: status === "absent" ? 0 : 1,
		meetings: 1,
		partly: status === "partial",
	});
	if (!recordedAt) return word;
	const format = isDoorOpen(meeting, recordedAt) ? formatTime : formatStamp;
	return `${word}, ${format(recordedAt, locale, session.zone)}`;
}
