import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import { referenceFromBytes } from "#app/domain/reference.ts";
import { seatsLeft } from "#app/domain/session.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findActiveByEmail } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession } from "#db/queries/sessions.server.ts";
import type { Booking, Organizer, SessionRow } from "#db/schema.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { confirmation } from "#emails/templates/confirmation.tsx";
import type { MailOrigin } from "./mail-origin.ts";
import { newRegistration } from "./register.server.ts";

export type NewAttendee = {
	name: string;
	email: string | null;
	organization: string;
	phone: string;
	note: string;
	locale: Locale;
};

export type AddOptions = {
	/** Sends each person their confirmation; else nobody is told. */
	notify: boolean;
	/** Whether the organizer agreed to go over the capacity, or past those who wait. */
	overCapacity: boolean;
};

export type AddResult =
	| { ok: true; ids: string[] }
	| { ok: false; reason: "unknown" | "cancelled" }
	| { ok: false; reason: "full"; left: number }
	| { ok: false; reason: "registered"; emails: string[] };

const atOnce = 500;

/**
 * Gives seats to people whom an organizer names, all of them or nobody. Each gets a booking of their own; the contact of
 * somebody without an address is the organizer. `key` makes a second sending the same one.
 */
export async function addAttendees(
	db: Db,
	origin: MailOrigin,
	sessionId: string,
	people: NewAttendee[],
	options: AddOptions,
	by: Organizer,
	now: Date,
	key?: string,
): Promise<AddResult> {
	return db.transaction().execute(async (trx) => {
		await sql`set local lock_timeout = '5s'`.execute(trx);
		const session = await lockSession(trx, sessionId);
		if (!session) return { ok: false, reason: "unknown" };
		if (session.cancelledAt) return { ok: false, reason: "cancelled" };
		if (key && (await isSpent(trx, key))) return { ok: true, ids: [] };
		const emails = people.flatMap(({ email }) => (email ? [email.toLowerCase()] : []));
		const registered = await findActiveByEmail(trx, sessionId, emails);
		const twice = emails.filter((email, index) => emails.indexOf(email) < index);
		if (registered.length + twice.length > 0) {
			const known = registered.map(({ email }) => email?.toLowerCase() ?? "");
			return { ok: false, reason: "registered", emails: [...new Set([...known, ...twice])] };
		}
		const left = seatsLeft(session);
		if (people.length > left && !options.overCapacity) return { ok: false, reason: "full", left };

		await trx
			.updateTable("session")
			.set({ seatsTaken: session.seatsTaken + people.length })
			.where("id", "=", sessionId)
			.execute();
		const ids: string[] = [];
		for (let from = 0; from < people.length; from += atOnce) {
			const added = people.slice(from, from + atOnce);
			ids.push(...(await addBatch(trx, origin, session, added, options, by, now, key)));
		}
		return { ok: true, ids };
	});
}

async function isSpent(trx: Trx, key: string): Promise<boolean> {
	return (
		(await trx.selectFrom("booking").select("id").where("key", "=", key).executeTakeFirst()) !== undefined
	);
}

async function addBatch(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	people: NewAttendee[],
	options: AddOptions,
	by: Organizer,
	now: Date,
	key = newId(),
): Promise<string[]> {
	const places = people.map((person, index) => {
		const booking = newBooking(session, person, by, index === 0 ? key : newId(), now);
		const seat = { bookingId: booking.id, position: 1, entryId: null };
		const { phone, note } = person;
		const placed = { ...seat, person, status: "confirmed" as const, shownAs: null };
		return { booking, registration: { ...newRegistration(origin, session, placed, now), phone, note } };
	});
	await trx
		.insertInto("booking")
		.values(places.map(({ booking }) => booking))
		.execute();
	await trx
		.insertInto("registration")
		.values(places.map(({ registration }) => registration))
		.execute();
	if (options.notify) {
		const context = { ...origin, ...(await describeSession(trx, session)), firm: await findFirm(trx) };
		const messages = places.map(({ booking, registration }) =>
			confirmation({ ...context, booking, registration }, now),
		);
		await queueEmails(trx, messages, origin.domain, now);
	}
	await recordAudit(
		trx,
		places.map(({ booking, registration }) => ({
			actor: "organizer",
			organizerId: by.id,
			action: "registration.added",
			sessionId: session.id,
			bookingId: booking.id,
			registrationId: registration.id,
			data: { told: options.notify, overCapacity: options.overCapacity },
		})),
		now,
	);
	return places.map(({ registration }) => registration.id);
}

function newBooking(
	session: SessionRow,
	person: NewAttendee,
	by: Organizer,
	key: string,
	now: Date,
): Booking {
	const contact = person.email ? { ...person, email: person.email } : by;
	return {
		id: newId(),
		key,
		payloadHash: "organizer",
		reference: referenceFromBytes(randomBytes(5)),
		sessionId: session.id,
		contactName: contact.name,
		contactEmail: contact.email,
		contactLocale: contact.locale,
		contactAttends: person.email !== null,
		organization: person.organization,
		poNumber: "",
		billingAddress: "",
		tokenVersion: 1,
		createdAt: now,
	};
}
