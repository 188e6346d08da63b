import { z } from "zod";
import { cleanLine, cleanText } from "#app/domain/text.ts";

/** A line that may be left empty; a missing field is an empty one. `tooLong` is a dictionary key. */
export function line(longest: number, tooLong: string) {
	return z.string().default("").transform(cleanLine).pipe(z.string().max(longest, tooLong));
}

/** A line that must be there. */
export function requiredLine(longest: number, missing: string, tooLong: string) {
	return z.string(missing).transform(cleanLine).pipe(z.string().min(1, missing).max(longest, tooLong));
}

/** A text of several lines that may be left empty. */
export function text(longest: number, tooLong: string) {
	return z.string().default("").transform(cleanText).pipe(z.string().max(longest, tooLong));
}

/** One bare address (RFC 5322 addr-spec, 254 octets at most by RFC 5321 §4.5.3.1), without a name or brackets. */
export function emailAddress(missing: string, invalid: string) {
	return z
		.string(missing)
		.transform((typed) => typed.trim())
		.pipe(z.string().min(1, missing).max(254, invalid).pipe(z.email(invalid)));
}

/** A box: ticked or not. */
export const checkbox = z
	.string()
	.optional()
	.transform((value) => value !== undefined);

/** An address of a page, on https; or none. */
export function isWebAddress(typed: string): boolean {
	return typed === "" || /^https:\/\/\S+\.\S+$/.test(typed);
}
