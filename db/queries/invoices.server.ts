import { sql } from "kysely";
import { type Amounts, type Priced, type TaxNumbers, taxesOf } from "#app/domain/taxes.ts";
import type { Db } from "../client.server.ts";

/** What somebody's seat costs before tax, in cents, and what is to stand on the invoice of their booking. */
export type Invoice = {
	priceCents: number;
	poNumber: string;
	billingAddress: string;
	/** What the booking owes for this date: said once, of the first of its people who have a seat. */
	due: Amounts | null;
};

/** Whether anybody was signed up for a session at a price. */
export async function hasPrices(db: Db, sessionId: string): Promise<boolean> {
	const found = await db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.where("priceCents", ">", 0)
		.limit(1)
		.executeTakeFirst();
	return found !== undefined;
}

type Seat = Priced & { id: string; bookingId: string; sessionId: string };

/** By registration. A firm's taxes are on what a booking costs in all, so that its sum is not that of its people. */
export async function findInvoices(
	db: Db,
	registrationIds: string[],
	firm: TaxNumbers,
): Promise<Map<string, Invoice>> {
	const asked = sql<boolean>`registration.id = any(${registrationIds}::uuid[])`;
	const people = await db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.select(["registration.id", "registration.bookingId", "registration.sessionId", "registration.status"])
		.select(["registration.priceCents", "registration.gstRate", "registration.qstRate"])
		.select(["booking.poNumber", "booking.billingAddress"])
		.where(asked)
		.execute();
	// Most people sign up alone: only of the others is it asked with whom.
	const groups = await db
		.selectFrom("registration as other")
		.select(["other.id", "other.bookingId", "other.sessionId"])
		.select(["other.priceCents", "other.gstRate", "other.qstRate"])
		.where("other.status", "=", "confirmed")
		.where("other.bookingId", "in", (eb) =>
			eb
				.selectFrom("registration as second")
				.select("second.bookingId")
				.where("second.position", "=", 2)
				.where(sql<boolean>`second.booking_id = any(${people.map(({ bookingId }) => bookingId)}::uuid[])`),
		)
		.orderBy("other.position")
		.execute();
	const together = new Map<string, Seat[]>();
	for (const seat of groups) together.set(placeOf(seat), [...(together.get(placeOf(seat)) ?? []), seat]);
	return new Map(
		people.map((person) => {
			const { id, status, priceCents, poNumber, billingAddress } = person;
			const seats = together.get(placeOf(person)) ?? [person];
			const owes = status === "confirmed" && seats[0]!.id === id;
			return [id, { priceCents, poNumber, billingAddress, due: owes ? taxesOf(seats, firm) : null }];
		}),
	);
}

function placeOf({ bookingId, sessionId }: Seat): string {
	return `${bookingId} ${sessionId}`;
}
