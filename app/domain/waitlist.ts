const hour = 3600 * 1000;
const offerLasts = 24 * hour;
const noOfferBefore = 2 * hour;

type WaitingParty = { id: string; size: number };

/**
 * Who gets freed seats, in the order of the list: the first party that fits, again and again.
 * A party too large for what is free is passed over, stays where it is, and is returned in `skipped`.
 */
export function seatWaiting<Party extends WaitingParty>(
	parties: Party[],
	free: number,
): { seated: Party[]; skipped: Party[] } {
	const seated: Party[] = [];
	const skipped: Party[] = [];
	let left = free;
	for (const party of parties) {
		if (left === 0) break;
		if (party.size <= left) {
			seated.push(party);
			left -= party.size;
		} else {
			skipped.push(party);
		}
	}
	return { seated, skipped };
}

/**
 * Until when a freed seat is held for the person it is offered to: a day, but at the latest two hours before the start.
 * Null when it is too late to offer anything.
 */
export function offerExpiry(startsAt: Date, now: Date): Date | null {
	const latest = startsAt.getTime() - noOfferBefore;
	return latest > now.getTime() ? new Date(Math.min(now.getTime() + offerLasts, latest)) : null;
}
