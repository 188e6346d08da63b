import { decideSignUp } from "#app/domain/registration.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { waitlistPosition } from "#db/queries/bookings.server.ts";
import { bookingOf, findActiveByEmail } from "#db/queries/registrations.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { newEntry } from "./register.server.ts";

type ReturnResult = { ok: true } | { ok: false; reason: "unknown" | "closed" };

/** « Revenir sur la liste »: who declined an offer or let it lapse stands at the end of the list again, alone. */
export async function returnToWaitlist(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	now: Date,
): Promise<ReturnResult> {
	return withLockedPlace<ReturnResult>(db, registrationId, async (trx, place, session) => {
		if (place.status === "waitlisted") return { ok: true };
		const gaveUp = place.cancelReason === "declined" || place.cancelReason === "lapsed";
		const decision = decideSignUp(session, { size: 1, whenFull: "wait" }, now);
		const elsewhere = place.email ? await findActiveByEmail(trx, session.id, [place.email]) : [];
		if (!gaveUp || !decision.ok || session.waitlistMode === "none" || elsewhere.length > 0)
			return { ok: false, reason: "closed" };

		const after = {
			...session,
			seatsWaiting: session.seatsWaiting + 1,
			waitlistSeq: session.waitlistSeq + 1,
		};
		await saveSeats(trx, after);
		const entry = newEntry(place.bookingId, session.id, 1, after.waitlistSeq, now);
		await trx.insertInto("waitlistEntry").values(entry).execute();
		const registration = await trx
			.updateTable("registration")
			.set({
				status: "waitlisted",
				entryId: entry.id,
				cancelReason: null,
				cancelledAt: null,
				updatedAt: now,
				calendarSequence: place.calendarSequence + 1,
			})
			.where("id", "=", place.id)
			.returningAll()
			.executeTakeFirstOrThrow();
		const rank = await waitlistPosition(trx, registration);
		const facts = { ...(await dateFacts(trx, origin, session)), booking: bookingOf(place), registration };
		await queueEmails(trx, [waitlisted(facts, rank, now)], origin.domain, now);
		await recordAudit(
			trx,
			[
				{
					actor: "attendee",
					action: "waitlist.returned",
					sessionId: session.id,
					bookingId: place.bookingId,
					registrationId: place.id,
				},
			],
			now,
		);
		await fillFreedSeats(trx, origin, after, now);
		return { ok: true };
	});
}
