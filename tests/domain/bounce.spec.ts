import { expect, test } from "vitest";
import { addressIsBad, returnPath } from "#app/domain/bounce.ts";

test.each([
	["550 5.1.1 <zoe@exemple.ca>: user unknown", true],
	["550-5.1.1 The email account does not exist.", true],
	["5.1.10", true],
	["550 5.2.1 mailbox disabled", true],
	["552 5.2.2 mailbox full", false],
	["550 5.7.1 rejected as spam by 15.1.1.2", false],
	["451 4.1.1 try again later", false],
	["550 no", false],
])("%s: the address itself is bad, %s", (answer, expected) => {
	expect(addressIsBad(answer)).toBe(expected);
});

test("the return path names the message", () => {
	expect(returnPath("retours@exemple.ca", "0193")).toBe("retours+0193@exemple.ca");
});
