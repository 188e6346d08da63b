/** Lets in what can be answered soon. Whoever gets true calls `leave` once they have their answer. */
export type Admission = { enter(): boolean; leave(): void };

type Limits = {
	/** How long a request may wait for those before it while too many keep coming. */
	withinMs: number;
	/** How long too many may be under way before that is held to: a burst is waited out, a flood is not. */
	patienceMs: number;
	/** Under way at once, however slow the answers are. */
	least: number;
	/** Under way at once, whatever the hurry. */
	most: number;
};

const paceEveryMs = 250;
const calmAfterMs = 5000;
/** Arrivals over answers above which a queue grows, and does not only look so because answers come in batches. */
const growth = 1.25;

/**
 * Everyone who clicks in the same second waits their turn, and so does a steady crowd, however slow the answers. Only
 * when more keep coming than are answered are those under way held to what the pace of the last moments answers in
 * `withinMs`: past it nobody gains by waiting, and everybody waits longer. The pace is measured, so that a slow machine
 * and a fast one both keep their word.
 */
export function createAdmission(
	limits: Limits,
	clock: () => number = performance.now.bind(performance),
): Admission {
	let inside = 0;
	let arrived = 0;
	let answered = 0;
	let since = clock();
	let perMs = 0;
	let growing = true;
	let tooManySince: number | null = null;
	let refusedAt = Number.NEGATIVE_INFINITY;

	function measure(now: number): void {
		const elapsed = now - since;
		if (elapsed < paceEveryMs) return;
		// What nobody asked for says nothing about what could have been answered.
		if (inside > 0) perMs = answered / elapsed;
		growing = arrived > answered * growth;
		arrived = 0;
		answered = 0;
		since = now;
	}

	return {
		enter() {
			const now = clock();
			measure(now);
			arrived += 1;
			const flooded = now - refusedAt < calmAfterMs;
			const fits = inside < Math.max(limits.least, perMs * limits.withinMs);
			if (!growing || (fits && !flooded)) tooManySince = null;
			else if (!fits) tooManySince ??= now;
			const patient = !growing || (!flooded && now - (tooManySince ?? now) < limits.patienceMs);
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
		},
	};
}
