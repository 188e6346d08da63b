import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { isPublicAddress } from "#app/domain/public-address.server.ts";
import {
	addressProblem,
	eventOf,
	hasFailedTooLong,
	outcomeOf,
	retryAt,
	webhookEvents,
} from "#app/domain/webhook.ts";
import { signatureOf, signedHeaders, signingSecret } from "#app/domain/webhook-signature.server.ts";
import { fr } from "#app/i18n/fr.ts";

const now = new Date("2026-11-23T15:00:00Z");

/** What the log knows that is nothing to other tools: a new action is either told, or named here. */
const untold = [
	/^(attendees|deed|email|email-text|attendance|attestation|question|campaign|interest|address|organizer|calendar)\./,
	/^(workshop|settings|incident|api|api-token|webhook)\./,
	/^registration\.(repeated|reconfirmed|added)$/,
	/^waitlist\.skipped$/,
];

test("each deed that the log knows is told under one name, or is nothing to other tools", () => {
	for (const action of Object.keys(fr.organizer.audit.actions)) {
		const silent = untold.some((pattern) => pattern.test(action));
		const event = eventOf({ action });
		expect(event === null, `${action} → ${event}`).toBe(silent);
		if (event) expect(webhookEvents).toContain(event);
	}
});

test("a place that can have become one thing or another is told as what it became", () => {
	const added = (status: string) => eventOf({ action: "registration.added", data: { status } });
	expect(["confirmed", "waitlisted"].map(added)).toEqual([
		"registration.confirmed",
		"registration.waitlisted",
	]);
	const corrected = (was: string, status?: string) =>
		eventOf({
			action: "registration.corrected",
			data: { fields: ["email"], was, ...(status && { status }) },
		});
	expect(corrected("confirmed")).toBe("registration.updated");
	expect(corrected("repeated", "waitlisted")).toBe("registration.waitlisted");
	expect(corrected("confirmed", "repeated")).toBe("registration.cancelled");
	expect(corrected("repeated")).toBeNull();
});

test("what was no place is not given up, and what organizers note for themselves stays theirs", () => {
	expect(eventOf({ action: "registration.cancelled", data: { was: "repeated" } })).toBeNull();
	expect(eventOf({ action: "registration.cancelled", data: { was: "confirmed" } })).toBe(
		"registration.cancelled",
	);
	expect(eventOf({ action: "registration.edited", data: { fields: ["note", "sortName"] } })).toBeNull();
	expect(eventOf({ action: "registration.edited", data: { fields: ["note", "phone"] } })).toBe(
		"registration.updated",
	);
});

test("a date that is saved without a change to what others read of it is nothing to them", () => {
	const saved = (fields?: string[]) =>
		eventOf({ action: "session.changed", data: { ...(fields && { fields }) } });
	expect(saved([])).toBeNull();
	expect([saved(["place"]), saved()]).toEqual(Array(2).fill("session.changed"));
});

test("what fails is tried again after 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 h, then no more", () => {
	const minutes = (attempts: number, chance = 0) => {
		const at = retryAt(attempts, chance, now);
		return at && (at.getTime() - now.getTime()) / 60_000;
	};
	const hours = [2, 5, 10, 14, 20, 24].map((hour) => hour * 60);
	expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map((attempts) => minutes(attempts))).toEqual([5 / 60, 5, 30, ...hours]);
	expect(minutes(10)).toBeNull();
	expect(minutes(2, 0.5)).toBeCloseTo(5.25);
});

test("any 2xx is received, 410 means no more, and all the rest is tried again, redirects too", () => {
	const outcome = (status: number) => outcomeOf({ status, failure: null });
	expect([200, 201, 204, 299].map(outcome)).toEqual(Array(4).fill("delivered"));
	expect(outcome(410)).toBe("gone");
	expect([100, 301, 302, 400, 404, 429, 500, 503].map(outcome)).toEqual(Array(8).fill("failed"));
	expect(outcomeOf({ status: null, failure: "timeout" })).toBe("failed");
});

test("a receiver that took nothing for five days is given up", () => {
	const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 3600_000);
	expect(hasFailedTooLong(daysAgo(4.9), daysAgo(3), now)).toBe(false);
	expect(hasFailedTooLong(daysAgo(5), daysAgo(1), now)).toBe(true);
	expect(hasFailedTooLong(daysAgo(50), daysAgo(0.9), now)).toBe(false);
});

test("a webhook leads to a page of the web on https, without a name or a password in its address", () => {
	const problem = (url: string, inside = false) => addressProblem(url, inside);
	expect(problem("https://hook.exemple.ca/abc?x=1")).toBeNull();
	expect(problem("https://exemple.ca:443/")).toBeNull();
	expect(problem("https://exemple.ca:8443/")).toBeNull();
	expect(problem("http://exemple.ca/")).toBe("https");
	expect(problem("https://zoe:secret@exemple.ca/")).toBe("user");
	expect(problem("https://zoe@exemple.ca/")).toBe("user");
	expect([22, 25, 80, 1023].map((port) => problem(`https://exemple.ca:${port}/`))).toEqual(
		Array(4).fill("port"),
	);
	for (const typed of [
		"",
		"exemple.ca",
		"ftp://exemple.ca/",
		"file:///etc/passwd",
		"javascript:alert(1)",
		"https://",
	])
		expect(problem(typed), typed).toBe("address");
	expect(problem("http://n8n:5678/webhook/1", true)).toBeNull();
	expect(problem("http://zoe:secret@n8n:5678/", true)).toBe("user");
});

test("only the public internet has public addresses", () => {
	const inside = [
		...["0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255"],
		...["127.0.0.1", "127.9.9.9", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8"],
		...["192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7"],
		...["203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255"],
		...["::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:808:808", "::8.8.8.8"],
		...["64:ff9b::a00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:10::1"],
		...["2001:20::1", "2001:db8::1", "2002:7f00:1::", "3fff::1", "5f00::1", "fc00::1", "fd12:3456::1"],
		...["fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ffff::1"],
		...["", "exemple.ca", "127.1", "0x7f000001", "2130706433"],
	];
	for (const address of inside) expect(isPublicAddress(address), address).toBe(false);
	const outside = [
		...[
			"1.1.1.1",
			"8.8.8.8",
			"9.255.255.255",
			"11.0.0.0",
			"100.63.255.255",
			"100.128.0.0",
			"126.255.255.255",
		],
		...["128.0.0.1", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "192.169.0.0"],
		...[
			"198.17.255.255",
			"198.20.0.0",
			"223.255.255.255",
			"2001:4860:4860::8888",
			"2606:4700::1111",
			"2a00::1",
		],
	];
	for (const address of outside) expect(isPublicAddress(address), address).toBe(true);
});

test("a signature is what the Standard Webhooks specification says, to the letter of its own example", () => {
	const key = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
	const signed = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
	expect(signatureOf(key, signed)).toBe("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

const secret = "un secret d’au moins trente-deux caractères";
const another = "un autre secret, plus ancien, aussi long que lui";
const webhook = { id: "01a20c4e-c370-711d-9369-2be1b1057a8f", version: 2, renewedAt: null };
const message = { id: "m1", body: "{}" };

/** As the other tool does it, from what its owner has pasted there. */
function verifies(shown: string, headers: ReturnType<typeof signedHeaders>, body: string): boolean {
	const key = Buffer.from(shown.replace("whsec_", ""), "base64");
	const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
	const expected = `v1,${createHmac("sha256", key).update(signed).digest("base64")}`;
	return headers["webhook-signature"].split(" ").includes(expected);
}

test("the other tool verifies with the secret that it was given, whichever of the site's secrets made it", () => {
	const headers = signedHeaders([secret, another], webhook, message, now);
	expect(headers["webhook-id"]).toBe("m1");
	expect(headers["webhook-timestamp"]).toBe("1795446000");
	expect(verifies(signingSecret(secret, webhook), headers, "{}")).toBe(true);
	expect(verifies(signingSecret(another, webhook), headers, "{}")).toBe(true);
	expect(verifies(signingSecret(secret, webhook), headers, "{ }")).toBe(false);
	expect(
		verifies(signingSecret(secret, { ...webhook, id: webhook.id.replace("f", "e") }), headers, "{}"),
	).toBe(false);
});

test("a renewed secret signs at once, and the one before for a day more", () => {
	const before = signingSecret(secret, { ...webhook, version: 1 });
	const signed = (hours: number) =>
		signedHeaders(
			[secret],
			{ ...webhook, renewedAt: new Date(now.getTime() - hours * 3600_000) },
			message,
			now,
		);
	for (const hours of [0, 23.9, 24, 1000]) {
		expect(verifies(signingSecret(secret, webhook), signed(hours), "{}")).toBe(true);
		expect(verifies(before, signed(hours), "{}"), String(hours)).toBe(hours < 24);
	}
});
