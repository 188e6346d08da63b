import { addDays, localDateOf, localTimeOf } from "./time.server.ts";

const day = 24 * 3600 * 1000;

/**
 * Whether a session's people are to be thanked: from nine the morning after its last meeting, on the clock where it took
 * place. Four days after it the moment has passed, such as for a site that was down.
 */
export function thanksAreDue(
	lastMeeting: { localDate: string; zone: string; endsAt: Date },
	now: Date,
): boolean {
	const { localDate, zone, endsAt } = lastMeeting;
	const today = localDateOf(now, zone);
	const morning = addDays(localDate, 1);
	const hasCome = today > morning || (today === morning && localTimeOf(now, zone) >= "09:00");
	return hasCome && now.getTime() < endsAt.getTime() + 4 * day;
}

/** The Friday, as `2026-11-27`, whose digest is due: between half past seven and noon of the zone's clock. Null at other times. */
export function digestDay(now: Date, zone: string): string | null {
	const today = localDateOf(now, zone);
	const time = localTimeOf(now, zone);
	const isFriday = new Date(today).getUTCDay() === 5;
	return isFriday && time >= "07:30" && time < "12:00" ? today : null;
}
