import { mayStillCancel, type SessionFacts, seatsLeft, sessionStatus } from "./session.ts";

/** `repeated`: the address already has a place by an earlier booking, so this one holds nothing. */
export type RegistrationStatus = "confirmed" | "offered" | "waitlisted" | "cancelled" | "repeated";

/** What a person is told of a registration; a repeated one says what it would have been. */
export type ShownStatus = Exclude<RegistrationStatus, "repeated">;

/** The statuses that hold a seat: an offered one is kept for its person. */
export const seatedStatuses = ["confirmed", "offered"] as const;

/** The statuses that hold a seat, or a place in line. */
export const activeStatuses = [...seatedStatuses, "waitlisted"] as const;

/** Whether nothing is known any more of whose registration it was. */
export function isErased({ name }: { name: string }): boolean {
	return name === "";
}

/** The status to show: nobody is told that an address was already on the list. */
export function shownStatus(registration: {
	status: RegistrationStatus;
	shownAs: ShownStatus | null;
}): ShownStatus {
	return registration.status === "repeated" ? (registration.shownAs ?? "cancelled") : registration.status;
}

/** How somebody stands at a date: `elsewhere`, once they moved to another one. */
export type StatusAt = ShownStatus | "elsewhere";

/** How somebody stands at the date that their booking was for. Whoever left the other one too stands nowhere. */
export function statusAt(
	sessionId: string,
	registration: { sessionId: string; status: RegistrationStatus; shownAs: ShownStatus | null },
): StatusAt {
	const status = shownStatus(registration);
	return status !== "cancelled" && registration.sessionId !== sessionId ? "elsewhere" : status;
}

type Deadlines = { startsAt: Date; cancelUntil: Date | null; cancelledAt: Date | null };

/**
 * Whether somebody may still give up by themselves what they hold: a seat until it is too late to cancel, a place in line or
 * an offer until the date begins.
 */
export function mayStillLeave(session: Deadlines, status: ShownStatus, now: Date): boolean {
	if (status === "cancelled") return false;
	const waits = status !== "confirmed" && !session.cancelledAt && now < session.startsAt;
	return waits || mayStillCancel(session, now);
}

type Ending = Deadlines & { endsAt: Date };

function isOver({ endsAt, cancelledAt }: Ending, status: RegistrationStatus, now: Date): boolean {
	return status === "cancelled" || cancelledAt !== null || now >= endsAt;
}

/**
 * Whether somebody may erase what their registration says of them. It ends the place, so that it is as late as it may
 * be given up; what is over can be erased at any time.
 */
export function mayStillErase(session: Ending, status: ShownStatus, now: Date): boolean {
	return isOver(session, status, now) || mayStillLeave(session, status, now);
}

/** Whether a place ends with what is known of its owner. Once the date has begun, a seat stays for the count: somebody may have come. */
export function endsWithErasure(session: Ending, status: RegistrationStatus, now: Date): boolean {
	if (isOver(session, status, now)) return false;
	return status !== "confirmed" || now < session.startsAt || mayStillCancel(session, now);
}

/**
 * Whether a booking's contact is told that it owes for this place: it is held, or was handed over, whatever became of it then.
 * What became of it would tell whether whoever received it had a seat already.
 */
export function isOwed(
	bookedSessionId: string,
	registration: Parameters<typeof statusAt>[1] & { cancelReason?: string | null },
): boolean {
	const { sessionId, cancelReason } = registration;
	const given = cancelReason === "given" && sessionId === bookedSessionId;
	return given || statusAt(bookedSessionId, registration) === "confirmed";
}

/** How many people one booking may be for. */
export const mostPeople = 20;

export type Refusal = "closed" | "opens-later" | "cancelled" | "past" | "full";

/**
 * What becomes of a party that does not fit: nothing is booked, everyone waits together, or those who fit are seated
 * and the others wait.
 */
export type WhenFull = "refuse" | "wait" | "split";

/** How many of the party have a seat, the first ones, and how many wait. */
type Decision = { ok: true; seated: number; waiting: number } | { ok: false; reason: Refusal };

/**
 * What a sign-up for `size` people gets, given the session as it is under its lock.
 * Whether an address is already registered plays no part: everyone gets the answer a newcomer would get.
 */
export function decideSignUp(
	session: SessionFacts,
	wanted: { size: number; whenFull: WhenFull },
	now: Date,
): Decision {
	const status = sessionStatus(session, now);
	switch (status) {
		case "draft":
		case "closed":
			return { ok: false, reason: "closed" };
		case "opens-later":
		case "cancelled":
		case "past":
			return { ok: false, reason: status };
	}
	const left = seatsLeft(session);
	if (wanted.size <= left) return { ok: true, seated: wanted.size, waiting: 0 };
	if (wanted.whenFull === "refuse" || session.waitlistMode === "none") return { ok: false, reason: "full" };
	const seated = wanted.whenFull === "split" ? left : 0;
	return { ok: true, seated, waiting: wanted.size - seated };
}

/** Whether somebody is the contact of their booking, or has their mail through the contact: they read what is the contact's. */
export function isContactOf({
	email,
	contactEmail,
}: {
	email: string | null;
	contactEmail: string;
}): boolean {
	return !email || email.toLowerCase() === contactEmail.toLowerCase();
}
