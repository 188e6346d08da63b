import { longestReminderDays, reminderAt, reminderIsDue } from "#app/domain/reminder.server.ts";
import type { Db } from "#db/client.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { listMeetingsWithReminder, listPeopleToRemind } from "#db/queries/reminders.server.ts";
import { describeSession, lockSession } from "#db/queries/sessions.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { reminder } from "#emails/templates/reminder.tsx";
import { eachApart } from "./each-apart.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

// Few enough that a session is locked for a moment only: people may be signing up for it.
const atOnce = 100;

/**
 * Queues the reminders whose hour has come, for who holds a seat at that moment. It may run on every instance and as
 * often as wanted: a person gets one for each meeting and schedule. Returns how many it queued.
 */
export async function queueDueReminders(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	const until = new Date(now.getTime() + longestReminderDays * 24 * 3600 * 1000);
	const meetings = await listMeetingsWithReminder(db, now, until);
	const due = meetings.filter((meeting) => reminderIsDue(meeting, meeting, now));
	return eachApart(due, async (meeting) => {
		let queued = 0;
		let more: number;
		do {
			more = await remindSome(db, origin, meeting, now);
			queued += more;
		} while (more === atOnce);
		return queued;
	});
}

/** Under the session's lock nobody leaves and nothing moves: what is queued is true at that moment. */
async function remindSome(
	db: Db,
	origin: MailOrigin,
	{ sessionId, position }: { sessionId: string; position: number },
	now: Date,
): Promise<number> {
	return db.transaction().execute(async (trx) => {
		const session = await lockSession(trx, sessionId);
		if (!session || session.cancelledAt) return 0;
		const details = await describeSession(trx, session);
		const meeting = details.meetings.find((each) => each.position === position);
		const remindAt = meeting && reminderAt(meeting, session);
		if (!remindAt || !reminderIsDue(meeting, session, now)) return 0;

		const { scheduleRevision } = session;
		const people = await listPeopleToRemind(trx, { ...meeting, scheduleRevision, remindAt }, atOnce);
		const context = { ...origin, firm: await findFirm(trx), ...details };
		const messages = people.map((person) => {
			const { bookingId, reference, contactName, contactEmail } = person;
			const booking = { id: bookingId, reference, contactName, contactEmail };
			return reminder({ ...context, booking, registration: person }, meeting, person.reminderKey, now);
		});
		await queueEmails(trx, messages, origin.domain, now);
		return people.length;
	});
}
