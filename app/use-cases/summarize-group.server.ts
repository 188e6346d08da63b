import type { Trx } from "#db/client.server.ts";
import { findBooking } from "#db/queries/bookings.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import type { DateFacts } from "#emails/templates/registration-email.tsx";
import { dateFacts } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Queues the summary of a group again, after the first one was withdrawn because it was no longer true; `why` tells the two
 * apart, `known` its date. To nobody when all of its people are erased.
 */
export async function summarizeAgain(
	trx: Trx,
	origin: MailOrigin,
	bookingId: string,
	why: string,
	now: Date,
	known?: DateFacts,
): Promise<void> {
	const group = await findBooking(trx, bookingId);
	if (!group?.registrations.some(({ name }) => name)) return;
	const facts = known ?? (await factsOf(trx, origin, group.booking.sessionId));
	const summary = groupBooked({ ...facts, ...group }, `group-booked:${bookingId}:${why}`);
	await queueEmails(trx, [summary], origin.domain, now);
}

async function factsOf(trx: Trx, origin: MailOrigin, sessionId: string): Promise<DateFacts> {
	const session = trx.selectFrom("session").selectAll().where("id", "=", sessionId);
	return dateFacts(trx, origin, await session.executeTakeFirstOrThrow());
}
