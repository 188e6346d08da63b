import type { Locale } from "#app/domain/locale.ts";
import { dateTile } from "#app/i18n/format.ts";

/** A date as a calendar page shows it: the day is the largest thing. */
export function DateTile({ at, locale, zone }: { at: Date; locale: Locale; zone: string }) {
	const { weekday, day, ordinal, month } = dateTile(at, locale, zone);
	return (
		<p className="day">
			<span>{weekday}</span>{" "}
			<b>
				{day}
				{ordinal && <sup>{ordinal}</sup>}
			</b>{" "}
			<span className="muted">{month}</span>
		</p>
	);
}

/** A sentence with a French first of the month: « 1er » is set as an ordinal. */
export function DateWords({ children }: { children: string }) {
	const parts = children.split(/(?<=\b1)er\b/);
	return (
		<>
			{parts.map((part, index) => (
				<span key={part}>
					{index > 0 && <sup>er</sup>}
					{part}
				</span>
			))}
		</>
	);
}
