/** A source of chance that a number decides whole (mulberry32): the same seed, the same run of faults. */
export function chanceFrom(seed: number) {
	let state = seed >>> 0;
	function next(): number {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	}
	return {
		happens: (probability: number) => next() < probability,
		between: (least: number, most: number) => least + next() * (most - least),
		pick: <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!,
		shuffled: <T>(from: readonly T[]): T[] =>
			from
				.map((item) => ({ item, at: next() }))
				.sort((a, b) => a.at - b.at)
				.map(({ item }) => item),
	};
}

export type Chance = ReturnType<typeof chanceFrom>;
