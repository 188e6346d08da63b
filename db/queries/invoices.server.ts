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

/** By registration. A firm's taxes are on what a booking costs in all, so that its sum is not that of its people. */
export async function findInvoices(
	db: Db,
	registrationIds: string[],
	firm: TaxNumbers,
): Promise<Map<string, Invoice>> {
	type Found = Omit<Invoice, "due"> & {
		id: string;
		prices: number[];
		gstRates: string[];
		qstRates: string[];
	};
	const { rows } = await sql<Found>`
		select registration.id, registration.price_cents, booking.po_number, booking.billing_address,
			coalesce(seats.prices, '{}') as prices,
			coalesce(seats.gst_rates, '{}') as gst_rates,
			coalesce(seats.qst_rates, '{}') as qst_rates
		from registration
		join booking on booking.id = registration.booking_id
		left join lateral (
			select (array_agg(id order by position))[1] as first,
				array_agg(price_cents) as prices,
				array_agg(gst_rate::text) as gst_rates,
				array_agg(qst_rate::text) as qst_rates
			from registration as other
			where other.booking_id = registration.booking_id
				and other.session_id = registration.session_id
				and other.status = 'confirmed'
		) as seats on seats.first = registration.id
		where registration.id = any(${registrationIds}::uuid[])
	`.execute(db);
	return new Map(
		rows.map(({ id, prices, gstRates, qstRates, priceCents, poNumber, billingAddress }) => {
			const seats = prices.map(
				(cents, n): Priced => ({ priceCents: cents, gstRate: gstRates[n]!, qstRate: qstRates[n]! }),
			);
			const due = seats.length > 0 ? taxesOf(seats, firm) : null;
			return [id, { priceCents, poNumber, billingAddress, due }];
		}),
	);
}
