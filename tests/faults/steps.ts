import type { Facts } from "./promises.ts";
import type { Written } from "./retell.ts";

/** Something that happened to a registration or to a date, and in which transaction. */
type Step = { about: string; transaction: string; name: string };

/** What a step writes in its transaction: one line of the audit and, where somebody is to learn of it, one email. */
const deeds: Record<string, { action: string; kind?: string }> = {
	"new to confirmed": { action: "registration.confirmed", kind: "confirmation" },
	"new to waitlisted": { action: "registration.waitlisted", kind: "waitlisted" },
	"waitlisted to confirmed": { action: "registration.seated", kind: "seated" },
	"waitlisted to offered": { action: "registration.offered", kind: "offered" },
	"offered to confirmed": { action: "offer.accepted", kind: "confirmation" },
	moved: { action: "registration.switched", kind: "switched" },
	"cancelled by attendee": { action: "registration.cancelled", kind: "cancellation" },
	"cancelled by declined": { action: "offer.declined" },
	"cancelled by lapsed": { action: "offer.lapsed", kind: "offer-lapsed" },
	"new to sized": { action: "session.created" },
	"sized to sized": { action: "session.changed" },
	"passed over": { action: "waitlist.skipped" },
};

/** 5, 6 and 9. Each step has its email and its line of the audit, of its own transaction, and there are no others. */
export function unwritten({ written, bookings, registrations, emails, audit }: Facts): string[] {
	const steps = stepsOf(written);
	const emailOf = new Map(registrations.map(({ id, email }) => [id, email]));
	const party = new Map(bookings.map(({ id }) => [id, 0]));
	for (const { bookingId } of registrations) party.set(bookingId, (party.get(bookingId) ?? 0) + 1);

	const mail = (kind: string, about: string | null) => `${kind} for ${emailOf.get(about ?? "") ?? about}`;
	const line = (action: string, about: string, transaction: string) =>
		`${action} of ${emailOf.get(about) ?? about} in ${transaction}`;
	const known = steps.flatMap(({ name, ...step }) => (deeds[name] ? [{ ...step, ...deeds[name] }] : []));
	const mailCalledFor = [
		...known.flatMap(({ kind, about }) => (kind ? [mail(kind, about)] : [])),
		...[...party].flatMap(([id, size]) => (size > 1 ? [mail("group-booked", id)] : [])),
	];
	const lines = audit.flatMap(({ registrationId, sessionId, action, transaction }) => {
		const about = registrationId ?? sessionId;
		return about && !action.startsWith("attendance.") ? [line(action, about, transaction)] : [];
	});
	return [
		...steps.flatMap(({ name, about }) =>
			deeds[name] ? [] : [`strange: ${emailOf.get(about) ?? about} went from ${name}`],
		),
		...differences(
			mailCalledFor,
			emails.map(({ kind, registrationId, bookingId }) => mail(kind, registrationId ?? bookingId)),
		).map(({ item, wanted, found }) => `emails: ${found} times ${item}, not ${wanted}`),
		...differences(
			known.map(({ action, about, transaction }) => line(action, about, transaction)),
			lines,
		).map(({ item, wanted, found }) => `audit: ${found} lines say ${item}, not ${wanted}`),
	];
}

function stepsOf(written: Written[]): Step[] {
	const last = new Map<string, Written>();
	return written.flatMap((one) => {
		const was = last.get(one.id);
		last.set(one.id, one);
		const { id, sessionId, transaction, place } = one;
		if (place) {
			const skipped = was?.place && place.skips > was.place.skips;
			return skipped ? [{ about: sessionId, transaction, name: "passed over" }] : [];
		}
		const name = nameOf(was, one);
		return name ? [{ about: id, transaction, name }] : [];
	});
}

/** What happened between two lines about the same registration or date; null where it is what it was. */
function nameOf(was: Written | undefined, { state, reason, capacity }: Written): string | null {
	if (state === "moved") return state;
	// They arrive in the transaction in which they left.
	if (was?.state === "moved" || (was?.state === state && capacity === null)) return null;
	return reason && was?.state !== "cancelled"
		? `cancelled by ${reason}`
		: `${was?.state ?? "new"} to ${state}`;
}

/** What there is too much or too little of. */
function differences(wanted: string[], found: string[]) {
	const times = new Map<string, { wanted: number; found: number }>();
	const count = (item: string, side: "wanted" | "found") => {
		const both = times.get(item) ?? { wanted: 0, found: 0 };
		both[side] += 1;
		times.set(item, both);
	};
	for (const item of wanted) count(item, "wanted");
	for (const item of found) count(item, "found");
	return [...times].flatMap(([item, both]) => (both.wanted === both.found ? [] : [{ item, ...both }]));
}
