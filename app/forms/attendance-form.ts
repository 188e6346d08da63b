import { z } from "zod";
import { attendanceStatuses, parseDuration } from "#app/domain/attendance.ts";

/** What was seen of the people chosen: `none` takes back what was recorded. */
export const attendanceForm = z.object({
	/** One meeting's id, or all of them. */
	meeting: z.union([z.literal("all"), z.uuid()], { error: "meeting" }),
	seen: z.enum([...attendanceStatuses, "none"], { error: "seen" }),
	/** How long somebody was there, in minutes, who was not there all the time; null where nobody counted. */
	duration: z
		.string()
		.default("")
		.transform((typed, context) => {
			if (typed.trim() === "") return null;
			const minutes = parseDuration(typed);
			if (!minutes) context.addIssue({ code: "custom", message: "duration" });
			return minutes;
		}),
});
