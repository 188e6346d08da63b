/**
 * What one transaction made of a registration, of a place in the line or of the number of seats, at a session. A session's
 * are in the order of its commits, since they are noted under its lock.
 */
export type Written = {
	transaction: string;
	/** When, in milliseconds. */
	at: number;
	id: string;
	sessionId: string;
	/** Of a registration its status, of a place in the line its state. */
	state: string;
	/** Why a registration ended; null for all else. */
	reason: string | null;
	/** Null for all but a place in the line. */
	place: { seq: number; size: number; skips: number } | null;
	/** The seats that the session has from then on; null for all else. */
	capacity: number | null;
};

export const minuteMs = 60_000;

/** How a session stood, and the instants between which somebody may have seen it so. */
export type Standing = { from: number; until: number; taken: number; waiting: number; capacity: number };

/**
 * Tells one session again, commit by commit. Returns how it stood after each, and what was wrong: a seat too many, or one
 * more where an organizer had left fewer than were taken; somebody new seated who would not fit beside those who waited;
 * somebody of the line seated while others ahead of them wait, unless theirs is a larger party that was counted as passed
 * over; seats that stayed free for over a minute while a party waited that they would have been enough for.
 */
export function retell(written: Written[]) {
	const broken: string[] = [];
	let capacity = Number.POSITIVE_INFINITY;
	const standings: Standing[] = [
		{ from: 0, until: Number.POSITIVE_INFINITY, taken: 0, waiting: 0, capacity },
	];
	const last = new Map<string, Written>();
	const line = new Map<string, Written>();
	const seats = { taken: 0, waiting: 0 };
	let leaksSince: number | null = null;
	for (const lines of inTransactions(written)) {
		const were = new Map<string, Written>();
		const added = new Set<string>();
		for (const one of lines) {
			if (one.capacity !== null) {
				capacity = one.capacity;
				continue;
			}
			const was = last.get(one.id);
			if (!were.has(one.id)) were.set(one.id, was ?? one);
			count(seats, was, -1);
			count(seats, one, 1);
			if (holdsSeat(one) && !holdsSeat(was)) added.add(one.id);
			last.set(one.id, one);
			if (one.place && one.state === "waiting") line.set(one.id, one);
			else line.delete(one.id);
			// In the order of arrival, also among those whom one transaction serves.
			const isNew = !one.place && one.state === "confirmed" && !activeStates.has(was?.state ?? "");
			if (isNew && seats.taken + seats.waiting > capacity)
				broken.push(`unfair: somebody new was seated while ${seats.waiting} waited`);
		}
		if (seats.taken > capacity && [...added].some((id) => holdsSeat(last.get(id))))
			broken.push(`oversold: ${seats.taken} of ${capacity} at a commit`);
		for (const [id, was] of were) {
			const seated = last.get(id)!;
			if (!seated.place || !heldStates.has(seated.state) || was.state !== "waiting") continue;
			for (const waits of line.values())
				if (isPassedOver(waits, were.get(waits.id) ?? waits, seated))
					broken.push(`unfair: ${seated.place.seq} was seated while ${waits.place!.seq} waited`);
		}
		const from = lines[0]!.at;
		const leaks = [...line.values()].some(({ place }) => place!.size <= capacity - seats.taken);
		if (leaksSince !== null && from - leaksSince > minuteMs) {
			broken.push(`leaked: free for ${from - leaksSince} ms while somebody waited who would fit`);
			leaksSince = null;
		}
		leaksSince = leaks ? (leaksSince ?? from) : null;
		// Nobody writes before the commit of whoever wrote last: until then, what was before may still be seen.
		if (standings.length > 1) standings.at(-2)!.until = from;
		standings.push({ from, until: Number.POSITIVE_INFINITY, ...seats, capacity });
	}
	return { broken, standings };
}

const heldStates = new Set(["confirmed", "offered"]);
const activeStates = new Set([...heldStates, "waitlisted"]);

function inTransactions(written: Written[]): Written[][] {
	const transactions = new Map<string, Written[]>();
	for (const one of written) {
		const same = transactions.get(one.transaction);
		if (same) same.push(one);
		else transactions.set(one.transaction, [one]);
	}
	return [...transactions.values()];
}

function holdsSeat(one: Written | undefined): boolean {
	return one !== undefined && !one.place && heldStates.has(one.state);
}

function count(seats: { taken: number; waiting: number }, one: Written | undefined, by: 1 | -1): void {
	if (!one || one.place) return;
	if (holdsSeat(one)) seats.taken += by;
	else if (one.state === "waitlisted") seats.waiting += by;
}

/** Whether somebody who was ahead should have been seated before, or was passed over without a word. */
function isPassedOver(
	{ place: waits }: Written,
	{ place: was }: Written,
	{ place: seated }: Written,
): boolean {
	if (!waits || !was || !seated || waits.seq > seated.seq) return false;
	return waits.size <= seated.size || waits.skips === was.skips;
}
