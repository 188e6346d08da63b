import { expect, test } from "vitest";
import { digestDay, thanksAreDue } from "#app/domain/mornings.server.ts";

const toronto = "America/Toronto";
const evening = {
	localDate: "2026-12-01",
	zone: toronto,
	endsAt: new Date("2026-12-01T21:00:00-05:00"),
};

test.each([
	["the same evening", "2026-12-01T22:00:00-05:00", false],
	["before nine the next day", "2026-12-02T08:59:00-05:00", false],
	["at nine the next day", "2026-12-02T09:00:00-05:00", true],
	["two days later, after an outage", "2026-12-04T00:10:00-05:00", true],
	["a week later", "2026-12-08T09:00:00-05:00", false],
])("people are thanked the morning after: %s", (_when, now, due) => {
	expect(thanksAreDue(evening, new Date(now))).toBe(due);
});

test("the morning is that of the place", () => {
	const paris = { ...evening, zone: "Europe/Paris", endsAt: new Date("2026-12-01T17:00:00+01:00") };
	expect(thanksAreDue(paris, new Date("2026-12-02T08:59:00+01:00"))).toBe(false);
	expect(thanksAreDue(paris, new Date("2026-12-02T09:00:00+01:00"))).toBe(true);
});

test.each([
	["2026-11-27T07:29:00-05:00", null],
	["2026-11-27T07:30:00-05:00", "2026-11-27"],
	["2026-11-27T11:59:00-05:00", "2026-11-27"],
	["2026-11-27T12:00:00-05:00", null],
	["2026-11-26T08:00:00-05:00", null],
	["2026-11-28T08:00:00-05:00", null],
	// Still Thursday evening there, and Friday in UTC.
	["2026-11-26T22:30:00-05:00", null],
])("the digest of %s is that of %s", (now, day) => {
	expect(digestDay(new Date(now), toronto)).toBe(day);
});
