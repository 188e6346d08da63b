import { expect, test } from "vitest";
import {
	addDays,
	dayOf,
	isLocalDate,
	isLocalTime,
	localDateOf,
	localTimeOf,
	monthsBefore,
	zonedInstant,
} from "#app/domain/time.server.ts";

const toronto = "America/Toronto";

test("a wall time is the instant its zone's clock shows it", () => {
	const winter = zonedInstant("2026-12-01", "09:30", toronto);
	const summer = zonedInstant("2026-07-01", "09:30", toronto);
	expect(winter).toEqual({ ok: true, instant: new Date("2026-12-01T14:30:00Z") });
	expect(summer).toEqual({ ok: true, instant: new Date("2026-07-01T13:30:00Z") });
});

test("an hour that the clocks jump over is refused, to the minute", () => {
	expect(zonedInstant("2026-03-08", "02:00", toronto)).toEqual({ ok: false, reason: "gap" });
	expect(zonedInstant("2026-03-08", "02:59", toronto)).toEqual({ ok: false, reason: "gap" });
	expect(zonedInstant("2026-03-08", "02:30", toronto, "later")).toEqual({ ok: false, reason: "gap" });
	expect(zonedInstant("2026-03-08", "01:59", toronto)).toEqual({
		ok: true,
		instant: new Date("2026-03-08T06:59Z"),
	});
	expect(zonedInstant("2026-03-08", "03:00", toronto)).toEqual({
		ok: true,
		instant: new Date("2026-03-08T07:00Z"),
	});
});

test("an hour that comes twice is asked, and a choice settles it", () => {
	const earlier = new Date("2026-11-01T05:30:00Z");
	const later = new Date("2026-11-01T06:30:00Z");
	expect(zonedInstant("2026-11-01", "01:30", toronto)).toEqual({
		ok: false,
		reason: "overlap",
		earlier,
		later,
	});
	expect(zonedInstant("2026-11-01", "01:30", toronto, "earlier")).toEqual({ ok: true, instant: earlier });
	expect(zonedInstant("2026-11-01", "01:30", toronto, "later")).toEqual({ ok: true, instant: later });
	expect(zonedInstant("2026-11-01", "02:00", toronto, "earlier")).toEqual({
		ok: true,
		instant: new Date("2026-11-01T07:00:00Z"),
	});
});

test("an instant gives back the date and the time of its zone", () => {
	const newYear = new Date("2027-01-01T03:05:59.999Z");
	expect([localDateOf(newYear, toronto), localTimeOf(newYear, toronto)]).toEqual(["2026-12-31", "22:05"]);
	expect([localDateOf(newYear, "Asia/Tokyo"), localTimeOf(newYear, "Asia/Tokyo")]).toEqual([
		"2027-01-01",
		"12:05",
	]);
});

test("a date, a time or a zone that does not exist is told apart before it is used", () => {
	expect(
		["2028-02-29", "2026-02-29", "2026-13-01", "1er décembre", "2026-12-01T00:00"].map(isLocalDate),
	).toEqual([true, false, false, false, false]);
	expect(["00:00", "23:59", "24:00", "9:30", "09:60"].map(isLocalTime)).toEqual([
		true,
		true,
		false,
		false,
		false,
	]);
	expect(() => zonedInstant("2026-02-30", "09:30", toronto)).toThrow(RangeError);
});

test("a day lasts as long as its zone's clock says", () => {
	const ordinary = dayOf(new Date("2026-12-02T03:00:00Z"), toronto);
	expect(ordinary).toEqual({
		from: new Date("2026-12-01T05:00:00Z"),
		until: new Date("2026-12-02T05:00:00Z"),
	});
	const spring = dayOf(new Date("2027-03-14T15:00:00Z"), toronto);
	expect(spring.until.getTime() - spring.from.getTime()).toBe(23 * 3600 * 1000);
});

test("the day after the last of the year is the first of the next", () => {
	expect([addDays("2026-12-31", 1), addDays("2028-02-28", 1)]).toEqual(["2027-01-01", "2028-02-29"]);
});

test("months before are those of the calendar, from the first moment of a day", () => {
	const before = (instant: string, months: number) =>
		monthsBefore(new Date(instant), months, toronto).toISOString();
	expect(before("2028-12-02T05:00:00Z", 24)).toBe("2026-12-02T05:00:00.000Z");
	expect(before("2028-12-02T04:59:00Z", 24)).toBe("2026-12-01T05:00:00.000Z");
	// June is on summer time, and February has no 31st day.
	expect(before("2027-06-15T12:00:00Z", 6)).toBe("2026-12-15T05:00:00.000Z");
	expect(before("2027-03-31T12:00:00Z", 1)).toBe("2027-02-28T05:00:00.000Z");
});
