import type { activeStatuses } from "#app/domain/registration.ts";
import type { PlanChange } from "#app/domain/session-change.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/**
 * Tells one person what changed about the date they hold or wait for, before and after. `facts` is the session as it
 * now is. Whoever is confirmed gets the calendar entry again; a meeting that is no longer held is withdrawn from it.
 */
export function sessionChanged(
	facts: PlaceFacts,
	status: (typeof activeStatuses)[number],
	before: Pick<SessionDetails, "session" | "meetings">,
	changes: PlanChange[],
	now: Date,
): Message {
	const after = describePlace(facts);
	const earlier = describePlace({ ...facts, session: before.session, meetings: before.meetings });
	const { t, title, day } = after;
	const words = t.email.sessionChanged;
	const confirmed = status === "confirmed";
	const lines = {
		when: { label: t.email.when, before: earlier.when, after: after.when },
		where: { label: t.email.where, before: earlier.where, after: after.where },
		join: { label: t.email.join, before: words.oldLink, after: words.newLink },
		language: {
			label: words.language,
			before: t.taughtIn[before.session.language],
			after: t.taughtIn[facts.session.language],
		},
	} satisfies Record<PlanChange, { label: string; before: string; after: string }>;
	return registrationEmail(facts, {
		kind: "session-changed",
		dedupeKey: `session-changed:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: words.subject(title, day),
		heading: changes.includes("when") ? words.headingWhen : words.heading,
		paragraphs: [words.intro[status]],
		fixed: !confirmed,
		changes: changes.map((change) => lines[change]),
		joinUrl: (confirmed && facts.session.joinUrl) || undefined,
		link: manageLink(confirmed ? t.email.confirmation.manage : t.email.waitlisted.manage),
		linkHint: confirmed ? words.manageHint : t.email.waitlisted.manageHint,
		calendar: confirmed ? "PUBLISH" : undefined,
		droppedMeetings: before.meetings.slice(facts.meetings.length),
		now,
	});
}
