import { endsWithErasure, mayStillErase, shownStatus } from "#app/domain/registration.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { bookingOf, findRepeated } from "#db/queries/registrations.server.ts";
import { erasePeople, recordErasures } from "#db/queries/retention.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { erased } from "#emails/templates/erased.tsx";
import { type By, giveUpPlace } from "./cancel-registration.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { summarizeAgain } from "./summarize-group.server.ts";

type EraseResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" };

/**
 * Erases at somebody's request what one registration says of them (P-39.1, s. 23 and 28), as `erasePast` does with time;
 * and where their address was named again for the same date, unless it is the contact of a group who asks (`alone`).
 * A place that is still to be used is given up with it; one that is over still counts. A last email says so.
 * Whoever leads a group stays its contact until its last person is erased; whoever is erased is unknown.
 */
export async function eraseRegistration(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	by: By & { alone?: boolean },
	now: Date,
): Promise<EraseResult> {
	return withLockedPlace<EraseResult>(db, registrationId, async (trx, place, session) => {
		const attendee = "attendee" in by;
		if (attendee && !mayStillErase(session, shownStatus(place), now))
			return { ok: false, reason: "too-late" };
		// Anyone can name an address in a group of their own: that one leads to nobody else's booking.
		const repeated = place.email && !by.alone ? await findRepeated(trx, session.id, place.email) : [];
		const gone = [place, ...repeated.filter(({ id }) => id !== place.id)];
		const bookingIds = [...new Set(gone.map(({ bookingId }) => bookingId))];
		const untold = await findUntold(trx, bookingIds);
		const left = await erasePeople(
			trx,
			gone.map(({ id }) => id),
			bookingIds,
			now,
		);
		if (endsWithErasure(session, place.status, now)) {
			await giveUpPlace(trx, origin, session, place, by, now, erased);
		} else if (place.status !== "repeated") {
			const facts = {
				...(await dateFacts(trx, origin, session)),
				booking: bookingOf(place),
				registration: place,
			};
			await queueEmails(trx, [erased(facts, null, now)], origin.domain, now);
		}
		for (const bookingId of untold) await summarizeAgain(trx, origin, bookingId, place.id, now);
		const who = attendee
			? { actor: "attendee" as const }
			: { actor: "organizer" as const, organizerId: by.organizerId };
		const erasedPlaces = gone.map(({ id, bookingId }) => ({ id, bookingId, sessionId: session.id }));
		await recordErasures(trx, who, erasedPlaces, left, now);
		return { ok: true };
	});
}

/** The groups among these bookings whose contact has not been told yet who is in them. */
async function findUntold(trx: Trx, bookingIds: string[]): Promise<string[]> {
	const summaries = await trx
		.selectFrom("email")
		.select("bookingId")
		.distinct()
		.where("bookingId", "in", bookingIds)
		.where("kind", "=", "group-booked")
		.where("status", "in", ["queued", "sending"])
		.execute();
	return summaries.flatMap(({ bookingId }) => bookingId ?? []);
}
