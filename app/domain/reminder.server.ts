import { Temporal } from "temporal-polyfill";

/** When a session's people are reminded: so many days, or days from Monday to Friday, before each meeting; null for never. */
export type ReminderPlan = {
	reminderDays: number | null;
	reminderWeekdays: boolean;
	/** `10:00`, on the clock of the session's zone. */
	reminderTime: string;
};

type PlannedMeeting = { localDate: string; zone: string; startsAt: Date };

/** Longest time, in days, between a reminder and its meeting: thirty weekdays and the weekends among them. */
export const longestReminderDays = 45;

/** When the reminder of a meeting is due. A time that the clocks skip or repeat is the first that comes. */
export function reminderAt(meeting: PlannedMeeting, plan: ReminderPlan): Date | null {
	if (plan.reminderDays === null) return null;
	let date = Temporal.PlainDate.from(meeting.localDate);
	for (let days = plan.reminderDays; days > 0; ) {
		date = date.subtract({ days: 1 });
		if (!plan.reminderWeekdays || date.dayOfWeek <= 5) days -= 1;
	}
	const at = date.toPlainDateTime(Temporal.PlainTime.from(plan.reminderTime)).toZonedDateTime(meeting.zone);
	return new Date(at.epochMilliseconds);
}

/** Whether a reminder is to be sent: its time has come, and the meeting has not begun. */
export function reminderIsDue(meeting: PlannedMeeting, plan: ReminderPlan, now: Date): boolean {
	const at = reminderAt(meeting, plan);
	return at !== null && at <= now && now < meeting.startsAt;
}

/** When the next reminder of a session will leave, or null when none will. */
export function nextReminder(meetings: PlannedMeeting[], plan: ReminderPlan, now: Date): Date | null {
	const times = meetings.flatMap((meeting) => {
		const at = reminderAt(meeting, plan);
		return at && at > now && at < meeting.startsAt ? [at] : [];
	});
	return times.toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null;
}
