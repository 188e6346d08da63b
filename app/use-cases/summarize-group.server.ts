import type { Trx } from "#db/client.server.ts";
import { findBooking } from "#db/queries/bookings.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import { dateFacts } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Queues the summary of a group again, after the first one was withdrawn because it was no longer true; `why` tells the two
 * apart. To nobody when all of its people are erased.
 */
export async function summarizeAgain(
	trx: Trx,
	origin: MailOrigin,
	bookingId: string,
	why: string,
	now: Date,
): Promise<void> {
	const group = await findBooking(trx, bookingId);
	if (!group?.registrations.some(({ name }) => name)) return;
	const { sessionId } = group.booking;
	const session = trx.selectFrom("session").selectAll().where("id", "=", sessionId);
	const facts = await dateFacts(trx, origin, await session.executeTakeFirstOrThrow());
	const summary = groupBooked({ ...facts, ...group }, `group-booked:${bookingId}:${why}`);
	await queueEmails(trx, [summary], origin.domain, now);
}
