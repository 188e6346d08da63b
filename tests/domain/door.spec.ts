import { expect, test } from "vitest";
import { hasDoorCode, isDoorOpen, mayCheckIn, meetingAtHand } from "#app/domain/door.ts";
import { aMeeting } from "#tests/fixtures.ts";

const morning = aMeeting("2026-12-01", "09:00", "12:00");
const afternoon = aMeeting("2026-12-01", "13:00", "16:00");
const weekAfter = aMeeting("2026-12-08", "09:00", "12:00");
const meetings = [morning, afternoon, weekAfter];

/** An instant on the wall clock of the meetings. */
function at(day: string, time: string): Date {
	return aMeeting(day, time).startsAt;
}

test("the door is open from twelve hours before a meeting until twelve after", () => {
	const open = [
		at("2026-11-30", "20:59"),
		at("2026-11-30", "21:00"),
		at("2026-12-01", "23:59"),
		weekAfter.startsAt,
	];
	expect(open.map((now) => isDoorOpen(morning, now))).toEqual([false, true, true, false]);
});

test("organizers check people in whenever they look, the door on the day alone", () => {
	const before = at("2026-11-20", "09:00");
	expect(["door", "organizer", "owner"].map((role) => mayCheckIn(role as "door", morning, before))).toEqual([
		false,
		true,
		true,
	]);
	expect(mayCheckIn("door", morning, morning.startsAt)).toBe(true);
});

test("somebody with a seat in a room has a code to show, until the last meeting is over", () => {
	const session = { online: false, cancelledAt: null, endsAt: weekAfter.endsAt };
	const [before, after] = [at("2026-11-20", "09:00"), at("2026-12-08", "12:00")];
	expect(hasDoorCode(session, "confirmed", before)).toBe(true);
	expect(hasDoorCode(session, "confirmed", after)).toBe(false);
	expect(hasDoorCode({ ...session, online: true }, "confirmed", before)).toBe(false);
	expect(hasDoorCode({ ...session, cancelledAt: before }, "confirmed", before)).toBe(false);
	for (const status of ["waitlisted", "offered", "cancelled"] as const)
		expect(hasDoorCode(session, status, before)).toBe(false);
});

test.each([
	["2026-11-20", "09:00", morning],
	["2026-12-01", "08:30", morning],
	["2026-12-01", "11:59", morning],
	["2026-12-01", "12:01", afternoon],
	["2026-12-01", "17:00", afternoon],
	["2026-12-03", "09:00", weekAfter],
	["2026-12-08", "08:00", weekAfter],
	["2027-02-01", "09:00", weekAfter],
] as const)("on %s at %s people arrive at the meeting that is at hand", (day, time, expected) => {
	expect(meetingAtHand(meetings, at(day, time))).toBe(expected);
	expect(meetingAtHand([], at(day, time))).toBeUndefined();
});
