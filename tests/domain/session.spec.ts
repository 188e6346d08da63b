import { expect, test } from "vitest";
import { isFarOff, namesZone, tentativeUntil } from "#app/domain/session.ts";

const now = new Date("2026-11-23T15:00:00Z");
const session = {
	publishedAt: now,
	cancelledAt: null,
	opensAt: null,
	closesAt: null,
	startsAt: new Date("2026-12-01T14:30:00Z"),
	endsAt: new Date("2026-12-01T21:30:00Z"),
	capacity: 10,
	minimum: 6,
	tentative: true,
	seatsTaken: 5,
	seatsWaiting: 0,
	waitlistMode: "automatic" as const,
};

test("a date is tentative until its minimum is reached", () => {
	expect(tentativeUntil(session, now)).toBe(6);
	expect(tentativeUntil({ ...session, seatsTaken: 6 }, now)).toBeNull();
});

test.each([
	["without a minimum", { minimum: 0, seatsTaken: 0 }],
	["that people were told is confirmed", { tentative: false }],
	["that is a draft", { publishedAt: null }],
	["that is cancelled", { cancelledAt: now }],
	["that has begun", { startsAt: now }],
])("a date %s is not tentative", (_which, change) => {
	expect(tentativeUntil({ ...session, ...change }, now)).toBeNull();
});

test("a day of next year's season is said with its year, one of this season without", () => {
	expect(isFarOff(new Date("2027-09-15T14:30:00Z"), now)).toBe(false);
	expect(isFarOff(new Date("2027-12-01T14:30:00Z"), now)).toBe(true);
	expect(isFarOff(new Date("2025-12-01T14:30:00Z"), now)).toBe(false);
});

test("the zone is named online, and where the hours are not those of the firm", () => {
	const firmZone = "America/Toronto";
	expect(namesZone({ online: false, zone: firmZone }, firmZone)).toBe(false);
	expect(namesZone({ online: true, zone: firmZone }, firmZone)).toBe(true);
	expect(namesZone({ online: false, zone: "America/Moncton" }, firmZone)).toBe(true);
});
