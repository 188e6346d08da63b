import { tentativeUntil } from "#app/domain/session.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { describeSession, listDatesToConfirm, lockSession } from "#db/queries/sessions.server.ts";
import { sessionConfirmed } from "#emails/templates/session-confirmed.tsx";
import { raiseSequences } from "./change-session.server.ts";
import { eachApart } from "./each-apart.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { queueNotices, toldBy } from "./session-notices.server.ts";

/**
 * Tells the people of each tentative date that enough of them have come: it is held from then on, even if some leave.
 * Safe on every instance at once: the session's lock decides who tells it. Returns how many messages it queued.
 */
export async function confirmDates(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	return eachApart(await listDatesToConfirm(db, now), (id) => confirmDate(db, origin, id, now));
}

async function confirmDate(db: Db, origin: MailOrigin, id: string, now: Date): Promise<number> {
	return db.transaction().execute(async (trx) => {
		const locked = await lockSession(trx, id);
		if (!locked?.tentative || tentativeUntil(locked, now) !== null) return 0;
		const session = await trx
			.updateTable("session")
			.set({ tentative: false })
			.where("id", "=", id)
			.returningAll()
			.executeTakeFirstOrThrow();
		const context = { ...origin, ...(await describeSession(trx, session)), firm: await findFirm(trx) };
		const notices = await queueNotices(
			trx,
			origin.domain,
			id,
			(person) => {
				if (person.status !== "confirmed") return null;
				const registration = { ...person, calendarSequence: person.calendarSequence + 1 };
				return sessionConfirmed({ ...context, booking: bookingOf(person), registration }, now);
			},
			now,
		);
		await raiseSequences(trx, id);
		const told = toldBy(notices);
		const about = { workshopId: session.workshopId, sessionId: id, data: { told } };
		await recordAudit(trx, [{ actor: "system", action: "session.confirmed", ...about }], now);
		return told;
	});
}
