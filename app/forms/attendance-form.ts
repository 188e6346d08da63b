import { z } from "zod";
import { attendanceStatuses } from "#app/domain/attendance.ts";

/** What was seen of the people chosen: `none` takes back what was recorded. */
export const attendanceForm = z.object({
	/** One meeting's id, or all of them. */
	meeting: z.union([z.literal("all"), z.uuid()], { error: "meeting" }),
	seen: z.enum([...attendanceStatuses, "none"], { error: "seen" }),
});
