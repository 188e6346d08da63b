import { Temporal } from "temporal-polyfill";

/** What a wall time names: one instant; none, when clocks jump over it; or two, when they are set back. */
type ZonedInstant =
	| { ok: true; instant: Date }
	| { ok: false; reason: "gap" }
	| { ok: false; reason: "overlap"; earlier: Date; later: Date };

/**
 * The instant of a wall time in an IANA zone. `choice` settles a time that comes twice.
 * Throws a RangeError for a date, a time or a zone that does not exist: forms check those first.
 */
export function zonedInstant(
	localDate: string,
	localTime: string,
	zone: string,
	choice?: "earlier" | "later",
): ZonedInstant {
	const wall = Temporal.PlainDate.from(localDate).toPlainDateTime(Temporal.PlainTime.from(localTime));
	const earlier = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
	const later = wall.toZonedDateTime(zone, { disambiguation: "later" });
	// In a gap both answers are moved to a time that exists, so neither shows the wall time asked for.
	if (!earlier.toPlainDateTime().equals(wall)) return { ok: false, reason: "gap" };
	const instants = { earlier: instantOf(earlier), later: instantOf(later) };
	if (instants.earlier.getTime() === instants.later.getTime()) return { ok: true, instant: instants.earlier };
	return choice ? { ok: true, instant: instants[choice] } : { ok: false, reason: "overlap", ...instants };
}

/** The date on the zone's calendar at an instant: `2026-12-01`. */
export function localDateOf(instant: Date, zone: string): string {
	return zoned(instant, zone).toPlainDate().toString();
}

/** The time on the zone's clock at an instant: `09:30`, as `<input type="time">` takes it. */
export function localTimeOf(instant: Date, zone: string): string {
	return zoned(instant, zone).toPlainTime().toString({ smallestUnit: "minute", roundingMode: "trunc" });
}

/** The day of an instant on the zone's calendar: from its first moment until that of the next. */
export function dayOf(instant: Date, zone: string): { from: Date; until: Date } {
	const start = zoned(instant, zone).startOfDay();
	return { from: instantOf(start), until: instantOf(start.add({ days: 1 })) };
}

/** The first moment of a date of the calendar, `2026-12-01`, in a zone. */
export function startOfDate(localDate: string, zone: string): Date {
	return instantOf(Temporal.PlainDate.from(localDate).toZonedDateTime(zone));
}

/** The first moment of the day that stands so many months earlier on the zone's calendar, or of its month's last. */
export function monthsBefore(instant: Date, months: number, zone: string): Date {
	return instantOf(zoned(instant, zone).startOfDay().subtract({ months }));
}

/** A date of the calendar some days later, or earlier: `2026-12-31` and 1 → `2027-01-01`. */
export function addDays(localDate: string, days: number): string {
	return Temporal.PlainDate.from(localDate).add({ days }).toString();
}

/** Whether the calendar has this date, written `2026-12-01`: 30 February does not pass. */
export function isLocalDate(text: string): boolean {
	return /^\d{4}-\d{2}-\d{2}$/.test(text) && parses(() => Temporal.PlainDate.from(text));
}

/** Whether a clock can show this time, written `09:30`. */
export function isLocalTime(text: string): boolean {
	return /^([01]\d|2[0-3]):[0-5]\d$/.test(text);
}

function zoned(instant: Date, zone: string): Temporal.ZonedDateTime {
	return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone);
}

function instantOf(time: Temporal.ZonedDateTime): Date {
	return new Date(time.epochMilliseconds);
}

function parses(read: () => unknown): boolean {
	try {
		read();
		return true;
	} catch {
		return false;
	}
}
