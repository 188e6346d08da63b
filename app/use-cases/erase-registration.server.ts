import { isAhead, mayStillErase } from "#app/domain/registration.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { erasePeople } from "#db/queries/retention.server.ts";
import { type By, giveUpPlace } from "./cancel-registration.server.ts";
import { withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

export type EraseResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" };

/**
 * Erases at somebody's request what one registration says of them (P-39.1, s. 23 and 28), as `erasePast` does with time. A place
 * that is still to be used is given up with it; one that is over still counts. Whoever leads a group stays its contact until
 * its last person is erased. Erasing what is erased is a success that changes nothing.
 */
export async function eraseRegistration(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	by: By,
	now: Date,
): Promise<EraseResult> {
	return withLockedPlace<EraseResult>(db, registrationId, async (trx, place, session) => {
		if (place.name === "") return { ok: true };
		const attendee = "attendee" in by;
		if (attendee && !mayStillErase(session, place.status, now)) return { ok: false, reason: "too-late" };
		await erasePeople(trx, [place.id], [place.bookingId], now);
		// After it: the last email says what became of the place, and leaves.
		if (isAhead(session, place.status, now)) await giveUpPlace(trx, origin, session, place, by, now, true);
		await recordAudit(
			trx,
			[
				{
					actor: attendee ? "attendee" : "organizer",
					organizerId: attendee ? undefined : by.organizerId,
					action: "registration.erased",
					sessionId: session.id,
					bookingId: place.bookingId,
					registrationId: place.id,
				},
			],
			now,
		);
		return { ok: true };
	});
}
