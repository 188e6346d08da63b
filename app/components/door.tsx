import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";

/**
 * What /check-in.js works in. From any page of the door it sends the taps that wait on this phone, whatever the date, and
 * says what became of them: a meeting's door may close before its taps are heard.
 */
export function Door(props: {
	locale: Locale;
	/** The id of whoever reads. */
	by: string;
	/** Whom it shows: everybody expected, those of them who are found or come first, or nobody. */
	people: "whole" | "part" | "none";
	/** What is shown, so that a tap is shown again over the same. */
	view?: string;
	children?: ReactNode;
}) {
	const { locale, by, people, view, children } = props;
	const t = dictionary(locale);
	const words = t.organizer.checkIn;
	const counted = (say: (n: number) => string) => [say(1), say(2).replace("2", "#")].join("|");
	return (
		<div
			className="medium"
			data-door={people}
			data-by={by}
			data-view={view}
			data-note={words.note}
			data-present={t.attended({ came: 1, meetings: 1, partly: false })}
			data-taken-back={words.takenBack}
			data-say-came={counted(words.came)}
			data-found={counted(words.found)}
			data-unsent={words.unsent}
			data-unsent-count={counted(words.unsentCount)}
			data-say-gone={words.goneOf("#")}
			data-say-refused={words.refused("#")}
		>
			{children}
			<p className="unseen" role="status" data-said />
			<script type="module" src="/check-in.js" />
		</div>
	);
}

/** Where /check-in.js says what waits, and what the site would not note. */
export function WaitingTaps({ locale, gone = false }: { locale: Locale; gone?: boolean }) {
	const words = dictionary(locale).organizer.checkIn;
	return (
		<>
			<p className="tag warn" data-queue hidden />
			<p className="notice" role="alert" data-gone hidden={!gone}>
				{gone && words.gone}
			</p>
			<div className="notice refused" data-refused hidden>
				<p role="alert" />
				<button type="button" className="button plain small">
					{words.settled}
				</button>
			</div>
		</>
	);
}
