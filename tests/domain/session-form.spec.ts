import { expect, test } from "vitest";
import { parseForm } from "#app/forms/parse-form.ts";
import { sessionForm } from "#app/forms/session-form.server.ts";

const now = new Date("2026-11-23T15:00:00Z");

/** The errors of a date's form, by field. */
function errorsOf(changes: Record<string, string>, held?: string[]) {
	const meeting = { date1: "2026-12-01", start1: "09:30", end1: "16:30" };
	const place = { zone: "America/Toronto", language: "fr", where: "place", place: "Laval" };
	const values = { ...meeting, ...place, capacity: "10", price: "0", waitlistMode: "automatic", ...changes };
	const parsed = parseForm(sessionForm(now, held), Object.entries(values));
	return parsed.ok ? {} : parsed.errors;
}

test("a meeting on another day than before has not begun yet", () => {
	expect(errorsOf({})).toEqual({});
	expect(errorsOf({ date1: "2025-12-01" })).toEqual({ date1: "begun" });
	expect(errorsOf({ date1: "2025-12-01" }, ["2026-12-01"])).toEqual({ date1: "begun" });
	expect(errorsOf({ date1: "2026-11-23", end1: "17:00" })).toEqual({ date1: "begun" });
	expect(errorsOf({ date1: "2026-11-23", start1: "10:30" })).toEqual({});
});

test("a date that is past and left as it was can still be changed otherwise", () => {
	const second = { date2: "2026-12-08", start2: "09:30", end2: "16:30" };
	expect(errorsOf({ date1: "2026-11-17", place: "Lévis", ...second }, ["2026-11-17"])).toEqual({});
	expect(errorsOf({ date1: "2026-11-17", ...second, date2: "2026-11-20" }, ["2026-11-17"])).toEqual({
		date2: "begun",
	});
});

test("registration opens before it closes, and before the first meeting", () => {
	const opensAt = "2026-11-25T09:00";
	expect(errorsOf({ opensAt, closesAt: "2026-11-25T09:01" })).toEqual({});
	expect(errorsOf({ opensAt, closesAt: opensAt })).toEqual({ closesAt: "closesFirst" });
	expect(errorsOf({ opensAt: "2026-12-01T09:30" })).toEqual({ opensAt: "opensLate" });
});
