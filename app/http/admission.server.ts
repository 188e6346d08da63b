/** Lets in what can be answered soon. Whoever gets true calls `leave` once they have their answer. */
type Admission = { enter(): boolean; leave(): void };

type Limits = {
	/** Under way at once: what the pace answers in `withinMs`, or `least` however slow the answers are. */
	calm: { withinMs: number; least: number };
	/** The same once too many have kept coming: a shorter line, for whoever is let in. */
	flood: { withinMs: number; least: number };
	/** How long there may be more under way than that: a burst is waited out, a flood is not. */
	patienceMs: number;
	/** Under way at once, whatever the hurry. */
	most: number;
};

const paceEveryMs = 250;
const calmAfterMs = 5000;

/**
 * Everyone who clicks in the same second waits their turn, and so does a steady crowd whose line gets no longer. When
 * more keep coming than are answered, those under way are held to what the pace of the last moments answers in time:
 * past it nobody gains by waiting, and everybody waits longer. The pace is measured, so that a slow machine and a fast
 * one both keep their word.
 */
export function createAdmission(
	limits: Limits,
	clock: () => number = performance.now.bind(performance),
): Admission {
	let inside = 0;
	let answered = 0;
	let since = clock();
	let emptySince = since;
	let perMs = 0;
	let tooManySince: number | null = null;
	let refusedAt = Number.NEGATIVE_INFINITY;

	function measurePace(now: number): void {
		const elapsed = now - since;
		if (elapsed < paceEveryMs) return;
		// A stall says nothing about what can be answered once it is over.
		if (answered > 0) perMs = answered / elapsed;
		answered = 0;
		since = now;
	}

	return {
		enter() {
			const now = clock();
			// Nor does a time in which nobody asked.
			if (inside === 0) since += now - emptySince;
			measurePace(now);
			const flooded = now - refusedAt < calmAfterMs;
			const { withinMs, least } = flooded ? limits.flood : limits.calm;
			const fits = inside < Math.max(least, perMs * withinMs);
			if (fits) tooManySince = null;
			else tooManySince ??= now;
			const patient = !flooded && now - (tooManySince ?? now) < limits.patienceMs;
			if (inside < limits.most && (fits || patient)) {
				inside += 1;
				return true;
			}
			refusedAt = now;
			return false;
		},
		leave() {
			inside -= 1;
			answered += 1;
			if (inside === 0) emptySince = clock();
		},
	};
}
