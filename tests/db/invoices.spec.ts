import { afterAll, expect, test } from "vitest";
import { isOwed } from "#app/domain/registration.ts";
import { taxesOf } from "#app/domain/taxes.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { findBooking } from "#db/queries/bookings.server.ts";
import { findInvoices, hasPrices } from "#db/queries/invoices.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aGroup, givenRegistration, givenSession, minutesLater, now, origin } from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const firm = { gstNumber: "123456789RT0001", qstNumber: "1234567890TQ0001" };

test("a group owes for those who have a seat, once, whoever cancels or waits", async () => {
	const sessionId = await givenSession(db, { priceCents: 19_500, capacity: 3, waitlistMode: "none" });
	const group = { ...aGroup(sessionId, 3), poNumber: "BC-417", billingAddress: "Laval" };
	const [result] = await registerTogether(db, origin, [group], now);
	if (!result?.ok) throw new Error("The group was refused.");
	const ids = (
		await db
			.selectFrom("registration")
			.select("id")
			.where("bookingId", "=", result.bookingId)
			.orderBy("position")
			.execute()
	).map(({ id }) => id);
	const owed = async () => {
		const invoices = await findInvoices(db, ids, firm);
		return ids.map((id) => invoices.get(id)!.due);
	};
	const three = { subtotal: 58_500, gst: 2925, qst: 5835, total: 67_260 };
	expect(await owed()).toEqual([three, null, null]);
	await cancelRegistration(db, origin, ids[0]!, { attendee: true }, now);
	const two = { subtotal: 39_000, gst: 1950, qst: 3890, total: 44_840 };
	expect(await owed()).toEqual([null, two, null]);
	expect((await findInvoices(db, ids, firm)).get(ids[2]!)).toEqual({
		priceCents: 19_500,
		poNumber: "BC-417",
		billingAddress: "Laval",
		due: null,
	});
});

test("a date has prices as long as somebody was signed up at one, even when it became free", async () => {
	const sessionId = await givenSession(db, { priceCents: 12_500 });
	expect(await hasPrices(db, sessionId)).toBe(false);
	const { id } = await givenRegistration(db, sessionId);
	await db.updateTable("session").set({ priceCents: 0 }).where("id", "=", sessionId).execute();
	expect(await hasPrices(db, sessionId)).toBe(true);
	const { due } = (await findInvoices(db, [id], { gstNumber: "", qstNumber: "" })).get(id)!;
	expect(due).toEqual({ subtotal: 12_500, gst: null, qst: null, total: 12_500 });
});

test("a seat that was handed over is still its booking's, at the price that was agreed", async () => {
	const sessionId = await givenSession(db, { priceCents: 19_500, capacity: 10 });
	const [result] = await registerTogether(db, origin, [aGroup(sessionId, 2)], now);
	if (!result?.ok) throw new Error("The group was refused.");
	const { registrations } = (await findBooking(db, result.bookingId))!;
	await db.updateTable("session").set({ priceCents: 29_500 }).where("id", "=", sessionId).execute();
	const receiver = { name: "Noé Côté", email: "noe.cote@exemple.ca", locale: "fr" as const };
	expect(await giveSeat(db, origin, registrations[1]!.id, receiver, minutesLater(5))).toEqual({ ok: true });
	const after = (await findBooking(db, result.bookingId))!.registrations;
	const told = taxesOf(
		after.filter((one) => isOwed(sessionId, one)),
		firm,
	);
	const first = registrations[0]!;
	const { due } = (await findInvoices(db, [first.id], firm)).get(first.id)!;
	expect(told).toEqual(due);
	expect(due?.subtotal).toBe(39_000);
	// Given to somebody who has a seat already, the file owes less, and the booking's own pages say nothing of it.
	const known = await givenRegistration(db, sessionId, { email: "deja.la@exemple.ca" });
	const again = { ...receiver, email: known.email! };
	expect(await giveSeat(db, origin, first.id, again, minutesLater(6))).toEqual({ ok: true });
	const last = (await findBooking(db, result.bookingId))!.registrations;
	expect(
		taxesOf(
			last.filter((one) => isOwed(sessionId, one)),
			firm,
		),
	).toEqual(told);
});
