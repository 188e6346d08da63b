import { Temporal } from "temporal-polyfill";
import { addDays, localDateOf, localTimeOf, zonedInstant } from "./time.server.ts";

/** A meeting on the wall: `2026-12-01`, `09:30`, `16:30`. */
type WallMeeting = { localDate: string; localStart: string; localEnd: string };

type RepeatedMeetings =
	| { ok: true; meetings: (WallMeeting & { startsAt: Date; endsAt: Date })[] }
	/** An hour that the clocks jump over that night, or that comes twice. */
	| { ok: false; reason: "gap" | "ambiguous"; localDate: string; localTime: string };

/** `count` dates of the calendar from `first` on, so many days apart. */
export function datesEvery(first: string, days: number, count: number): string[] {
	const start = Temporal.PlainDate.from(first);
	return Array.from({ length: count }, (_, index) => start.add({ days: days * index }).toString());
}

/** The same meetings from another day on: each keeps its hours on the wall and its distance in days from the first. */
export function meetingsFrom(localDate: string, model: WallMeeting[], zone: string): RepeatedMeetings {
	const days = daysBetween(model[0]?.localDate ?? localDate, localDate);
	const meetings: (WallMeeting & { startsAt: Date; endsAt: Date })[] = [];
	for (const { localDate: modelDate, localStart, localEnd } of model) {
		const date = addDays(modelDate, days);
		const start = zonedInstant(date, localStart, zone);
		const end = zonedInstant(date, localEnd, zone);
		if (!start.ok) return refused(start.reason, date, localStart);
		if (!end.ok) return refused(end.reason, date, localEnd);
		meetings.push({ localDate: date, localStart, localEnd, startsAt: start.instant, endsAt: end.instant });
	}
	return { ok: true, meetings };
}

/** An instant that keeps its hour on the wall and moves with its session; past a jump of the clocks, it is the hour after. */
export function momentFrom(moment: Date, from: string, to: string, zone: string): Date {
	const date = addDays(localDateOf(moment, zone), daysBetween(from, to));
	const moved = zonedInstant(date, localTimeOf(moment, zone), zone, "later");
	if (moved.ok) return moved.instant;
	return momentFrom(new Date(moment.getTime() + 3600 * 1000), from, to, zone);
}

function daysBetween(from: string, to: string): number {
	return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: "days" }).days;
}

function refused(reason: "gap" | "overlap", localDate: string, localTime: string): RepeatedMeetings {
	return {
		ok: false,
		reason: reason === "gap" ? "gap" : "ambiguous",
		localDate,
		localTime: localTime.slice(0, 5),
	};
}
