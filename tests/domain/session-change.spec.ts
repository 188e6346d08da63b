import { expect, test } from "vitest";
import { changesFor, keptMeetings, planChanges, type SessionPlan } from "#app/domain/session-change.ts";

const plan: SessionPlan = {
	language: "fr",
	online: false,
	place: "Montréal, Centre-ville",
	address: "1200, rue Sainte-Catherine Est",
	joinUrl: "",
	zone: "America/Toronto",
	meetings: [{ startsAt: new Date("2026-12-01T14:30:00Z"), endsAt: new Date("2026-12-01T21:30:00Z") }],
};
const online: SessionPlan = { ...plan, online: true, joinUrl: "https://visio.exemple.ca/a" };

test("a plan that stays as it was changes nothing for anybody", () => {
	expect(planChanges(plan, { ...plan, meetings: [...plan.meetings] })).toEqual([]);
});

test.each([
	["an earlier end", { meetings: [{ ...plan.meetings[0]!, endsAt: new Date("2026-12-01T20:00:00Z") }] }],
	["a meeting more", { meetings: [...plan.meetings, plan.meetings[0]!] }],
	["the same instants on another wall clock", { zone: "America/Halifax" }],
])("%s is a change of time", (_what, change) => {
	expect(planChanges(plan, { ...plan, ...change })).toEqual(["when"]);
});

test("another place, another address, or going online is a change of place", () => {
	expect(planChanges(plan, { ...plan, place: "Québec" })).toEqual(["where"]);
	expect(planChanges(plan, { ...plan, address: "2, rue des Pins" })).toEqual(["where"]);
	expect(planChanges(plan, online)).toEqual(["where"]);
	expect(planChanges(online, plan)).toEqual(["where"]);
});

test("a place that an online session does not use concerns nobody", () => {
	expect(planChanges(online, { ...online, place: "Québec" })).toEqual([]);
	expect(planChanges(plan, { ...plan, joinUrl: "https://visio.exemple.ca/b" })).toEqual([]);
});

test("all that changed at once is told in one message, the time first", () => {
	const after: SessionPlan = {
		...online,
		joinUrl: "https://visio.exemple.ca/b",
		language: "en",
		meetings: [],
	};
	expect(planChanges(online, after)).toEqual(["when", "join", "language"]);
});

test("another join link concerns those who know it", () => {
	const changes = planChanges(online, { ...online, joinUrl: "https://visio.exemple.ca/b" });
	expect(changesFor(changes, "confirmed")).toEqual(["join"]);
	expect(changesFor(changes, "waitlisted")).toEqual([]);
	expect(changesFor(changes, "offered")).toEqual([]);
});

const aMeeting = (localDate: string, localStart = "09:30", hours = 3) => {
	const startsAt = new Date(`${localDate}T${localStart}:00Z`);
	return { localDate, localStart, startsAt, endsAt: new Date(startsAt.getTime() + hours * 3600_000) };
};
const stored = (...meetings: ReturnType<typeof aMeeting>[]) =>
	meetings.map((meeting, index) => ({
		...meeting,
		localStart: `${meeting.localStart}:00`,
		id: "abc"[index]!,
	}));

test.each([
	["nothing changes", ["11-24", "12-01", "12-08"], ["11-24", "12-01", "12-08"], ["a", "b", "c"]],
	["one in the middle goes", ["11-24", "12-01", "12-08"], ["11-24", "12-08"], ["a", "c"]],
	["the first goes", ["11-24", "12-01", "12-08"], ["12-01", "12-08"], ["b", "c"]],
	["one comes before", ["12-01", "12-08"], ["11-24", "12-01", "12-08"], [null, "a", "b"]],
	["one moves in its place", ["11-24", "12-01", "12-08"], ["11-24", "12-02", "12-08"], ["a", "b", "c"]],
	["all move", ["11-24", "12-01"], ["11-25", "12-02"], ["a", "b"]],
	[
		"one goes and another comes at the end",
		["11-24", "12-01", "12-08"],
		["11-24", "12-08", "12-15"],
		["a", "c", null],
	],
	["one goes and another moves", ["11-24", "12-01", "12-08"], ["11-24", "12-09"], ["a", null]],
] as const)(
	"%s: a meeting keeps its row for its day, or for its place among as many",
	(_what, before, after, kept) => {
		const on = (days: readonly string[]) => days.map((day) => aMeeting(`2026-${day}`));
		expect(keptMeetings(stored(...on(before)), on(after))).toEqual(kept);
	},
);

test("of two meetings in a day, the one that is left keeps its own row, even at another hour", () => {
	const [morning, afternoon] = [aMeeting("2026-12-01", "09:00"), aMeeting("2026-12-01", "13:00")];
	const before = stored(morning, afternoon);
	expect(keptMeetings(before, [afternoon])).toEqual(["b"]);
	expect(keptMeetings(before, [aMeeting("2026-12-01", "13:30")])).toEqual(["b"]);
	expect(keptMeetings(before, [aMeeting("2026-12-01", "08:30")])).toEqual(["a"]);
});
