// Crockford's base 32: no I, L, O or U, so that a reference can be read over the phone.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Five random bytes to eight characters. */
export function referenceFromBytes(bytes: Uint8Array): string {
	let bits = 0n;
	for (const byte of bytes.subarray(0, 5)) bits = (bits << 8n) | BigInt(byte);
	let reference = "";
	for (let place = 7n; place >= 0n; place--) reference += alphabet[Number((bits >> (place * 5n)) & 31n)];
	return reference;
}

/** `7KQ2M4TD` → `7KQ2-M4TD`, as people see it. */
export function showReference(reference: string): string {
	return `${reference.slice(0, 4)}-${reference.slice(4)}`;
}

/** What a person typed, back to the stored form, or null if it cannot be a reference. */
export function parseReference(typed: string): string | null {
	const reference = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
	return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(reference) ? reference : null;
}
