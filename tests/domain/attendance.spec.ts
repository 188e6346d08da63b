import { expect, test } from "vitest";
import { halfDaysOf, sheetsOf } from "#app/domain/attendance.ts";

const meeting = (localStart: string, localEnd: string) => ({ localStart, localEnd });
const morning = meeting("09:00:00", "12:00:00");
const wholeDay = meeting("09:30:00", "16:30:00");
const evening = meeting("18:30:00", "21:00:00");

test.each([
	["a day", wholeDay, ["morning", "afternoon"]],
	["a morning that ends at noon", morning, ["morning"]],
	["an afternoon that begins at noon", meeting("12:00", "16:30"), ["afternoon"]],
	["an evening", evening, ["evening"]],
	["a day and its evening", meeting("09:00", "21:00"), ["morning", "afternoon", "evening"]],
	["a morning that runs an hour late", meeting("09:00", "13:00"), ["morning"]],
	["one that goes on after lunch", meeting("09:00", "13:30"), ["morning", "afternoon"]],
	["an afternoon that runs an hour late", meeting("13:00", "18:00"), ["afternoon"]],
	["a « 5 à 7 »", meeting("17:00", "19:00"), ["evening"]],
	["half an hour at breakfast", meeting("08:00", "08:30"), ["morning"]],
	["an hour over lunch", meeting("11:45", "12:45"), ["afternoon"]],
	["as much before noon as after", meeting("11:30", "12:30"), ["morning"]],
])("the half-days of %s", (_which, of, expected) => {
	expect(halfDaysOf(of)).toEqual(expected);
});

test("two days are signed on one sheet, in order", () => {
	expect(sheetsOf([wholeDay, morning])).toEqual([
		[
			{ meeting: wholeDay, halfDays: ["morning", "afternoon"] },
			{ meeting: morning, halfDays: ["morning"] },
		],
	]);
});

test("a sheet has four half-days at most, and a day is never parted", () => {
	const countsOf = (...meetings: Parameters<typeof sheetsOf>[0]) =>
		sheetsOf(meetings).map((sheet) => sheet.map(({ halfDays }) => halfDays.length));
	expect(countsOf(wholeDay, wholeDay, wholeDay, wholeDay)).toEqual([
		[2, 2],
		[2, 2],
	]);
	expect(countsOf(wholeDay, morning, wholeDay)).toEqual([[2, 1], [2]]);
	expect(countsOf(...Array.from({ length: 6 }, () => evening))).toEqual([
		[1, 1, 1, 1],
		[1, 1],
	]);
});
