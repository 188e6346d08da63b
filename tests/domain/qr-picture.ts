import type { QrCode } from "#app/exports/qr-code.server.ts";

/** What a camera would see of a code that a page draws: its modules as pixels. */
export function pictureOf({ size, path }: QrCode, scale = 4) {
	const side = size * scale;
	const data = new Uint8ClampedArray(side * side * 4).fill(255);
	for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
		for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++) {
			const start = (row * side + Number(x) * scale) * 4;
			data.fill(0, start, start + Number(run) * scale * 4);
		}
	return { width: side, height: side, data };
}
