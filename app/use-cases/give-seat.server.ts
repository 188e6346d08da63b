import { mayStillGive } from "#app/domain/session.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { bookingOf, findActiveByEmail, type PlaceRow } from "#db/queries/registrations.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import type { Registration, SessionRow } from "#db/schema.ts";
import { queueEmails, withdrawQueued } from "#emails/outbox.server.ts";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { gaveSeat, receivedSeat } from "#emails/templates/given.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { leaveSession, vacate } from "./leave-session.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { newRegistration, type Person } from "./register.server.ts";

type GiveResult = { ok: true } | { ok: false; reason: "unknown" | "too-late" | "yourself" };

/**
 * Hands a confirmed seat to somebody else, who gets a registration of their own in the same booking: the giver's link
 * then only tells that, and their calendar entry ends.
 * Whoever was waiting leaves the list for this seat. Whoever had a seat already is told so by email alone, and this seat
 * goes to the first who waits: the giver's answer is the same.
 */
export async function giveSeat(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	receiver: Omit<Person, "email" | "organization"> & { email: string },
	now: Date,
): Promise<GiveResult> {
	return withLockedPlace<GiveResult>(db, registrationId, async (trx, place, session) => {
		if (place.status !== "confirmed") return { ok: false, reason: "unknown" };
		if (!mayStillGive(session, now)) return { ok: false, reason: "too-late" };
		if (place.email?.toLowerCase() === receiver.email.toLowerCase()) return { ok: false, reason: "yourself" };

		const context = await dateFacts(trx, origin, session);
		const [known] = await findActiveByEmail(trx, session.id, [receiver.email]);
		const left = await leaveSession(trx, session, place, "given", now);
		const gave = gaveSeat({ ...context, booking: bookingOf(place), registration: left.registration }, now);

		let after = left.session;
		let received: Registration | null = null;
		if (known?.status === "confirmed") {
			const told = alreadyRegistered({ ...context, booking: bookingOf(known), registration: known }, now);
			await queueEmails(trx, [gave, told], origin.domain, now);
		} else {
			received = known
				? await seatFromList(trx, known, now)
				: await newHolder(trx, origin, session, place, receiver, now);
			// What they held in line, a rank or an offered seat, is free for the next party.
			if (known) after = await vacate(trx, after, known, now);
			after = { ...after, seatsTaken: after.seatsTaken + 1 };
			await saveSeats(trx, after);
			const facts = { ...context, booking: bookingOf(known ?? place), registration: received };
			await queueEmails(trx, [gave, receivedSeat(facts, place.name, now)], origin.domain, now);
		}
		await recordAudit(
			trx,
			[
				{
					actor: "attendee",
					action: "registration.given",
					sessionId: session.id,
					bookingId: place.bookingId,
					registrationId: place.id,
				},
				...(received
					? [
							{
								actor: "attendee" as const,
								action: "registration.received" as const,
								sessionId: session.id,
								bookingId: received.bookingId,
								registrationId: received.id,
							},
						]
					: []),
			],
			now,
		);
		await fillFreedSeats(trx, origin, after, now);
		return { ok: true };
	});
}

async function newHolder(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	giver: PlaceRow,
	receiver: { name: string; email: string; locale: Person["locale"] },
	now: Date,
): Promise<Registration> {
	const last = await trx
		.selectFrom("registration")
		.select((eb) => eb.fn.max("position").as("position"))
		.where("bookingId", "=", giver.bookingId)
		.executeTakeFirstOrThrow();
	const person = { ...receiver, organization: giver.organization };
	const place = { person, status: "confirmed" as const, shownAs: null, entryId: null };
	const row = newRegistration(
		origin,
		session,
		{ ...place, bookingId: giver.bookingId, position: last.position + 1 },
		now,
	);
	// The booking owes for this seat what it agreed to.
	const { priceCents, gstRate, qstRate } = giver;
	return trx
		.insertInto("registration")
		.values({ ...row, priceCents, gstRate, qstRate })
		.returningAll()
		.executeTakeFirstOrThrow();
}

async function seatFromList(trx: Trx, waiting: PlaceRow, now: Date): Promise<Registration> {
	await withdrawQueued(trx, [waiting.id]);
	return trx
		.updateTable("registration")
		.set({
			status: "confirmed",
			entryId: null,
			updatedAt: now,
			calendarSequence: waiting.calendarSequence + 1,
		})
		.where("id", "=", waiting.id)
		.returningAll()
		.executeTakeFirstOrThrow();
}
