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

type Seat = Priced & { id: string };

/**
 * By registration. A firm's taxes are on what a booking costs in all, so that its sum is not that of its people. In one question
 * and few words: an export asks it of everybody, five hundred at a time.
 */
export async function findInvoices(
	db: Db,
	registrationIds: string[],
	firm: TaxNumbers,
): Promise<Map<string, Invoice>> {
	type Found = Seat & {
		poNumber: string;
		billingAddress: string;
		isSeated: boolean;
		/** Those who have a seat by the same booking at the same date, in order; null for whoever signed up alone. */
		seats: Seat[] | null;
	};
	const { rows } = await sql<Found>`
		select registration.id, registration.price_cents, registration.gst_rate, registration.qst_rate,
			registration.status = 'confirmed' as is_seated, booking.po_number, booking.billing_address,
			case when exists (
				select from registration second where second.booking_id = booking.id and second.position > 1
			) then (
				select coalesce(json_agg(json_build_object(
					'id', other.id, 'priceCents', price_cents, 'gstRate', gst_rate::text, 'qstRate', qst_rate::text
				) order by position), '[]')
				from registration other
				where other.booking_id = booking.id and other.session_id = registration.session_id
					and other.status = 'confirmed'
			) end as seats
		from registration
		join booking on booking.id = registration.booking_id
		where registration.id = any(${registrationIds}::uuid[])
	`.execute(db);
	return new Map(
		rows.map((person) => {
			const { id, isSeated, priceCents, poNumber, billingAddress, seats } = person;
			const owes = isSeated && (seats === null || seats[0]?.id === id);
			return [
				id,
				{ priceCents, poNumber, billingAddress, due: owes ? taxesOf(seats ?? [person], firm) : null },
			];
		}),
	);
}
