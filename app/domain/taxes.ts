/** The rates of the law today, as parts of the price before tax. Each seat keeps those that it was taken at. */
export const taxRates = { gstRate: "0.05", qstRate: "0.09975" };

/** What a seat costs before tax, in cents, and the rates that it was taken at. */
export type Priced = { priceCents: number; gstRate: string; qstRate: string };

/** The numbers under which the firm collects each tax, empty where it does not. */
export type TaxNumbers = { gstNumber: string; qstNumber: string };

/** In cents; a tax that the firm does not collect is null. */
export type Amounts = { subtotal: number; gst: number | null; qst: number | null; total: number };

export function collectsTaxes({ gstNumber, qstNumber }: TaxNumbers): boolean {
	return Boolean(gstNumber || qstNumber);
}

/**
 * What the seats of one booking cost: both taxes are on the price before tax of all of them, and each is rounded to the
 * cent by itself, half a cent up.
 */
export function taxesOf(seats: readonly Priced[], firm: TaxNumbers): Amounts {
	const subtotal = seats.reduce((sum, { priceCents }) => sum + priceCents, 0);
	const taxAt = (rate: "gstRate" | "qstRate") =>
		roundCents(seats.map((seat) => [seat.priceCents, seat[rate]]));
	const gst = firm.gstNumber ? taxAt("gstRate") : null;
	const qst = firm.qstNumber ? taxAt("qstRate") : null;
	return { subtotal, gst, qst, total: subtotal + (gst ?? 0) + (qst ?? 0) };
}

/** A rate has five decimals, so that cents times a hundred thousand of it are whole: nothing is lost before the rounding. */
const scale = 100_000;

function roundCents(parts: [cents: number, rate: string][]): number {
	const exact = parts.reduce((sum, [cents, rate]) => sum + cents * Math.round(Number(rate) * scale), 0);
	return Math.floor((exact + scale / 2) / scale);
}
