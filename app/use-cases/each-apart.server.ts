import { isDatabaseUnavailable } from "#db/client.server.ts";

/**
 * Does something for each item, one after the other, and returns the sum of what each did. What goes wrong with one holds
 * back none of the others: the first fault is thrown once they are done. Without the database none is tried any more.
 */
export async function eachApart<Item>(
	items: Iterable<Item>,
	act: (item: Item) => Promise<number>,
): Promise<number> {
	const faults: unknown[] = [];
	let sum = 0;
	for (const item of items) {
		try {
			sum += await act(item);
		} catch (error) {
			if (isDatabaseUnavailable(error)) throw error;
			faults.push(error);
		}
	}
	if (faults.length > 0) throw faults[0];
	return sum;
}
