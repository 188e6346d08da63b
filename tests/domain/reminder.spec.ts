import { expect, test } from "vitest";
import { nextReminder, type ReminderPlan, reminderAt, reminderIsDue } from "#app/domain/reminder.server.ts";

const tuesday = {
	localDate: "2026-12-01",
	zone: "America/Toronto",
	startsAt: new Date("2026-12-01T14:30:00Z"),
};

function plan(changes: Partial<ReminderPlan> = {}): ReminderPlan {
	return { reminderDays: 1, reminderWeekdays: true, reminderTime: "10:00:00", ...changes };
}

test.each([
	["the day before a Tuesday", "2026-12-01", {}, "2026-11-30T15:00:00.000Z"],
	["the Friday before a Monday", "2026-11-30", {}, "2026-11-27T15:00:00.000Z"],
	["the Friday before a Sunday", "2026-11-29", {}, "2026-11-27T15:00:00.000Z"],
	[
		"the Sunday before a Monday, counted in days",
		"2026-11-30",
		{ reminderWeekdays: false },
		"2026-11-29T15:00:00.000Z",
	],
	["five weekdays before a Tuesday", "2026-12-01", { reminderDays: 5 }, "2026-11-24T15:00:00.000Z"],
	["the day itself", "2026-11-28", { reminderDays: 0, reminderTime: "07:30" }, "2026-11-28T12:30:00.000Z"],
	[
		"an hour of summer before a meeting of winter",
		"2026-11-02",
		{ reminderDays: 2, reminderWeekdays: false },
		"2026-10-31T14:00:00.000Z",
	],
	[
		"an hour that the clocks skip is the one after",
		"2026-03-09",
		{ reminderWeekdays: false, reminderTime: "02:30" },
		"2026-03-08T07:30:00.000Z",
	],
] as const)("%s", (_name, localDate, changes, expected) => {
	expect(reminderAt({ ...tuesday, localDate }, plan(changes))?.toISOString()).toBe(expected);
});

test("without days there is no reminder", () => {
	const none = plan({ reminderDays: null });
	expect(reminderAt(tuesday, none)).toBeNull();
	expect(reminderIsDue(tuesday, none, new Date("2026-11-30T15:00:00Z"))).toBe(false);
});

test("a reminder is due from its hour until the meeting begins", () => {
	const dueAt = (at: string) => reminderIsDue(tuesday, plan(), new Date(at));
	expect(dueAt("2026-11-30T14:59:59Z")).toBe(false);
	expect(dueAt("2026-11-30T15:00:00Z")).toBe(true);
	expect(dueAt("2026-12-01T14:29:59Z")).toBe(true);
	expect(dueAt("2026-12-01T14:30:00Z")).toBe(false);
});

test("the next reminder is the first to come, and one that would come too late is none", () => {
	const meetings = [
		tuesday,
		{ ...tuesday, localDate: "2026-12-08", startsAt: new Date("2026-12-08T14:30:00Z") },
	];
	const next = (at: string, changes: Partial<ReminderPlan> = {}) =>
		nextReminder(meetings, plan(changes), new Date(at))?.toISOString();
	expect(next("2026-11-20T00:00:00Z")).toBe("2026-11-30T15:00:00.000Z");
	expect(next("2026-11-30T15:00:00Z")).toBe("2026-12-07T15:00:00.000Z");
	expect(next("2026-12-07T15:00:00Z")).toBeUndefined();
	expect(next("2026-11-20T00:00:00Z", { reminderDays: 0, reminderTime: "12:00" })).toBeUndefined();
});
