import { Temporal } from "temporal-polyfill";

/** A change of the zone's clock: when, on the clock as it was before, and the offsets on either side. */
type Change = { at: Temporal.PlainDateTime; from: Temporal.ZonedDateTime; to: Temporal.ZonedDateTime };

const weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

/** A few zones and years, asked for again by every email. */
const written = new Map<string, string[]>();

/**
 * The VTIMEZONE of a zone (RFC 5545 §3.6.5), exact from the year before `firstYear` to the year after `lastYear`.
 * It is made from the zone's real changes. Those that follow a yearly rule are written as one, the only form that
 * Outlook reads ([MS-OXCICAL] §2.1.3.1.1.19); each other change stands alone.
 * Returns unfolded lines. Throws a RangeError for an unknown zone.
 */
export function vtimezone(zone: string, firstYear: number, lastYear: number): string[] {
	const key = `${zone} ${firstYear} ${lastYear}`;
	let lines = written.get(key);
	if (!lines) {
		const from = Temporal.PlainDate.from({ year: firstYear - 1, month: 1, day: 1 });
		const changes = changesOf(from.toZonedDateTime(zone), lastYear + 1);
		const observances =
			changes.length > 0
				? sameRule(changes).flatMap((group) => observancesOf(group, lastYear + 1))
				: fixedOffset(from.toZonedDateTime(zone));
		lines = ["BEGIN:VTIMEZONE", `TZID:${zone}`, ...observances, "END:VTIMEZONE"];
		written.set(key, lines);
	}
	return lines;
}

/** The change in force at `start`, however old, and every later one up to the end of `lastYear`. */
function changesOf(start: Temporal.ZonedDateTime, lastYear: number): Change[] {
	const changes: Change[] = [];
	let to = start.add({ seconds: 1 }).getTimeZoneTransition("previous") ?? start.getTimeZoneTransition("next");
	while (to && to.year <= lastYear) {
		const from = to.subtract({ nanoseconds: 1 });
		const at = to.withTimeZone("UTC").add({ nanoseconds: from.offsetNanoseconds }).toPlainDateTime();
		changes.push({ at, from, to });
		to = to.getTimeZoneTransition("next");
	}
	return changes;
}

/** Changes of the same offsets in the same month, on the same weekday, at the same time. */
function sameRule(changes: Change[]): Change[][] {
	const groups = new Map<string, Change[]>();
	for (const change of changes) {
		const { at, from, to } = change;
		const key = [from.offset, to.offset, at.month, at.dayOfWeek, at.toPlainTime()].join(" ");
		groups.set(key, [...(groups.get(key) ?? []), change]);
	}
	return [...groups.values()];
}

function observancesOf(group: Change[], lastYear: number): string[] {
	const rule = yearlyRule(group, lastYear);
	const onsets = rule ? group.slice(0, 1) : group;
	return onsets.flatMap(({ at, from, to }) => observance(at, from, to, rule));
}

/** The rule that gives exactly these changes, if they come once a year until the last year, on the same nth weekday. */
function yearlyRule(group: Change[], lastYear: number): string | null {
	const days = group.map((change) => change.at);
	const [first] = days;
	const everyYear =
		days.every((day, index) => day.year === first!.year + index) && days.at(-1)?.year === lastYear;
	if (!first || days.length < 2 || !everyYear) return null;
	const nths = new Set(days.map((day) => Math.ceil(day.day / 7)));
	const last = days.every((day) => day.day + 7 > day.daysInMonth);
	if (!last && nths.size > 1) return null;
	const nth = last ? -1 : Math.ceil(first.day / 7);
	return `RRULE:FREQ=YEARLY;BYMONTH=${first.month};BYDAY=${nth}${weekdays[first.dayOfWeek - 1]}`;
}

function fixedOffset(at: Temporal.ZonedDateTime): string[] {
	return observance(Temporal.PlainDateTime.from("1970-01-01T00:00"), at, at, null);
}

function observance(
	at: Temporal.PlainDateTime,
	from: Temporal.ZonedDateTime,
	to: Temporal.ZonedDateTime,
	rule: string | null,
): string[] {
	// The zone data does not say which season a change opens. The label is for display: readers go by the offsets.
	const season = to.offsetNanoseconds > from.offsetNanoseconds ? "DAYLIGHT" : "STANDARD";
	return [
		`BEGIN:${season}`,
		`DTSTART:${icsLocal(at)}`,
		...(rule ? [rule] : []),
		`TZOFFSETFROM:${from.offset.replaceAll(":", "")}`,
		`TZOFFSETTO:${to.offset.replaceAll(":", "")}`,
		`TZNAME:${abbreviation(to)}`,
		`END:${season}`,
	];
}

function icsLocal(at: Temporal.PlainDateTime): string {
	return at.toString({ smallestUnit: "second" }).replaceAll(/[-:]/g, "");
}

function abbreviation(at: Temporal.ZonedDateTime): string {
	const format = new Intl.DateTimeFormat("en-CA", { timeZone: at.timeZoneId, timeZoneName: "short" });
	const parts = format.formatToParts(at.epochMilliseconds);
	return parts.find((part) => part.type === "timeZoneName")?.value ?? at.offset;
}
