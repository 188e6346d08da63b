// Crockford's base 32: no I, L, O or U, so that a reference can be read over the phone.
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Bytes, by fives, as Crockford's base 32 writes them: eight characters for five. */
export function crockford(bytes: Uint8Array): string {
	const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, "0")).join("");
	return bits.replace(/.{5}/g, (five) => alphabet[Number.parseInt(five, 2)]!);
}

/** What a person typed, back to those characters, or null if it cannot be `length` of them. */
export function parseCrockford(typed: string, length: number): string | null {
	const characters = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
	return characters.length === length && /^[0-9A-HJKMNP-TV-Z]+$/.test(characters) ? characters : null;
}

/** Five random bytes to eight characters. */
export function referenceFromBytes(bytes: Uint8Array): string {
	return crockford(bytes.subarray(0, 5));
}

/** `7KQ2M4TD` → `7KQ2-M4TD`, as people see it. */
export function showReference(reference: string): string {
	return `${reference.slice(0, 4)}-${reference.slice(4)}`;
}

/** What a person typed, back to the stored form, or null if it cannot be a reference. */
export function parseReference(typed: string): string | null {
	return parseCrockford(typed, 8);
}
