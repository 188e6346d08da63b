import { isErased } from "#app/domain/registration.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { waitlistPosition } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf, findRegistration } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import type { Registration, SessionRow } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { confirmation } from "#emails/templates/confirmation.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import type { MailOrigin } from "./mail-origin.ts";

/** Whether somebody who is not erased holds or waits for a seat, so that there is something to confirm. */
export function mayReconfirm(
	person: Pick<Registration, "status" | "name">,
	session: Pick<SessionRow, "cancelledAt">,
): boolean {
	if (isErased(person) || session.cancelledAt) return false;
	return person.status === "confirmed" || person.status === "waitlisted";
}

/**
 * Writes to somebody again that they have their seat, or their rank, as things are now: a message of its own, with a
 * link that works, to their address or to their contact's. Returns whether there was anybody to write to.
 */
export async function resendConfirmation(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	organizerId: string,
	now: Date,
): Promise<boolean> {
	return db.transaction().execute(async (trx) => {
		const registration = await findRegistration(trx, registrationId);
		const details = registration && (await findSessionDetails(trx, registration.sessionId));
		if (!details || !mayReconfirm(registration, details.session)) return false;
		const { id, bookingId, sessionId } = registration;
		const firm = await findFirm(trx);
		const facts = { ...origin, ...details, firm, booking: bookingOf(registration), registration };
		const message =
			registration.status === "confirmed"
				? confirmation(facts, now)
				: waitlisted(facts, await waitlistPosition(trx, registration), now);
		const again = { ...message, dedupeKey: `${message.dedupeKey}:again:${now.getTime()}` };
		await queueEmails(trx, [again], origin.domain, now);
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId,
					action: "registration.reconfirmed",
					sessionId,
					bookingId,
					registrationId: id,
				},
			],
			now,
		);
		return true;
	});
}
