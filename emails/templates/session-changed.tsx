import type { Locale } from "#app/domain/locale.ts";
import type { activeStatuses } from "#app/domain/registration.ts";
import type { PlanChange } from "#app/domain/session-change.ts";
import type { SessionDetails } from "#db/queries/sessions.server.ts";
import type { Change } from "../kit.tsx";
import type { Message } from "../message.ts";
import {
	type DateFacts,
	describeDate,
	describePlace,
	manageLink,
	type PlaceFacts,
	registrationEmail,
} from "./registration-email.tsx";

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
	const { t, locale, title, day } = describePlace(facts);
	const words = t.email.sessionChanged;
	const confirmed = status === "confirmed";
	return registrationEmail(facts, {
		kind: "session-changed",
		dedupeKey: `session-changed:${facts.registration.id}:${facts.registration.calendarSequence}`,
		subject: words.subject(title, day),
		heading: changes.includes("when") ? words.headingWhen : words.heading,
		paragraphs: [words.intro[status]],
		fixed: !confirmed,
		changes: changeLines(facts, before, changes, locale),
		joinUrl: (confirmed && facts.session.joinUrl) || undefined,
		link: manageLink(confirmed ? t.email.confirmation.manage : t.email.waitlisted.manage),
		linkHint: confirmed ? words.manageHint : t.email.waitlisted.manageHint,
		calendar: confirmed ? "PUBLISH" : undefined,
		droppedMeetings: before.meetings.slice(facts.meetings.length),
		now,
	});
}

/** What changed, as it was and as it is. */
export function changeLines(
	facts: DateFacts,
	before: Pick<SessionDetails, "session" | "meetings">,
	changes: PlanChange[],
	locale: Locale,
): Change[] {
	const after = describeDate(facts, locale);
	const earlier = describeDate({ ...facts, ...before }, locale);
	const { t } = after;
	const words = t.email.sessionChanged;
	const lines = {
		when: { label: t.email.when, before: earlier.when, after: after.when },
		where: { label: t.email.where, before: earlier.where, after: after.where },
		join: { label: t.email.join, before: words.oldLink, after: words.newLink },
		language: {
			label: words.language,
			before: t.taughtIn[before.session.language],
			after: t.taughtIn[facts.session.language],
		},
	} satisfies Record<PlanChange, Change>;
	return changes.map((change) => lines[change]);
}
