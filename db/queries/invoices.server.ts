import { sql } from "kysely";
import type { RegistrationStatus } from "#app/domain/registration.ts";
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

type Seat = [id: string, cents: number, gstRate: string, qstRate: string];

/** What an invoice is made of, as one value; `seats` is null of whoever signed up alone. */
export type InvoiceFacts = [
	own: Seat,
	poNumber: string,
	billingAddress: string,
	/** Those who have a seat by the same booking at the same date, in order. */
	seats: Seat[] | null,
];

/**
 * Beside a registration and its booking, and short: an export asks it of everybody. Whether somebody signed up alone is one look
 * for each, as Postgres would else read all groups to know.
 */
export const invoiceFacts = sql<InvoiceFacts>`json_build_array(
	${seatOf("registration")},
	booking.po_number,
	booking.billing_address,
	case when (
		select true from registration second where second.booking_id = booking.id and second.position = 2
	) then (
		select coalesce(json_agg(${seatOf("other")} order by other.position), '[]')
		from registration other
		where other.booking_id = booking.id and other.session_id = registration.session_id
			and other.status = 'confirmed'
	) end
)`;

function seatOf(table: "registration" | "other") {
	const of = (column: string) => sql.ref(`${table}.${column}`);
	return sql`json_build_array(
		${of("id")}, ${of("price_cents")}, ${of("gst_rate")}::text, ${of("qst_rate")}::text
	)`;
}

/** A firm's taxes are on what a booking costs in all, so that its sum is not that of its people. */
export function invoiceOf(
	[own, poNumber, billingAddress, seats]: InvoiceFacts,
	status: RegistrationStatus,
	firm: TaxNumbers,
): Invoice {
	const [id, priceCents] = own;
	const owes = status === "confirmed" && (seats === null || seats[0]?.[0] === id);
	const due = owes ? taxesOf((seats ?? [own]).map(pricedOf), firm) : null;
	return { priceCents, poNumber, billingAddress, due };
}

function pricedOf([, priceCents, gstRate, qstRate]: Seat): Priced {
	return { priceCents, gstRate, qstRate };
}

/** By registration. */
export async function findInvoices(
	db: Db,
	registrationIds: string[],
	firm: TaxNumbers,
): Promise<Map<string, Invoice>> {
	const rows = await db
		.selectFrom("registration")
		.innerJoin("booking", "booking.id", "registration.bookingId")
		.select(["registration.id", "registration.status", invoiceFacts.as("facts")])
		.where(sql<boolean>`registration.id = any(${registrationIds}::uuid[])`)
		.execute();
	return new Map(rows.map(({ id, status, facts }) => [id, invoiceOf(facts, status, firm)]));
}
