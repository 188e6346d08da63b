import decodeQR from "qr/decode.js";
import { expect, test } from "vitest";
import { checkInIsGenuine, readCheckIn, signCheckIn, signToken } from "#app/domain/token.server.ts";
import { qrCode } from "#app/exports/qr-code.server.ts";
import { pictureOf } from "./qr-picture.ts";

const [secret, older] = ["a-secret-of-today", "a-secret-of-last-year"];
const seat = {
	reference: "7KQ2M4TD",
	position: 2,
	id: "01a20c4e-c370-711d-9369-2be1b1057a8f",
	tokenVersion: 1,
};

test("a check-in value names a person of a booking, and is genuine under every secret in use", () => {
	const value = signCheckIn(older, seat);
	expect(readCheckIn(value)).toEqual({ reference: "7KQ2M4TD", position: 2 });
	expect(checkInIsGenuine([secret, older], value, seat)).toBe(true);
	expect(checkInIsGenuine([secret], value, seat)).toBe(false);
});

test("it is nobody else's, and dies with the link to the seat", () => {
	const value = signCheckIn(secret, seat);
	const others = [
		{ ...seat, tokenVersion: 2 },
		{ ...seat, position: 3 },
		{ ...seat, reference: "7KQ2M4TE" },
		{ ...seat, id: seat.id.replace("1", "2") },
	];
	for (const other of others) expect(checkInIsGenuine([secret], value, other)).toBe(false);
	expect(checkInIsGenuine([secret], "7KQ2M4TD000000002", seat)).toBe(false);
});

test("nothing else reads as one: a reference, a link’s token, a name, an address", () => {
	const link = signToken(secret, "manage", seat.id);
	for (const text of [
		"",
		"7KQ2M4TD",
		"7KQ2-M4TD-1",
		link,
		"Zoé Roy",
		"HTTPS://EXEMPLE.CA/MENU",
		"7KQ2M4TD7KQ2M4TD0",
	])
		expect(readCheckIn(text)).toBeNull();
});

test("its code is the smallest there is, white around, for any of a group’s people", () => {
	for (const position of [1, 9, 20, 99]) {
		const value = signCheckIn(secret, { ...seat, position });
		const code = qrCode(value);
		expect(code.size).toBe(21 + 2 * 4);
		expect(decodeQR(pictureOf(code))).toBe(value);
		const columns = [...code.path.matchAll(/M(\d+) (\d+)h(\d+)/g)];
		for (const [, x, y, run] of columns) {
			expect(Math.min(Number(x), Number(y))).toBeGreaterThanOrEqual(4);
			expect(Math.max(Number(x) + Number(run), Number(y) + 1)).toBeLessThanOrEqual(25);
		}
	}
});
