import { sql } from "kysely";
import { mayStillCancel } from "#app/domain/session.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession } from "#db/queries/sessions.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { cancellation } from "#emails/templates/cancellation.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { leaveSession } from "./leave-session.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

export type CancelResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" };

/**
 * Gives up one person's place: frees the seat, hands it to the first who waits, queues both emails and the calendar's
 * cancellation. Cancelling what is already cancelled is a success that changes nothing. An organizer is not bound by
 * the deadline.
 */
export async function cancelRegistration(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	by: { attendee: true } | { organizerId: string },
	now: Date,
): Promise<CancelResult> {
	const known = await findRegistration(db, registrationId);
	if (!known) return { ok: false, reason: "unknown" };

	return db.transaction().execute(async (trx) => {
		await sql`set local lock_timeout = '5s'`.execute(trx);
		const session = await lockSession(trx, known.sessionId);
		const registration = await findRegistration(trx, registrationId);
		if (!session || !registration) return { ok: false, reason: "unknown" };
		if (registration.status === "cancelled") return { ok: true };
		if ("attendee" in by && !mayStillCancel(session, now)) return { ok: false, reason: "too-late" };

		const waited = registration.status === "waitlisted";
		const reason = "attendee" in by ? "attendee" : "organizer";
		const { session: after, registration: cancelled } = await leaveSession(
			trx,
			session,
			registration,
			reason,
			now,
		);
		if (cancelled.email) {
			const details = await describeSession(trx, session);
			const facts = {
				...origin,
				...details,
				firm: await findFirm(trx),
				booking: { id: cancelled.bookingId, reference: cancelled.reference },
				registration: { ...cancelled, email: cancelled.email },
			};
			await queueEmails(trx, [cancellation(facts, waited ? "waiting" : "seat", now)], origin.domain, now);
		}
		await recordAudit(
			trx,
			[
				{
					actor: "attendee" in by ? "attendee" : "organizer",
					organizerId: "organizerId" in by ? by.organizerId : undefined,
					action: "registration.cancelled",
					sessionId: session.id,
					bookingId: registration.bookingId,
					registrationId: registration.id,
					data: { was: registration.status },
				},
			],
			now,
		);
		await fillFreedSeats(trx, origin, after, now);
		return { ok: true };
	});
}
