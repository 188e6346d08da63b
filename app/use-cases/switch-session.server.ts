import { decideSignUp, mayStillLeave, type Refusal } from "#app/domain/registration.ts";
import { taxRates } from "#app/domain/taxes.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf, findActiveByEmail } from "#db/queries/registrations.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { describePlace } from "#emails/templates/registration-email.tsx";
import { switched } from "#emails/templates/switched.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { vacate } from "./leave-session.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

export type SwitchResult =
	| { ok: true }
	| { ok: false; reason: Refusal | "unknown" | "too-late" | "already-there" };

/**
 * Moves one person to another date of the same workshop, in one transaction under both locks: the old seat is let go
 * only once the new one is held. The registration stays the same one, and so do its link and its calendar entry. An
 * organizer is bound by the room's capacity, not by deadlines. Moving somebody to where they are changes nothing.
 */
export async function switchSession(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	toSessionId: string,
	by: { attendee: true } | { organizerId: string },
	now: Date,
): Promise<SwitchResult> {
	const attendee = "attendee" in by;
	return withLockedPlace<SwitchResult>(
		db,
		registrationId,
		async (trx, place, session, target) => {
			if (place.sessionId === toSessionId && place.status === "confirmed") return { ok: true };
			if (place.sessionId === toSessionId) return { ok: false, reason: "already-there" };
			if (
				place.status === "cancelled" ||
				place.status === "repeated" ||
				target?.workshopId !== session.workshopId
			)
				return { ok: false, reason: "unknown" };
			if (attendee && !mayStillLeave(session, place.status, now)) return { ok: false, reason: "too-late" };
			const open = attendee ? target : { ...target, opensAt: null, closesAt: null };
			const decision = decideSignUp(open, { size: 1, whenFull: "refuse" }, now);
			if (!decision.ok) return decision;
			if (place.email && (await findActiveByEmail(trx, target.id, [place.email])).length > 0)
				return { ok: false, reason: "already-there" };

			await saveSeats(trx, { ...target, seatsTaken: target.seatsTaken + 1 });
			const registration = await trx
				.updateTable("registration")
				.set({
					sessionId: target.id,
					status: "confirmed",
					entryId: null,
					priceCents: target.priceCents,
					...taxRates,
					calendarSequence: place.calendarSequence + 1,
					updatedAt: now,
				})
				.where("id", "=", place.id)
				.returningAll()
				.executeTakeFirstOrThrow();
			const left = await vacate(trx, session, place, now);

			await withdrawQueued(trx, [place.id]);
			const before = describePlace({
				...(await dateFacts(trx, origin, session)),
				booking: bookingOf(place),
				registration,
			});
			const facts = { ...(await dateFacts(trx, origin, target)), booking: bookingOf(place), registration };
			await queueEmails(trx, [switched(facts, before.day, now)], origin.domain, now);
			await recordAudit(
				trx,
				[
					{
						actor: attendee ? "attendee" : "organizer",
						organizerId: attendee ? undefined : by.organizerId,
						action: "registration.switched",
						sessionId: target.id,
						bookingId: place.bookingId,
						registrationId: place.id,
						data: { from: session.id, was: place.status },
					},
				],
				now,
			);
			await fillFreedSeats(trx, origin, left, now);
			return { ok: true };
		},
		toSessionId,
	);
}
