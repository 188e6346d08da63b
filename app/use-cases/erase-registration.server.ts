import { endsWithErasure, mayStillErase } from "#app/domain/registration.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findBooking } from "#db/queries/bookings.server.ts";
import { bookingOf, findRepeated, type PlaceRow } from "#db/queries/registrations.server.ts";
import { erasePeople } from "#db/queries/retention.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { erased } from "#emails/templates/erased.tsx";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import type { DateFacts } from "#emails/templates/registration-email.tsx";
import { type By, giveUpPlace } from "./cancel-registration.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

export type EraseResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" };

/**
 * Erases at somebody's request what one registration says of them (P-39.1, s. 23 and 28), as `erasePast` does with time, and where
 * their address was named again for the same date. A place that is still to be used is given up with it; one that is over
 * still counts. A last email says so. Whoever leads a group stays its contact until its last person is erased; whoever is erased is
 * unknown.
 */
export async function eraseRegistration(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	by: By,
	now: Date,
): Promise<EraseResult> {
	return withLockedPlace<EraseResult>(db, registrationId, async (trx, place, session) => {
		const attendee = "attendee" in by;
		if (attendee && !mayStillErase(session, place.status, now)) return { ok: false, reason: "too-late" };
		const repeated = place.email ? await findRepeated(trx, session.id, place.email) : [];
		const gone = [place, ...repeated.filter(({ id }) => id !== place.id)];
		const summaryWaits = await waitsForSummary(trx, place.bookingId);
		await erasePeople(
			trx,
			gone.map(({ id }) => id),
			[...new Set(gone.map(({ bookingId }) => bookingId))],
			now,
		);
		const context = await dateFacts(trx, origin, session);
		if (endsWithErasure(session, place.status, now)) {
			await giveUpPlace(trx, origin, session, place, by, now, erased);
		} else if (place.status !== "repeated") {
			const facts = { ...context, booking: bookingOf(place), registration: place };
			await queueEmails(trx, [erased(facts, null, now)], origin.domain, now);
		}
		if (summaryWaits) await summarizeAgain(trx, { ...origin, ...context }, place, now);
		await recordAudit(
			trx,
			gone.map(({ id, bookingId }) => ({
				actor: attendee ? ("attendee" as const) : ("organizer" as const),
				organizerId: attendee ? undefined : by.organizerId,
				action: "registration.erased" as const,
				sessionId: session.id,
				bookingId,
				registrationId: id,
			})),
			now,
		);
		return { ok: true };
	});
}

/** Whether the contact of a group has not been told yet who is in it. */
async function waitsForSummary(trx: Trx, bookingId: string): Promise<boolean> {
	const waiting = await trx
		.selectFrom("email")
		.select("id")
		.where("bookingId", "=", bookingId)
		.where("kind", "=", "group-booked")
		.where("status", "in", ["queued", "sending"])
		.limit(1)
		.executeTakeFirst();
	return waiting !== undefined;
}

/** The summary that was withdrawn named somebody who is erased: another one names those who are left. */
async function summarizeAgain(trx: Trx, context: DateFacts & MailOrigin, place: PlaceRow, now: Date) {
	const group = await findBooking(trx, place.bookingId);
	if (!group?.registrations.some(({ name }) => name)) return;
	const summary = groupBooked({ ...context, ...group }, `group-booked:${place.bookingId}:${place.id}`);
	await queueEmails(trx, [summary], context.domain, now);
}
