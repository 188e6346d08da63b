import { mayStillLeave, shownStatus } from "#app/domain/registration.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf, type PlaceRow } from "#db/queries/registrations.server.ts";
import type { SessionRow } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { cancellation } from "#emails/templates/cancellation.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { leaveSession } from "./leave-session.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

type CancelResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" };

/** Who changes a place: whoever has its link, or an organizer. */
export type By = { attendee: true } | { organizerId: string };

/**
 * Gives up one person's place: frees the seat, hands it to the first who waits, queues both emails and the calendar's
 * cancellation. Cancelling what is already cancelled is a success that changes nothing. An organizer is not bound by
 * the deadline.
 */
export async function cancelRegistration(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	by: By,
	now: Date,
): Promise<CancelResult> {
	return withLockedPlace<CancelResult>(db, registrationId, async (trx, place, session) => {
		const status = shownStatus(place);
		// Somebody who holds nothing, and was told that it ended.
		if (status === "cancelled") return { ok: true };
		if ("attendee" in by && !mayStillLeave(session, status, now)) return { ok: false, reason: "too-late" };
		await giveUpPlace(trx, origin, session, place, by, now);
		return { ok: true };
	});
}

/** The same in a transaction that holds the session's lock, for a place that is held or waited for; `told` is the email to its owner. */
export async function giveUpPlace(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	place: PlaceRow,
	by: By,
	now: Date,
	told = cancellation,
): Promise<void> {
	const attendee = "attendee" in by;
	const left = await leaveSession(trx, session, place, attendee ? "attendee" : "organizer", now);
	if (place.status !== "repeated") {
		const context = await dateFacts(trx, origin, session);
		const facts = { ...context, booking: bookingOf(place), registration: left.registration };
		const was = place.status === "confirmed" ? "seat" : "waiting";
		await queueEmails(trx, [told(facts, was, now)], origin.domain, now);
	}
	await recordAudit(
		trx,
		[
			{
				actor: attendee ? "attendee" : "organizer",
				organizerId: attendee ? undefined : by.organizerId,
				action: "registration.cancelled",
				sessionId: session.id,
				bookingId: place.bookingId,
				registrationId: place.id,
				data: { was: place.status },
			},
		],
		now,
	);
	await fillFreedSeats(trx, origin, left.session, now);
}
