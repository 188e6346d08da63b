import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf, findPeopleInLine } from "#db/queries/registrations.server.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import type { Offer } from "#db/schema.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { offerLapsed } from "#emails/templates/offered.tsx";
import { eachApart } from "./each-apart.server.ts";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { closeOffer, leaveSession } from "./leave-session.server.ts";
import { dateFacts } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Ends the offers whose hour has come, each in a transaction of its own, and offers their seats to the next parties.
 * Safe on every instance at once and after any restart: the session's lock decides who ends an offer. Returns how many
 * this call ended.
 */
export async function lapseOffers(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	const due = await db
		.selectFrom("offer")
		.selectAll()
		.where("state", "=", "open")
		.where("expiresAt", "<=", now)
		.orderBy("expiresAt")
		.limit(500)
		.execute();
	return eachApart(due, async (offer) => {
		const lapsed = await db.transaction().execute((trx) => lapseOffer(trx, origin, offer, now));
		return lapsed ? 1 : 0;
	});
}

async function lapseOffer(trx: Trx, origin: MailOrigin, offer: Offer, now: Date): Promise<boolean> {
	const session = await lockSession(trx, offer.sessionId);
	const open = await trx
		.selectFrom("offer")
		.select("id")
		.where("id", "=", offer.id)
		.where("state", "=", "open")
		.executeTakeFirst();
	if (!session || !open) return false;

	const people = await findPeopleInLine(trx, [offer.entryId]);
	await closeOffer(trx, offer.entryId, "lapsed", now);
	await trx
		.updateTable("waitlistEntry")
		.set({ state: "lapsed", endedAt: now })
		.where("id", "=", offer.entryId)
		.execute();
	const context = await dateFacts(trx, origin, session);
	const messages: Message[] = [];
	let after = session;
	for (const person of people) {
		const left = await leaveSession(trx, after, person, "lapsed", now);
		after = left.session;
		const facts = { ...context, booking: bookingOf(person), registration: left.registration };
		messages.push(offerLapsed(facts, offer.id, now));
	}
	await trx
		.updateTable("registration")
		.set({ shownAs: "cancelled" })
		.where("bookingId", "=", (eb) =>
			eb.selectFrom("waitlistEntry").select("bookingId").where("id", "=", offer.entryId),
		)
		.where("shownAs", "=", "offered")
		.execute();
	await queueEmails(trx, messages, origin.domain, now);
	await recordAudit(
		trx,
		people.map((person) => ({
			actor: "system" as const,
			action: "offer.lapsed" as const,
			sessionId: session.id,
			bookingId: person.bookingId,
			registrationId: person.id,
		})),
		now,
	);
	await fillFreedSeats(trx, origin, after, now);
	return true;
}
