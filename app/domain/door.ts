import { type Role, roleReaches } from "./organizer.ts";
import type { ShownStatus } from "./registration.ts";

const halfADay = 12 * 3600 * 1000;

type Meeting = { startsAt: Date; endsAt: Date };

/** When the people at the door of a meeting begin to see who is expected. */
export function doorOpensAt({ startsAt }: { startsAt: Date }): Date {
	return new Date(startsAt.getTime() - halfADay);
}

/** Whether it is the day of a meeting: from twelve hours before it until twelve after. */
export function isDoorOpen(meeting: Meeting, now: Date): boolean {
	return now >= doorOpensAt(meeting) && now.getTime() < meeting.endsAt.getTime() + halfADay;
}

/** Whether somebody may check people in: at the door on the day itself, and organizers whenever they look. */
export function mayCheckIn(role: Role, meeting: Meeting, now: Date): boolean {
	return roleReaches(role, "organizer") || isDoorOpen(meeting, now);
}

/** Whether somebody has a code to show at the door: with a seat in a room, until the last meeting is over. */
export function hasDoorCode(
	session: { online: boolean; cancelledAt: Date | null; endsAt: Date },
	status: ShownStatus,
	now: Date,
): boolean {
	return status === "confirmed" && !session.online && !session.cancelledAt && now < session.endsAt;
}

/**
 * The meeting that people are arriving at: the one of the day that is not over, else the one that just ended, else the next
 * one, else the last. Takes them in order; undefined where there is none.
 */
export function meetingAtHand<Of extends Meeting>(meetings: readonly Of[], now: Date): Of | undefined {
	const ofTheDay = meetings.filter((meeting) => isDoorOpen(meeting, now));
	const toCome = (meeting: Meeting) => meeting.endsAt > now;
	return ofTheDay.find(toCome) ?? ofTheDay.at(-1) ?? meetings.find(toCome) ?? meetings.at(-1);
}
