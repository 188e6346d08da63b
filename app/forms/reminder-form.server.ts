import { z } from "zod";
import type { ReminderPlan } from "#app/domain/reminder.server.ts";
import { isLocalTime } from "#app/domain/time.server.ts";
import type { Dictionary } from "#app/i18n/fr.ts";

const key = (name: keyof Dictionary["organizer"]["session"]["errors"]) => name;

/** The fields of a session's reminder. No days is no reminder; a form that does not ask changes nothing. */
export const reminderFields = {
	reminderDays: z
		.string()
		.trim()
		.regex(/^([12]?\d|30)?$/, key("reminderDays"))
		.transform((days) => (days === "" ? null : Number(days)))
		.optional(),
	reminderUnit: z.enum(["weekdays", "days"]).default("weekdays"),
	reminderTime: z.string().refine(isLocalTime, key("reminderTime")).optional(),
};

/** The columns of a session that its form has asked about. */
export function reminderOf(form: {
	reminderDays?: number | null;
	reminderUnit: "weekdays" | "days";
	reminderTime?: string;
}): Partial<ReminderPlan> {
	const { reminderDays, reminderUnit, reminderTime } = form;
	if (reminderDays === undefined) return {};
	return { reminderDays, reminderWeekdays: reminderUnit === "weekdays", reminderTime };
}
