import { expect, test } from "vitest";
import { changesFor, planChanges, type SessionPlan } from "#app/domain/session-change.ts";

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
