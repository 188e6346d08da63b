import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findOpenOffer } from "#db/queries/bookings.server.ts";
import { bookingOf } from "#db/queries/registrations.server.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { confirmation } from "#emails/templates/confirmation.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { leaveSession, shrinkEntry } from "./leave-session.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

type AnswerResult = { ok: true } | { ok: false; reason: "unknown" | "lapsed" };

/**
 * Takes the seat that is offered to one person, or passes it on at once to the next party. An offer whose hour has come
 * cannot be taken any more, even before the lapse is recorded. Answering again what was already answered changes nothing.
 */
export async function answerOffer(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	answer: "accept" | "decline",
	now: Date,
): Promise<AnswerResult> {
	return withLockedPlace<AnswerResult>(db, registrationId, async (trx, place, session) => {
		const { entryId } = place;
		if (place.shownAs === "offered") {
			const shownAs = answer === "accept" ? "confirmed" : "cancelled";
			await trx.updateTable("registration").set({ shownAs }).where("id", "=", place.id).execute();
			return { ok: true };
		}
		if (place.status !== "offered" || !entryId) {
			// Another tab was faster: the page then says how things stand.
			const answered = place.status === "confirmed" || place.cancelReason === "declined";
			return answered ? { ok: true } : { ok: false, reason: "lapsed" };
		}
		const offer = await findOpenOffer(trx, entryId);
		if (!offer || now >= offer.expiresAt || now >= session.startsAt || session.cancelledAt)
			return { ok: false, reason: "lapsed" };

		let after = session;
		if (answer === "accept") {
			await trx
				.updateTable("registration")
				.set({ status: "confirmed", entryId: null, updatedAt: now })
				.where("id", "=", place.id)
				.execute();
			await shrinkEntry(trx, entryId, "confirmed", now);
			await withdrawQueued(trx, [place.id]);
			const facts = {
				...(await dateFacts(trx, origin, session)),
				booking: bookingOf(place),
				registration: place,
			};
			await queueEmails(trx, [confirmation(facts, now)], origin.domain, now);
		} else {
			after = (await leaveSession(trx, session, place, "declined", now)).session;
		}
		await recordAudit(
			trx,
			[
				{
					actor: "attendee",
					action: answer === "accept" ? "offer.accepted" : "offer.declined",
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
