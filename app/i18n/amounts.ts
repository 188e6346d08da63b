import type { Locale } from "#app/domain/locale.ts";
import { collectsTaxes, type Priced, type TaxNumbers, taxesOf } from "#app/domain/taxes.ts";
import { formatMoney, formatTaxNumber } from "./format.ts";
import { dictionary } from "./translate.ts";

/** What a seat costs, as it is announced: « 125,00 $ plus taxes ». */
export function announcedPrice(priceCents: number, firm: TaxNumbers, locale: Locale): string {
	const amount = formatMoney(priceCents, locale);
	return collectsTaxes(firm) ? dictionary(locale).plusTaxes(amount) : amount;
}

/** What the seats of a booking cost: the price, each tax with the firm's number, and the total; nothing where it is free. */
export function amountRows(
	seats: readonly Priced[],
	firm: TaxNumbers,
	locale: Locale,
): { label: string; value: string }[] {
	const words = dictionary(locale).amounts;
	const { subtotal, gst, qst, total } = taxesOf(seats, firm);
	if (subtotal === 0) return [];
	const payable = words.byInvoice(formatMoney(total, locale));
	if (gst === null && qst === null) return [{ label: words.price(seats.length), value: payable }];
	const taxes = [
		{ label: words.gst, cents: gst, number: firm.gstNumber },
		{ label: words.qst, cents: qst, number: firm.qstNumber },
	];
	return [
		{ label: words.beforeTaxes(seats.length), value: formatMoney(subtotal, locale) },
		...taxes.flatMap(({ label, cents, number }) =>
			cents === null ? [] : { label, value: `${formatMoney(cents, locale)} (${formatTaxNumber(number)})` },
		),
		{ label: words.total, value: payable },
	];
}

/** What was asked to stand on the invoice. */
export function billingRows(
	{ poNumber, billingAddress }: { poNumber: string; billingAddress: string },
	locale: Locale,
): { label: string; value: string }[] {
	const words = dictionary(locale).billing;
	return [
		{ label: words.poNumber, value: poNumber },
		{ label: words.address, value: billingAddress },
	].filter(({ value }) => value !== "");
}
