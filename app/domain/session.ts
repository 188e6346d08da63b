/** The stored facts that a session's status is computed from. Instants are `Date`; seats are whole people. */
export type SessionFacts = {
	publishedAt: Date | null;
	cancelledAt: Date | null;
	opensAt: Date | null;
	closesAt: Date | null;
	startsAt: Date;
	endsAt: Date;
	capacity: number;
	/** Confirmed and offered seats. */
	seatsTaken: number;
	/** Seats wanted by the people on the waitlist. */
	seatsWaiting: number;
	waitlistMode: "automatic" | "offer" | "none";
};

export type SessionStatus =
	| "draft"
	| "cancelled"
	| "past"
	| "closed"
	| "opens-later"
	| "full"
	| "few-left"
	| "open";

const farOffMs = 300 * 24 * 3600 * 1000;

/** Whether a day is so far ahead that it must be said with its year: without it, it could be one of this season. */
export function isFarOff(at: Date, now: Date): boolean {
	return at.getTime() - now.getTime() > farOffMs;
}

const fewLeftShare = 0.3;

/** Seats a newcomer can have: nobody overtakes the people who wait. Never negative. */
export function seatsLeft(session: Pick<SessionFacts, "capacity" | "seatsTaken" | "seatsWaiting">): number {
	return Math.max(0, session.capacity - session.seatsTaken - session.seatsWaiting);
}

/** What a session is at an instant: a computed word, never a stored one. */
export function sessionStatus(session: SessionFacts, now: Date): SessionStatus {
	if (!session.publishedAt) return "draft";
	if (session.cancelledAt) return "cancelled";
	if (now >= session.endsAt) return "past";
	if (now >= (session.closesAt ?? session.startsAt) || now >= session.startsAt) return "closed";
	if (session.opensAt && now < session.opensAt) return "opens-later";
	const left = seatsLeft(session);
	if (left === 0) return "full";
	return left < session.capacity * fewLeftShare ? "few-left" : "open";
}

/**
 * A published date that is held only once enough people have a seat: how many it takes, or null when it is settled. A
 * date that people were told is confirmed stays so.
 */
export function tentativeUntil(
	session: SessionFacts & { minimum: number; tentative: boolean },
	now: Date,
): number | null {
	const settled =
		!session.tentative || !session.publishedAt || session.cancelledAt !== null || now >= session.startsAt;
	return settled || session.seatsTaken >= session.minimum ? null : session.minimum;
}

/** Whether a sign-up can be sent at all: a full session still takes people on its waitlist. */
export function takesSignUps(session: SessionFacts, now: Date): boolean {
	const status = sessionStatus(session, now);
	return status === "open" || status === "few-left" || (status === "full" && session.waitlistMode !== "none");
}

/** Attendees may cancel until the deadline the organizer set, else until the session starts. */
export function mayStillCancel(
	session: { cancelUntil: Date | null; startsAt: Date; cancelledAt: Date | null },
	now: Date,
): boolean {
	return !session.cancelledAt && now < (session.cancelUntil ?? session.startsAt);
}

/** The most meetings that one session can have. */
export const mostMeetings = 30;

/** A seat may be handed to somebody else until the deadline the organizer set, else until the session starts. */
export function mayStillGive(
	session: { giveUntil: Date | null; startsAt: Date; cancelledAt: Date | null },
	now: Date,
): boolean {
	return !session.cancelledAt && now < (session.giveUntil ?? session.startsAt);
}

/** The zones a session can be given in, from east to west. */
export const zones = [
	"America/Halifax",
	"America/Toronto",
	"America/Winnipeg",
	"America/Edmonton",
	"America/Vancouver",
	"Europe/Paris",
] as const;

/** Whether the zone of a date's hours has to be named: whoever follows from elsewhere, or goes elsewhere, keeps their own time. */
export function namesZone(session: { online: boolean; zone: string }, firmZone: string): boolean {
	return session.online || session.zone !== firmZone;
}

/** The zone of what belongs to no session, and of a new one until its organizer says otherwise. */
export const homeZone = "America/Toronto";
