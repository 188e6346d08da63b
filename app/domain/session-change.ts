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
