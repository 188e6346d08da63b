import { linesOf, textIn } from "#app/domain/workshop.ts";
import { dayAndTime } from "#app/i18n/format.ts";
import type { Meeting } from "#db/schema.ts";
import type { Message } from "../message.ts";
import { describePlace, manageLink, type PlaceFacts, registrationEmail } from "./registration-email.tsx";

/** « On vous attend mardi »: the date, the place or the link, what to bring, and how to give the seat up in time. */
export function reminder(facts: PlaceFacts, meeting: Meeting, dedupeKey: string, now: Date): Message {
	const { session, meetings, workshop } = facts;
	const { t, locale, title } = describePlace(facts);
	const words = t.email.reminder;
	const [day, time] = dayAndTime(meeting.startsAt, locale, session.zone);
	const several = meetings.length > 1;
	return registrationEmail(facts, {
		kind: "reminder",
		dedupeKey,
		subject: words.subject(title, day),
		heading: words.heading(day),
		paragraphs: [
			several ? words.introMeeting(meeting.position, meetings.length, time) : words.intro(time),
			...(session.online && session.joinUrl ? [words.join] : []),
		],
		notes: session.online ? [] : [words.doorCode],
		joinUrl: session.joinUrl || undefined,
		bring: linesOf(textIn(workshop, "bring", locale).text),
		link: manageLink(t.email.confirmation.manage),
		linkHint: words.manageHint,
		calendar: "PUBLISH",
		expiresAt: meeting.startsAt,
		meeting: { day, time },
		now,
	});
}
