import { expect, test } from "vitest";
import { taxesOf, taxRates } from "#app/domain/taxes.ts";

const registered = { gstNumber: "123456789RT0001", qstNumber: "1234567890TQ0001" };
const neither = { gstNumber: "", qstNumber: "" };
const seats = (...prices: number[]) => prices.map((priceCents) => ({ priceCents, ...taxRates }));

test.each([
	// Half a cent goes up: 9.975 % of 10.00 is 99.75 cents, of 2.00 is 19.95, 5 % of 0.10 is half a cent.
	[[12_500], 625, 1247],
	[[19_500], 975, 1945],
	[[1000], 50, 100],
	[[200], 10, 20],
	[[10], 1, 1],
	[[9], 0, 1],
	[[1], 0, 0],
])("the two taxes on %j are each a part of the price before tax", (prices, gst, qst) => {
	const subtotal = prices.reduce((sum, price) => sum + price, 0);
	expect(taxesOf(seats(...prices), registered)).toEqual({ subtotal, gst, qst, total: subtotal + gst + qst });
});

test("the taxes of a group are on its whole price, rounded once", () => {
	// One by one, ten people would pay 194.50 of QST.
	const ten = seats(...Array.from({ length: 10 }, () => 19_500));
	expect(taxesOf(ten, registered)).toEqual({ subtotal: 195_000, gst: 9750, qst: 19_451, total: 224_201 });
});

test("a firm adds the taxes that it has a number for, and no other", () => {
	expect(taxesOf(seats(12_500), neither)).toEqual({ subtotal: 12_500, gst: null, qst: null, total: 12_500 });
	expect(taxesOf(seats(12_500), { ...registered, qstNumber: "" })).toMatchObject({ gst: 625, qst: null });
});

test("what is free owes nothing", () => {
	expect(taxesOf(seats(0, 0), registered)).toEqual({ subtotal: 0, gst: 0, qst: 0, total: 0 });
	expect(taxesOf([], registered).total).toBe(0);
});

test("a seat keeps the rates that it was taken at", () => {
	const before = { priceCents: 10_000, gstRate: "0.06000", qstRate: "0.09500" };
	expect(taxesOf([before], registered)).toMatchObject({ gst: 600, qst: 950 });
	expect(taxesOf([before, ...seats(10_000)], registered)).toMatchObject({ gst: 1100, qst: 1948 });
});
