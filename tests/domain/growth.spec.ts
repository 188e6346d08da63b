import { expect, test } from "vitest";
import { growthByDay } from "#app/domain/growth.server.ts";

const zone = "America/Toronto";
const now = new Date("2026-11-23T15:00:00Z");

test("days without a sign-up keep the total of the day before, up to today", () => {
	const hours = [
		{ hour: new Date("2026-11-20T15:00:00Z"), count: 3 },
		{ hour: new Date("2026-11-20T16:00:00Z"), count: 2 },
		{ hour: new Date("2026-11-22T16:00:00Z"), count: 1 },
	];
	expect(growthByDay(hours, zone, now)).toEqual([
		{ localDate: "2026-11-19", added: 0, total: 0 },
		{ localDate: "2026-11-20", added: 5, total: 5 },
		{ localDate: "2026-11-21", added: 0, total: 5 },
		{ localDate: "2026-11-22", added: 1, total: 6 },
		{ localDate: "2026-11-23", added: 0, total: 6 },
	]);
});

test("a sign-up late in the evening belongs to that evening, where the firm is", () => {
	const [, day] = growthByDay([{ hour: new Date("2026-11-22T03:00:00Z"), count: 1 }], zone, now);
	expect(day).toEqual({ localDate: "2026-11-21", added: 1, total: 1 });
});

test("what came long ago is there from the start", () => {
	const hours = [
		{ hour: new Date("2026-01-10T15:00:00Z"), count: 40 },
		{ hour: new Date("2026-11-23T14:00:00Z"), count: 2 },
	];
	const days = growthByDay(hours, zone, now);
	expect(days).toHaveLength(91);
	expect([days[0]!.total, days.at(-1)!.total]).toEqual([40, 42]);
});

test("nothing has no days", () => {
	expect(growthByDay([], zone, now)).toEqual([]);
});
