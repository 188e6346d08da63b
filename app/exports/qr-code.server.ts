import encodeQR from "qr";

/** Light modules around a code, as many as its standard asks for. */
export const quietZone = 4;

export type QrCode = { size: number; path: string };

/** A QR code as the path of its dark modules in a square of `size` modules, the quiet zone included. */
export function qrCode(text: string): QrCode {
	const modules = encodeQR(text, "raw", { border: quietZone });
	const runs = modules.flatMap((row, y) =>
		row.flatMap((dark, x) =>
			dark && !row[x - 1] ? `M${x} ${y}h${runFrom(row, x)}v1h-${runFrom(row, x)}z` : [],
		),
	);
	return { size: modules.length, path: runs.join("") };
}

/** How many dark modules follow each other. */
function runFrom(row: boolean[], start: number): number {
	const end = row.indexOf(false, start);
	return (end < 0 ? row.length : end) - start;
}
