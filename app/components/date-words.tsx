import { Fragment } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { isFarOff } from "#app/domain/session.ts";
import { dateTile } from "#app/i18n/format.ts";

/** A date as a calendar page shows it: the day is the largest thing. The year is shown where it is not of this season. */
export function DateTile({ at, locale, zone, now }: { at: Date; locale: Locale; zone: string; now: Date }) {
	const { weekday, day, ordinal, month, year } = dateTile(at, locale, zone);
	return (
		<p className="day">
			<span>{weekday}</span>{" "}
			<b>
				{day}
				{ordinal && <sup>{ordinal}</sup>}
			</b>{" "}
			<span className="muted">{month}</span>
			{isFarOff(at, now) && <span className="muted"> {year}</span>}
		</p>
	);
}

/** A sentence with a French first of the month or a rank: « 1er » and « 4e » are set as ordinals. */
export function DateWords({ children }: { children: string }) {
	const parts = children.split(/(?<=\b1)(er)\b|(?<=\d)(e)\b/).filter((part) => part !== undefined);
	return (
		<>
			{parts.map((part, index) => (
				<Fragment key={`${index + 1} ${part}`}>{index % 2 ? <sup>{part}</sup> : part}</Fragment>
			))}
		</>
	);
}
