import { type SessionFacts, seatsLeft, sessionStatus } from "./session.ts";

export type Refusal = "closed" | "opens-later" | "cancelled" | "past" | "full";

export type Decision = { ok: true; outcome: "confirmed" | "waitlisted" } | { ok: false; reason: Refusal };

/**
 * What a sign-up for `size` people gets, given the session as it is under its lock.
 * Whether an address is already registered plays no part: everyone gets the answer a newcomer would get.
 */
export function decideSignUp(
	session: SessionFacts,
	wanted: { size: number; acceptsWaitlist: boolean },
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
	if (wanted.size <= seatsLeft(session)) return { ok: true, outcome: "confirmed" };
	if (wanted.acceptsWaitlist && session.waitlistMode !== "none") return { ok: true, outcome: "waitlisted" };
	return { ok: false, reason: "full" };
}
