import { afterAll, expect, test } from "vitest";
import { hashToken } from "#app/domain/token.server.ts";
import { newFormKey, readFormKey } from "#app/http/form-key.server.ts";
import {
	addPasskey,
	type RelyingParty,
	removePasskey,
	signInWithPasskey,
} from "#app/use-cases/passkeys.server.ts";
import { endBrowsers } from "#app/use-cases/sign-in.server.ts";
import { findOrganizerByCookie } from "#db/queries/organizers.server.ts";
import { listPasskeys } from "#db/queries/passkeys.server.ts";
import { aDevice } from "#tests/authenticator.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenOrganizer, warmUp } from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const browser = "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1";
const secrets: [string] = ["a-secret-for-the-passkeys-of-the-tests"];
const site: RelyingParty = {
	id: "ateliers.exemple.ca",
	origin: "https://ateliers.exemple.ca",
	readChallenge: (challenge, at) => readFormKey(secrets, Buffer.from(challenge, "base64url").toString(), at),
};
const device = { origin: site.origin, rpId: site.id };
// The challenge says when it was made: these tests are about now.
const now = new Date();

function newChallenge(): string {
	return Buffer.from(newFormKey(secrets)).toString("base64url");
}

async function givenPasskey() {
	const organizer = await givenOrganizer(db);
	const phone = aDevice(device);
	expect(await addPasskey(db, site, organizer, phone.create(newChallenge()), browser, now)).toBe(true);
	return { organizer, phone };
}

const signIn = (signed: string, at = now) => signInWithPasskey(db, site, signed, browser, at);

test("a passkey lets its owner in, and says when it did", async () => {
	const { organizer, phone } = await givenPasskey();
	const token = await signIn(phone.get(newChallenge()));
	expect(await findOrganizerByCookie(db, hashToken(token!), now)).toMatchObject({ id: organizer.id });
	expect(await listPasskeys(db, organizer.id)).toMatchObject([{ name: "Safari · iPhone", usedAt: now }]);
});

test("what a device signed lets in once, even when it is sent twice at the same moment", async () => {
	const { phone } = await givenPasskey();
	const signed = phone.get(newChallenge());
	await warmUp(db);
	const tokens = await Promise.all([signIn(signed), signIn(signed), signIn(signed)]);
	expect(tokens.filter(Boolean)).toHaveLength(1);
	expect(await signIn(signed)).toBeNull();
});

test("what is not signed for this site, by this device, for a challenge of ours, lets nobody in", async () => {
	const { organizer, phone } = await givenPasskey();
	const challenge = newChallenge();
	const elsewhere = aDevice({ ...device, origin: "https://exemple.com" });
	const stranger = aDevice(device);
	const forged = stranger.get(challenge).replaceAll(stranger.id, phone.id);
	const own = Buffer.from(randomKey()).toString("base64url");
	const tampered = phone.get(challenge).replace(/"signature":"..../, '"signature":"MEUA');
	for (const sent of [
		forged,
		stranger.get(challenge),
		tampered,
		phone.get(own),
		phone.get(""),
		"",
		"null",
		"{}",
		'{"id":{}}',
		'{"id":"\\u0000"}',
		"[".repeat(10_000),
	]) {
		expect(await signIn(sent), sent.slice(0, 40)).toBeNull();
	}
	const dayLater = new Date(now.getTime() + 25 * 3600_000);
	expect(await signIn(phone.get(newChallenge()), dayLater)).toBeNull();
	for (const sent of [
		elsewhere.create(challenge),
		aDevice(device).create(own),
		"",
		"{}",
		phone.get(challenge),
	]) {
		expect(await addPasskey(db, site, organizer, sent, browser, now)).toBe(false);
	}
	expect(await listPasskeys(db, organizer.id)).toHaveLength(1);
});

test("a passkey is one person's: another can neither take it over nor remove it", async () => {
	const { organizer, phone } = await givenPasskey();
	const other = await givenOrganizer(db);
	expect(await addPasskey(db, site, other, phone.create(newChallenge()), browser, now)).toBe(false);
	await removePasskey(db, other.id, phone.id, now);
	await removePasskey(db, organizer.id, "\0", now);
	await endBrowsers(db, organizer.id, { only: "\0" }, now);
	expect(await listPasskeys(db, organizer.id)).toHaveLength(1);
	await removePasskey(db, organizer.id, phone.id, now);
	expect(await signIn(phone.get(newChallenge()))).toBeNull();
	const audit = await db
		.selectFrom("audit")
		.select("action")
		.where("organizerId", "=", organizer.id)
		.orderBy("id")
		.execute();
	expect(audit.map(({ action }) => action)).toEqual(["organizer.passkey-added", "organizer.passkey-removed"]);
});

test("whoever has lost their access has lost their passkeys", async () => {
	const { organizer, phone } = await givenPasskey();
	await db.updateTable("organizer").set({ revokedAt: now }).where("id", "=", organizer.id).execute();
	expect(await signIn(phone.get(newChallenge()))).toBeNull();
});

function randomKey(): string {
	return newFormKey(["a-secret-of-somebody-else-entirely"]);
}
