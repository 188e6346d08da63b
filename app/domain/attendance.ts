/** What was recorded of somebody at one meeting; nothing, where nobody recorded it. */
export const attendanceStatuses = ["present", "partial", "absent"] as const;
export type AttendanceStatus = (typeof attendanceStatuses)[number];

/** Whether somebody came: to how many of the meetings of their session, and whether they were seen at one only in part. */
export type Attended = { came: number; meetings: number; partly: boolean };

const opensBefore = 12 * 3600 * 1000;

/** Who came is nobody's question until the day of the first meeting. */
export function takesAttendance({ startsAt }: { startsAt: Date }, now: Date): boolean {
	return now.getTime() >= startsAt.getTime() - opensBefore;
}
