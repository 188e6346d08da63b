export type WaitingParty = { id: string; size: number };

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
