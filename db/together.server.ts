import { setImmediate } from "node:timers/promises";

/**
 * Answers calls one by one while it does their work together: what arrives while one `run` is under way waits for the
 * next, which takes it all, up to `most`; what arrives in one turn of the event loop goes together. Nothing is delayed when
 * alone, and one commit serves many in a rush. When a run fails, so does each of its calls.
 */
export function together<Item, Result>(
	most: number,
	run: (items: Item[]) => Promise<Result[]>,
): (item: Item) => Promise<Result> {
	type Call = { item: Item; resolve(result: Result): void; reject(error: unknown): void };
	const waiting: Call[] = [];
	let running = false;

	async function drain(): Promise<void> {
		running = true;
		await setImmediate();
		while (waiting.length > 0) {
			const calls = waiting.splice(0, most);
			try {
				const results = await run(calls.map(({ item }) => item));
				for (const [index, { resolve }] of calls.entries()) resolve(results[index]!);
			} catch (error) {
				for (const { reject } of calls) reject(error);
			}
		}
		running = false;
	}

	return (item) =>
		new Promise((resolve, reject) => {
			waiting.push({ item, resolve, reject });
			if (!running) void drain();
		});
}
