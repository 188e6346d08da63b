import type { Locale } from "#app/domain/locale.ts";
import { sortNameOf } from "#app/domain/name.ts";
import { isErased, type RegistrationStatus } from "#app/domain/registration.ts";
import { seatsLeft } from "#app/domain/session.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findBooking, findOpenOffer, waitlistPosition } from "#db/queries/bookings.server.ts";
import {
	bookingOf,
	findActiveByEmail,
	findRegistration,
	type PlaceRow,
} from "#db/queries/registrations.server.ts";
import { searchTextOf } from "#db/queries/search.server.ts";
import { saveSeats } from "#db/queries/sessions.server.ts";
import type { Booking, Registration, SessionRow } from "#db/schema.ts";
import type { Message } from "#emails/message.ts";
import { queueEmails, withdraw, withdrawQueued } from "#emails/outbox.server.ts";
import { addressCorrected } from "#emails/templates/address-corrected.tsx";
import { alreadyRegistered } from "#emails/templates/already-registered.tsx";
import { confirmation } from "#emails/templates/confirmation.tsx";
import { groupBooked } from "#emails/templates/group-booked.tsx";
import { offered } from "#emails/templates/offered.tsx";
import type { PlaceFacts } from "#emails/templates/registration-email.tsx";
import { waitlisted } from "#emails/templates/waitlisted.tsx";
import { fillFreedSeats } from "./fill-freed-seats.server.ts";
import { vacate } from "./leave-session.server.ts";
import { dateFacts, withLockedPlace } from "./locked-place.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { newEntry } from "./register.server.ts";

type CorrectResult =
	| { ok: true }
	| { ok: false; reason: "unknown" | "too-late" | "full" | "registered" | "conflict" };

/** A version of where somebody is written to, and in which language: the link's, which each new address raises. */
export function addressVersionOf({
	tokenVersion,
	locale,
}: Pick<Registration, "tokenVersion" | "locale">): string {
	return `${tokenVersion} ${locale}`;
}

const mistypedForMs = 3600_000;

/** Whoever has the page of a confirmation may not be whom it was made for: it leads the emails elsewhere for an hour. */
export function mayCorrectContact(booking: Pick<Booking, "createdAt">, now: Date): boolean {
	return now.getTime() - booking.createdAt.getTime() < mistypedForMs;
}

/**
 * Sends a booking's emails to another address, because the first was mistyped: from the confirmation page, which anyone
 * can cause, so its answer tells nobody who is registered. See `correctPlace` for what becomes of the contact's own place.
 * The page has another address then.
 */
export async function correctContact(
	db: Db,
	origin: MailOrigin,
	bookingId: string,
	email: string,
	now: Date,
): Promise<CorrectResult> {
	const known = await findBooking(db, bookingId);
	const first = known?.registrations.find((one) => !isErased(one));
	if (!known || !first) return { ok: false, reason: "unknown" };
	return withLockedPlace<CorrectResult>(db, first.id, async (trx, place, session) => {
		const own = known.booking.contactAttends && place.position === 1 ? place : null;
		const late = hasBegunOrIsCancelled(session, now) || !mayCorrectContact(known.booking, now);
		if (late || (own && isGivenUp(own))) return { ok: false, reason: "too-late" };
		if (place.contactEmail.toLowerCase() === email.toLowerCase()) return { ok: true };

		if (own && !(await findsRoom(trx, session, own, email))) return { ok: false, reason: "full" };
		const record = (data?: Statuses) =>
			recordAudit(
				trx,
				[
					{
						actor: "attendee",
						action: "booking.address-corrected",
						sessionId: session.id,
						bookingId: place.bookingId,
						registrationId: own?.id,
						data,
					},
				],
				now,
			);
		const moved = own ? await moveAddress(trx, origin, session, own, email, record, now) : [];
		if (!own) await record();
		const group = await moveContact(trx, origin, session, place.bookingId, { email }, now);
		await queueEmails(trx, [...moved, ...group], origin.domain, now);
		return { ok: true };
	});
}

/**
 * Corrects the name, the address or the language of one person; without a name, theirs stays. With a new address their
 * earlier link stops working, the confirmation goes to the new one, and the old one is told that nothing more will come.
 * Once the date has begun it is for organizers alone, and the new address is told nothing.
 *
 * An address that already has a place is told so, and this place is released; a repeated registration gets a place at last.
 * Nobody learns who is registered from the answer, but for one case: there is no room and no list for that last one, and
 * then the truth comes first.
 * An organizer, who sees the list, is told that the address has a place, or that it changed since the version `seen`, and
 * nothing changes.
 */
export async function correctPlace(
	db: Db,
	origin: MailOrigin,
	registrationId: string,
	to: { name?: string; email: string | null; locale: Locale },
	by: { attendee: true } | { organizerId: string; seen: string },
	now: Date,
): Promise<CorrectResult> {
	return withLockedPlace<CorrectResult>(db, registrationId, async (trx, _, session) => {
		// Organizers correct names and notes without the session's lock.
		await trx
			.selectFrom("registration")
			.select("id")
			.where("id", "=", registrationId)
			.forNoKeyUpdate()
			.execute();
		const before = (await findRegistration(trx, registrationId))!;
		if (!mayCorrectPlace(before, session, by, now)) return { ok: false, reason: "too-late" };
		if ("seen" in by && by.seen !== addressVersionOf(before)) return { ok: false, reason: "conflict" };
		const { name = before.name, locale } = to;
		const moves = to.email !== null && to.email.toLowerCase() !== before.email?.toLowerCase();
		// Another spelling of the same address is no other address.
		const email = moves ? before.email : (to.email ?? before.email);
		const named = { ...before, name, email, locale };
		const fields = (["name", "email", "locale"] as const).filter((field) => before[field] !== named[field]);
		if (!moves && fields.length === 0) return { ok: true };

		if (
			moves &&
			"organizerId" in by &&
			(await findActiveByEmail(trx, session.id, [to.email ?? ""])).length > 0
		)
			return { ok: false, reason: "registered" };
		if (moves && !(await findsRoom(trx, session, before, to.email ?? "")))
			return { ok: false, reason: "full" };
		const sorted = name === before.name ? {} : { sortName: sortNameOf(name) };
		await trx
			.updateTable("registration")
			.set({ name, email, locale, ...sorted, searchText: searchTextOf(named), updatedAt: now })
			.where("id", "=", before.id)
			.execute();
		const record = (statuses: Statuses) =>
			recordAudit(
				trx,
				[
					{
						...("organizerId" in by
							? { actor: "organizer", organizerId: by.organizerId, action: "registration.edited" }
							: { actor: "attendee", action: "registration.corrected" }),
						sessionId: session.id,
						bookingId: before.bookingId,
						registrationId: before.id,
						data: { fields: [...fields, ...(moves ? ["email"] : [])], ...statuses },
					},
				],
				now,
			);
		const messages = moves
			? await moveAddress(trx, origin, session, named, to.email ?? "", record, now, before.locale)
			: [];
		if (!moves) await record({ was: before.status });
		const found = await findBooking(trx, before.bookingId);
		const isContact = found?.booking.contactAttends && found.registrations[0]?.id === before.id;
		if (isContact) {
			const contact = { name, locale, ...(moves ? { email: to.email ?? "" } : {}) };
			messages.push(...(await moveContact(trx, origin, session, before.bookingId, contact, now)));
		}
		await queueEmails(trx, messages, origin.domain, now);
		return { ok: true };
	});
}

/** Until the date begins, for whoever has not left it; organizers correct a seat for as long as something is to be sent about it. */
export function mayCorrectPlace(
	place: Pick<Registration, "status" | "shownAs">,
	session: Pick<SessionRow, "startsAt" | "cancelledAt">,
	by: { attendee: true } | { organizerId: string },
	now: Date,
): boolean {
	if (!hasBegunOrIsCancelled(session, now)) return !isGivenUp(place);
	return "organizerId" in by && place.status === "confirmed" && !session.cancelledAt;
}

function hasBegun({ startsAt }: Pick<SessionRow, "startsAt">, now: Date): boolean {
	return now >= startsAt;
}

function hasBegunOrIsCancelled(session: Pick<SessionRow, "startsAt" | "cancelledAt">, now: Date): boolean {
	return hasBegun(session, now) || session.cancelledAt !== null;
}

function isGivenUp({ status, shownAs }: Pick<Registration, "status" | "shownAs">): boolean {
	return status === "cancelled" || shownAs === "cancelled";
}

/** Whether there is room or a list for a registration that had no place, unless this address has one. */
async function findsRoom(trx: Trx, session: SessionRow, place: PlaceRow, email: string): Promise<boolean> {
	if (place.status !== "repeated" || seatsLeft(session) > 0 || session.waitlistMode !== "none") return true;
	return (await findActiveByEmail(trx, session.id, [email])).length > 0;
}

/** What a place was and, where it is another thing now, what it is, for the log. */
type Statuses = { was: RegistrationStatus; status?: RegistrationStatus };

/**
 * What is to be sent once somebody's address is another one. A registration that had no place gets one. The log has it by
 * `record` before what follows from it, such as a seat that goes to the next in line.
 */
async function moveAddress(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	place: PlaceRow,
	email: string,
	record: (statuses: Statuses) => Promise<void>,
	now: Date,
	/** In which the former address is told so. */
	formerLocale = place.locale,
): Promise<Message[]> {
	const context = { ...(await dateFacts(trx, origin, session)), booking: bookingOf(place) };
	const [registered] = await findActiveByEmail(trx, session.id, [email]);
	const held = place.status !== "repeated";
	// What has not left yet would go to a stranger.
	await withdrawQueued(trx, [place.id]);
	const former = { ...context, registration: { ...place, locale: formerLocale } };
	const goodbye = held && place.email ? [addressCorrected(former, now)] : [];
	const moved = {
		email,
		searchText: searchTextOf({ ...place, email }),
		tokenVersion: place.tokenVersion + 1,
		calendarSequence: place.calendarSequence + 1,
		updatedAt: now,
	};
	if (registered) {
		const released =
			place.status === "repeated"
				? {}
				: { status: "repeated" as const, shownAs: shownOf(place), entryId: null };
		await updateRegistration(trx, place.id, { ...moved, ...released });
		await record({ was: place.status, ...(held && { status: "repeated" }) });
		if (held) await fillFreedSeats(trx, origin, await vacate(trx, session, place, now), now);
		const facts = { ...context, booking: bookingOf(registered), registration: registered };
		return [...goodbye, alreadyRegistered(facts, now)];
	}
	if (held) {
		const registration = await updateRegistration(trx, place.id, moved);
		await record({ was: place.status });
		// Nobody is told to come to what has begun.
		return hasBegun(session, now)
			? goodbye
			: [...goodbye, await placeMessage(trx, { ...context, registration }, now)];
	}
	const sits = seatsLeft(session) > 0;
	const after = {
		...session,
		seatsTaken: session.seatsTaken + (sits ? 1 : 0),
		seatsWaiting: session.seatsWaiting + (sits ? 0 : 1),
		waitlistSeq: session.waitlistSeq + (sits ? 0 : 1),
	};
	await saveSeats(trx, after);
	const entry = newEntry(place.bookingId, session.id, 1, after.waitlistSeq, now);
	if (!sits) await trx.insertInto("waitlistEntry").values(entry).execute();
	const seat = sits ? { status: "confirmed" as const } : { status: "waitlisted" as const, entryId: entry.id };
	const registration = await updateRegistration(trx, place.id, { ...moved, ...seat, shownAs: null });
	await record({ was: place.status, status: registration.status });
	const told = await placeMessage(trx, { ...context, registration }, now);
	// Behind a party too large for what is free, a seat may be there at once: that message is then the one to send.
	if (!sits) await fillFreedSeats(trx, origin, after, now);
	const waits = (await findRegistration(trx, place.id))?.status === registration.status;
	return waits ? [told] : [];
}

function shownOf({ status }: Registration) {
	return status === "repeated" ? "cancelled" : status;
}

async function updateRegistration(
	trx: Trx,
	id: string,
	changes: Partial<Registration>,
): Promise<Registration> {
	return trx
		.updateTable("registration")
		.set(changes)
		.where("id", "=", id)
		.returningAll()
		.executeTakeFirstOrThrow();
}

async function placeMessage(
	trx: Trx,
	facts: PlaceFacts & { registration: Registration },
	now: Date,
): Promise<Message> {
	const { status, entryId } = facts.registration;
	const offer = status === "offered" && entryId ? await findOpenOffer(trx, entryId) : undefined;
	if (offer) return offered(facts, offer.expiresAt, now);
	if (status === "waitlisted") return waitlisted(facts, await waitlistPosition(trx, facts.registration), now);
	return confirmation(facts, now);
}

/**
 * The contact as they are now. With another address the booking's earlier links die; of a group, they get its summary again,
 * and what concerns those who have no address of their own.
 */
async function moveContact(
	trx: Trx,
	origin: MailOrigin,
	session: SessionRow,
	bookingId: string,
	contact: { email?: string; name?: string; locale?: Locale },
	now: Date,
): Promise<Message[]> {
	const { email: contactEmail, name: contactName, locale: contactLocale } = contact;
	await trx
		.updateTable("booking")
		.set({
			...(contactName && { contactName }),
			...(contactLocale && { contactLocale }),
			...(contactEmail && { contactEmail }),
		})
		.where("id", "=", bookingId)
		.execute();
	const { booking, registrations } = (await findBooking(trx, bookingId))!;
	if (!contactEmail) return [];
	const tokenVersion = booking.tokenVersion + 1;
	await trx.updateTable("booking").set({ tokenVersion }).where("id", "=", bookingId).execute();
	const isGroup = registrations.length > 1 || !booking.contactAttends;
	if (!isGroup || hasBegun(session, now)) return [];
	await withdraw(trx, (eb) => eb("bookingId", "=", bookingId));
	const factsOn = async (sessionId: string) => {
		const date =
			sessionId === session.id
				? session
				: await trx.selectFrom("session").selectAll().where("id", "=", sessionId).executeTakeFirstOrThrow();
		return { ...(await dateFacts(trx, origin, date)), booking: { ...booking, tokenVersion } };
	};
	const group = { ...(await factsOn(booking.sessionId)), registrations };
	const messages = [groupBooked(group, `group-booked:${bookingId}:${tokenVersion}`)];
	for (const one of registrations) {
		if (one.email || isErased(one) || one.status === "cancelled" || one.status === "repeated") continue;
		await withdrawQueued(trx, [one.id]);
		const registration = await updateRegistration(trx, one.id, {
			tokenVersion: one.tokenVersion + 1,
			calendarSequence: one.calendarSequence + 1,
			updatedAt: now,
		});
		// Somebody who switched is under another date's lock, and may have left it meanwhile.
		if (registration.status === "cancelled" || registration.status === "repeated") continue;
		messages.push(await placeMessage(trx, { ...(await factsOn(registration.sessionId)), registration }, now));
	}
	return messages;
}
