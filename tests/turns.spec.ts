import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { createTurns } from "#app/use-cases/turns.server.ts";

test("a crowd goes on in its order, a few at each turn of the event loop, and whoever is alone at the next", async () => {
	const itsTurn = createTurns();
	const order: number[] = [];
	for (let n = 0; n < 30; n += 1) void itsTurn().then(() => order.push(n));
	let most = 0;
	for (let turn = 0; turn < 20; turn += 1) {
		const before = order.length;
		await nextTurn();
		most = Math.max(most, order.length - before);
	}
	expect(order).toEqual(Array.from({ length: 30 }, (_, n) => n));
	expect(most).toBeLessThanOrEqual(4);
	void itsTurn().then(() => order.push(30));
	await nextTurn();
	expect(order).toHaveLength(31);
});
