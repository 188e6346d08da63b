import { doorOpensAt } from "./door.ts";

/** What was recorded of somebody at one meeting; nothing, where nobody recorded it. */
export const attendanceStatuses = ["present", "partial", "absent"] as const;
export type AttendanceStatus = (typeof attendanceStatuses)[number];

/** Whether somebody came: to how many of the meetings of their session, and whether they were seen at one only in part. */
export type Attended = { came: number; meetings: number; partly: boolean };

/** The same with the attestation that they hold of it. */
export type Certified = Attended & { attestation: { serial: string; minutes: number } | null };

/** Who came is nobody's question until the door of the first meeting opens. */
export function takesAttendance(session: { startsAt: Date }, now: Date): boolean {
	return now >= doorOpensAt(session);
}

const mostHours = 12;

/**
 * « 2 h 30 », "2:30", "2,5 h", "90 min": a length of time as people type it, in whole minutes; null where it is none. A number
 * alone is of hours, where it can be: 45 would be minutes to whoever typed it.
 */
export function parseDuration(typed: string): number | null {
	const text = typed.toLowerCase().replaceAll(/\s/g, "").replace(",", ".");
	const [, minutesAlone] = /^(\d{1,4})m(?:n|in|inutes?)?$/.exec(text) ?? [];
	if (minutesAlone) return Number(minutesAlone);
	const [, hours, minutes = "0"] = /^(\d{1,2})(?:h|:|heures?|hours?)(\d{2})?m?(?:n|in)?$/.exec(text) ?? [];
	if (hours && Number(minutes) < 60) return Number(hours) * 60 + Number(minutes);
	// 1.30 is an hour and a half to some, and 78 minutes to others.
	const [, decimal, unit] = /^(\d{1,2}(?:\.(?:\d|25|50|75))?)(h|heures?|hours?)?$/.exec(text) ?? [];
	return decimal && (unit || Number(decimal) <= mostHours) ? Math.round(Number(decimal) * 60) : null;
}

/** The parts of a day that whoever was there signs for, in order. */
const halfDays = ["morning", "afternoon", "evening"] as const;
export type HalfDay = (typeof halfDays)[number];

/** When each ends, in minutes after midnight: at noon, at 5 p.m., with the day. */
const endOf: Record<HalfDay, number> = { morning: 12 * 60, afternoon: 17 * 60, evening: 24 * 60 };

/** What runs over by no more than this is not signed for again. */
const runsOver = 60;

type WallTimes = { localStart: string; localEnd: string };

/**
 * The half-days of a meeting, on the clock of where it takes place (`09:30`): those that more than an hour of it falls in;
 * of a short one, that which has most of it.
 */
export function halfDaysOf({ localStart, localEnd }: WallTimes): HalfDay[] {
	const [start, end] = [minutesOf(localStart), minutesOf(localEnd)];
	const shares = halfDays.map((halfDay, index) => {
		const begins = index === 0 ? 0 : endOf[halfDays[index - 1]!];
		return { halfDay, minutes: Math.min(end, endOf[halfDay]) - Math.max(start, begins) };
	});
	const signed = shares.filter(({ minutes }) => minutes > runsOver);
	const [most] = shares.toSorted((a, b) => b.minutes - a.minutes);
	return (signed.length > 0 ? signed : [most!]).map(({ halfDay }) => halfDay);
}

/** As many as there is room to sign for beside each name. */
const mostHalfDays = 4;

/** A session's meetings as they are put on paper: in order, so many to a sheet that no more than four half-days are signed for. */
export function sheetsOf<Meeting extends WallTimes>(
	meetings: Meeting[],
): { meeting: Meeting; halfDays: HalfDay[] }[][] {
	const sheets: ReturnType<typeof sheetsOf<Meeting>> = [];
	let room = 0;
	for (const meeting of meetings) {
		const halfDays = halfDaysOf(meeting);
		if (halfDays.length > room) {
			sheets.push([]);
			room = mostHalfDays;
		}
		sheets.at(-1)!.push({ meeting, halfDays });
		room -= halfDays.length;
	}
	return sheets;
}

function minutesOf(wallTime: string): number {
	const [hours = 0, minutes = 0] = wallTime.split(":").map(Number);
	return hours * 60 + minutes;
}
