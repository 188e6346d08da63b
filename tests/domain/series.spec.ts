import { expect, test } from "vitest";
import { datesEvery, meetingsFrom, momentFrom } from "#app/domain/series.server.ts";

const zone = "America/Toronto";
const morning = { localDate: "2026-10-20", localStart: "09:30", localEnd: "12:00" };

test("dates follow each other by weeks, over the end of a month and of a year", () => {
	expect(datesEvery("2026-12-15", 14, 3)).toEqual(["2026-12-15", "2026-12-29", "2027-01-12"]);
	expect(datesEvery("2028-02-22", 7, 2)).toEqual(["2028-02-22", "2028-02-29"]);
});

test("the hour on the wall stays when the clocks change", () => {
	const [before, after] = ["2026-10-27", "2026-11-03"].map((date) => meetingsFrom(date, [morning], zone));
	expect(before).toMatchObject({ ok: true, meetings: [{ startsAt: new Date("2026-10-27T13:30:00Z") }] });
	expect(after).toMatchObject({
		ok: true,
		meetings: [{ localDate: "2026-11-03", localStart: "09:30", startsAt: new Date("2026-11-03T14:30:00Z") }],
	});
});

test("the meetings of a course keep their distance", () => {
	const course = [morning, { ...morning, localDate: "2026-10-27", localStart: "13:00", localEnd: "16:00" }];
	expect(meetingsFrom("2026-12-01", course, zone)).toMatchObject({
		ok: true,
		meetings: [
			{ localDate: "2026-12-01", localStart: "09:30" },
			{ localDate: "2026-12-08", localStart: "13:00" },
		],
	});
});

test("an hour that the clocks jump over, or that comes twice, is named", () => {
	const night = { localDate: "2027-03-07", localStart: "02:30", localEnd: "04:00" };
	expect(meetingsFrom("2027-03-14", [night], zone)).toEqual({
		ok: false,
		reason: "gap",
		localDate: "2027-03-14",
		localTime: "02:30",
	});
	const late = { localDate: "2027-10-31", localStart: "00:30", localEnd: "01:30" };
	expect(meetingsFrom("2027-11-07", [late], zone)).toMatchObject({
		ok: false,
		reason: "ambiguous",
		localTime: "01:30",
	});
});

test("a deadline moves with its date and keeps its hour", () => {
	const deadline = new Date("2026-10-26T21:00:00Z"); // 17:00 the day before
	expect(momentFrom(deadline, "2026-10-27", "2026-11-03", zone)).toEqual(new Date("2026-11-02T22:00:00Z"));
	const night = new Date("2027-03-07T07:30:00Z"); // 02:30
	expect(momentFrom(night, "2027-03-08", "2027-03-15", zone)).toEqual(new Date("2027-03-14T07:30:00Z"));
});
