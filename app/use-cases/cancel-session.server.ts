import type { Locale } from "#app/domain/locale.ts";
import { activeStatuses } from "#app/domain/registration.ts";
import { takesSignUps } from "#app/domain/session.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { type AbsentContact, listAbsentContacts } from "#db/queries/bookings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { bookingOf, listSessionPeople, type SessionPerson } from "#db/queries/registrations.server.ts";
import {
	findSessionDetails,
	listWorkshopSessions,
	lockPlan,
	lockSession,
	type SessionDetails,
} from "#db/queries/sessions.server.ts";
import { queueEmails, withdrawOfSession } from "#emails/outbox.server.ts";
import { groupSessionCancelled } from "#emails/templates/group-told.tsx";
import { sessionCancelled } from "#emails/templates/session-cancelled.tsx";
import type { MailOrigin } from "./mail-origin.ts";
import { type Notices, queueNotices, renderedOnce, toldBy } from "./session-notices.server.ts";

type CancelSessionResult = { ok: true; told: number } | { ok: false; reason: "unknown" | "past" };

/**
 * Cancels a date for everyone: each place ends with the reason `session`, the waitlist and its offers with it, and each
 * person is told, with the other dates they can have. `words` is the organizer's own message in each language, or
 * empty. Cancelling what is cancelled already is a success that tells nobody.
 */
export async function cancelSession(
	db: Db,
	origin: MailOrigin,
	sessionId: string,
	words: Record<Locale, string>,
	organizerId: string,
	now: Date,
): Promise<CancelSessionResult> {
	return db.transaction().execute(async (trx) => {
		await lockPlan(trx, sessionId);
		const details = await findSessionDetails(trx, sessionId);
		if (!details) return { ok: false, reason: "unknown" };
		if (details.session.cancelledAt) return { ok: true, told: 0 };
		if (now >= details.session.endsAt) return { ok: false, reason: "past" };

		const message = await noticeOf(trx, origin, details, words, now);
		const queue = (written?: Notices) => queueNotices(trx, origin.domain, sessionId, message, now, written);
		const written = await queue();
		const facts = { ...origin, ...details, firm: await findFirm(trx) };
		const groupMessage = renderedOnce(({ names, ...booking }: AbsentContact) =>
			groupSessionCancelled({ ...facts, booking, names }, words[booking.contactLocale] || words.fr),
		);
		for (const group of await listAbsentContacts(trx, sessionId)) groupMessage(group);
		await lockSession(trx, sessionId);
		const told = toldBy(await queue(written));
		await withdrawOfSession(trx, sessionId, "not in", ["session-cancelled", "erased"]);
		const groups = (await listAbsentContacts(trx, sessionId)).map(groupMessage);
		await queueEmails(trx, groups, origin.domain, now);
		await endPlaces(trx, sessionId, now);
		await trx
			.updateTable("session")
			.set((eb) => ({
				cancelledAt: now,
				updatedAt: now,
				seatsTaken: 0,
				seatsWaiting: 0,
				revision: eb("revision", "+", 1),
			}))
			.where("id", "=", sessionId)
			.execute();
		await recordAudit(
			trx,
			[
				{
					actor: "organizer",
					organizerId,
					action: "session.cancelled",
					workshopId: details.workshop.id,
					sessionId,
					data: { told },
				},
			],
			now,
		);
		return { ok: true, told };
	});
}

/** The dates of the same workshop that somebody can still sign up for, the next one first. */
export async function listOtherDates(db: Db | Trx, { session, workshop }: SessionDetails, now: Date) {
	if (!workshop.publishedAt || workshop.archivedAt) return [];
	const dates = await listWorkshopSessions(db, workshop.id, now);
	return dates.filter((date) => date.id !== session.id && takesSignUps(date, now)).slice(0, 5);
}

async function noticeOf(
	trx: Trx,
	origin: MailOrigin,
	details: SessionDetails,
	words: Record<Locale, string>,
	now: Date,
) {
	const context = { ...origin, ...details, firm: await findFirm(trx) };
	const others = await listOtherDates(trx, details, now);
	return (person: SessionPerson) => {
		const registration = { ...person, calendarSequence: person.calendarSequence + 1 };
		const own = words[person.locale] || words.fr;
		return sessionCancelled(
			{ ...context, booking: bookingOf(person), registration },
			person.status,
			{ own, others },
			now,
		);
	};
}

const atOnce = 1000;

/** Every place of the session ends, with the waitlist and the offers: what each one was stays in the audit. */
async function endPlaces(trx: Trx, sessionId: string, now: Date): Promise<void> {
	const people = await listSessionPeople(trx, sessionId);
	await trx
		.updateTable("registration")
		.set((eb) => ({
			status: "cancelled",
			entryId: null,
			cancelReason: "session",
			cancelledAt: now,
			updatedAt: now,
			calendarSequence: eb("calendarSequence", "+", 1),
		}))
		.where("sessionId", "=", sessionId)
		.where("status", "in", activeStatuses)
		.execute();
	await trx
		.updateTable("registration")
		.set({ shownAs: "cancelled" })
		.where("sessionId", "=", sessionId)
		.where("status", "=", "repeated")
		.execute();
	await trx
		.updateTable("waitlistEntry")
		.set({ state: "left", endedAt: now })
		.where("sessionId", "=", sessionId)
		.where("state", "in", ["waiting", "offered"])
		.execute();
	await trx
		.updateTable("offer")
		.set({ state: "lapsed", endedAt: now })
		.where("sessionId", "=", sessionId)
		.where("state", "=", "open")
		.execute();
	for (let from = 0; from < people.length; from += atOnce) {
		await recordAudit(
			trx,
			people.slice(from, from + atOnce).map((person) => ({
				actor: "system",
				action: "registration.cancelled",
				sessionId,
				bookingId: person.bookingId,
				registrationId: person.id,
				data: { was: person.status, reason: "session" },
			})),
			now,
		);
	}
}
