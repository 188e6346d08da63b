import { expect, test } from "vitest";
import { endsWithErasure, mayStillErase, mayStillLeave, type ShownStatus } from "#app/domain/registration.ts";

const [before, late, during, after] = ["01T12", "01T14", "01T16", "01T22"].map(
	(hour) => new Date(`2026-12-${hour}:00:00Z`),
) as [Date, Date, Date, Date];
const session = {
	startsAt: new Date("2026-12-01T15:00:00Z"),
	endsAt: new Date("2026-12-01T21:00:00Z"),
	cancelUntil: new Date("2026-12-01T13:00:00Z"),
	cancelledAt: null,
};

test.each<[string, ShownStatus, Date, boolean, boolean]>([
	["a seat that may be cancelled", "confirmed", before, true, true],
	["a seat that may no longer be cancelled", "confirmed", late, false, true],
	["a seat at a date under way", "confirmed", during, false, false],
	["a seat at a date that is over", "confirmed", after, true, false],
	["a place in line, whatever may be cancelled", "waitlisted", late, true, true],
	["an offered seat, whatever may be cancelled", "offered", late, true, true],
	["a place in line for a date under way", "waitlisted", during, false, true],
	["a place that was given up", "cancelled", late, true, false],
])("%s: who may erase it, and whether it ends with that", (_, status, now, own, ends) => {
	expect(mayStillErase(session, status, now)).toBe(own);
	expect(endsWithErasure(session, status, now)).toBe(ends);
});

test("at a date that is cancelled there is nothing left to give up", () => {
	const cancelled = { ...session, cancelledAt: before };
	expect(mayStillErase(cancelled, "confirmed", late)).toBe(true);
	expect(endsWithErasure(cancelled, "confirmed", late)).toBe(false);
});

test("who may cancel once the date has begun gives up the seat", () => {
	const generous = { ...session, cancelUntil: session.endsAt };
	expect(mayStillErase(generous, "confirmed", during)).toBe(true);
	expect(endsWithErasure(generous, "confirmed", during)).toBe(true);
});

test.each<[ShownStatus, Date, boolean]>([
	["confirmed", before, true],
	["confirmed", late, false],
	["waitlisted", late, true],
	["offered", late, true],
	["waitlisted", during, false],
	["cancelled", before, false],
])("somebody %s may give that up at %s: %s", (status, now, expected) => {
	expect(mayStillLeave(session, status, now)).toBe(expected);
	expect(mayStillLeave({ ...session, cancelledAt: before }, status, now)).toBe(false);
});
