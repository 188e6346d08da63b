/** What people plan their day by: a change here concerns whoever holds or waits for a seat. */
export type SessionPlan = {
	language: "fr" | "en";
	online: boolean;
	place: string;
	address: string;
	joinUrl: string;
	zone: string;
	meetings: readonly { startsAt: Date; endsAt: Date }[];
};

export type PlanChange = "when" | "where" | "join" | "language";

/** Which parts of the plan differ, in the order that people should read them. None means that nobody needs to know. */
export function planChanges(before: SessionPlan, after: SessionPlan): PlanChange[] {
	const changes: PlanChange[] = [];
	if (timesOf(before) !== timesOf(after)) changes.push("when");
	if (whereOf(before) !== whereOf(after)) changes.push("where");
	if (after.online && before.online && before.joinUrl !== after.joinUrl) changes.push("join");
	if (before.language !== after.language) changes.push("language");
	return changes;
}

/** The join link is known to confirmed people alone: a change of it concerns nobody else. */
export function changesFor(changes: PlanChange[], status: "confirmed" | "offered" | "waitlisted") {
	return status === "confirmed" ? changes : changes.filter((change) => change !== "join");
}

function timesOf({ zone, meetings }: SessionPlan): string {
	return JSON.stringify([zone, meetings.map(({ startsAt, endsAt }) => [startsAt, endsAt])]);
}

function whereOf({ online, place, address }: SessionPlan): string {
	return online ? "online" : JSON.stringify([place, address]);
}

type PlannedMeeting = { localDate: string; localStart: string; startsAt: Date; endsAt: Date };

/**
 * For each meeting of a plan, the stored one that it is, whose attendance it keeps; null where there is none. It is the one
 * of the same day and start, else of the same hours or day. One that moves to another day is the same in its place among as
 * many: where some come or go, what was seen on a day that is left is nobody's.
 */
export function keptMeetings(
	before: readonly (PlannedMeeting & { id: string })[],
	after: readonly PlannedMeeting[],
): (string | null)[] {
	const left = new Set(before);
	const kept: (string | null)[] = after.map(() => null);
	function keep(isThisOne: (one: PlannedMeeting, meeting: PlannedMeeting, index: number) => boolean): void {
		for (const [index, meeting] of after.entries()) {
			const found = kept[index] ? undefined : [...left].find((one) => isThisOne(one, meeting, index));
			if (!found) continue;
			left.delete(found);
			kept[index] = found.id;
		}
	}
	keep((one, meeting) => startOf(one) === startOf(meeting));
	keep((one, meeting) => one.startsAt < meeting.endsAt && meeting.startsAt < one.endsAt);
	keep((one, meeting) => one.localDate === meeting.localDate);
	if (before.length === after.length) keep((one, _meeting, index) => one === before[index]);
	return kept;
}

/** `2026-12-01 09:30` on its wall clock: Postgres adds the seconds. */
function startOf({ localDate, localStart }: PlannedMeeting): string {
	return `${localDate} ${localStart.slice(0, 5)}`;
}
