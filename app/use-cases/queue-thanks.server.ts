import { thanksAreDue } from "#app/domain/mornings.server.ts";
import type { Db } from "#db/client.server.ts";
import { listAbsentees } from "#db/queries/attendance.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { findSessionDetails, listSessionsToThank } from "#db/queries/sessions.server.ts";
import { thanks, thanksPrefix } from "#emails/templates/thanks.tsx";
import { eachApart } from "./each-apart.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { queueNotices, toldBy } from "./session-notices.server.ts";

/**
 * Queues the thanks of the morning after, for who had a seat to the end and was not seen to be absent.
 * It may run on every instance and as often as wanted: a person is thanked once. Returns how many it queued.
 */
export async function queueDueThanks(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	const ended = await listSessionsToThank(db, thanksPrefix, now);
	const due = ended.filter((session) => thanksAreDue(session, now));
	return eachApart(due, (session) =>
		db.transaction().execute(async (trx) => {
			const details = (await findSessionDetails(trx, session.id))!;
			const absent = await listAbsentees(trx, session.id);
			const context = { ...origin, ...details, firm: await findFirm(trx) };
			const notices = await queueNotices(
				trx,
				origin.domain,
				session.id,
				(person) =>
					person.status === "confirmed" && !absent.has(person.id)
						? thanks({ ...context, booking: bookingOf(person), registration: person }, now)
						: null,
				now,
			);
			return toldBy(notices);
		}),
	);
}
