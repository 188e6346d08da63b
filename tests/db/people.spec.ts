import { afterAll, expect, test } from "vitest";
import { hashToken } from "#app/domain/token.server.ts";
import { changeRole, revokeOrganizer } from "#app/use-cases/change-organizer.server.ts";
import { inviteOrganizer } from "#app/use-cases/invite-organizer.server.ts";
import {
	endBrowsers,
	findSignInLink,
	sendSignInCode,
	signInWithCode,
	signInWithLink,
} from "#app/use-cases/sign-in.server.ts";
import { findOrganizerByCookie, listBrowsers, listOrganizers } from "#db/queries/organizers.server.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenOrganizer, minutesLater, now, origin, warmUp } from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
const alone: TestDatabase[] = [];
afterAll(async () => {
	await drop();
	for (const database of alone) await database.drop();
});

async function signIn(email: string, userAgent = "Firefox", at = now): Promise<string> {
	const sent = await sendSignInCode(db, origin, email, at);
	return hashToken((await signInWithCode(db, email, sent!.code, userAgent, at))!);
}

async function audited(action: string, by: string) {
	const rows = await db
		.selectFrom("audit")
		.select("data")
		.where("action", "=", action)
		.where("organizerId", "=", by)
		.execute();
	return rows.map(({ data }) => data);
}

test("somebody invited is told in their language, and signs in with their address", async () => {
	const owner = await givenOrganizer(db, { role: "owner", name: "Mireille Castonguay" });
	const person = { name: "Duncan", email: "duncan@example.com", role: "door", locale: "en" } as const;
	const result = await inviteOrganizer(db, origin, person, owner, now);
	if (!result.ok) throw new Error(result.reason);
	const email = await db
		.selectFrom("email")
		.selectAll()
		.where("organizerId", "=", result.id)
		.executeTakeFirstOrThrow();
	expect(email).toMatchObject({ kind: "invitation", locale: "en", toAddress: "duncan@example.com" });
	expect(email.text).toContain("Mireille Castonguay is giving you access");
	expect(email.text).toContain("https://ateliers.exemple.ca/organizer/sign-in?langue=en");
	expect(email.text).toContain("Your role: Door.");
	const browser = await signIn("Duncan@example.com");
	expect(await findOrganizerByCookie(db, browser, now)).toMatchObject({ id: result.id, role: "door" });
	expect(await audited("organizer.invited", owner.id)).toEqual([{ organizer: result.id, role: "door" }]);
});

test("an address has one account at a time, whatever its case; once revoked it can be invited again", async () => {
	const owner = await givenOrganizer(db, { role: "owner" });
	const person = { name: "Zoé", email: "zoe.double@exemple.ca", role: "organizer", locale: "fr" } as const;
	const first = await inviteOrganizer(db, origin, person, owner, now);
	const again = { ...person, email: "ZOE.double@exemple.ca" };
	expect(await inviteOrganizer(db, origin, again, owner, now)).toEqual({ ok: false, reason: "known" });
	if (!first.ok) throw new Error(first.reason);
	await revokeOrganizer(db, first.id, owner.id, now);
	expect(await inviteOrganizer(db, origin, again, owner, now)).toMatchObject({ ok: true });
});

test("taking access away signs every browser out at once, and kills the codes and links under way", async () => {
	const owner = await givenOrganizer(db, { role: "owner" });
	const organizer = await givenOrganizer(db);
	const browsers = [await signIn(organizer.email), await signIn(organizer.email, "Safari", minutesLater(1))];
	const waiting = (await sendSignInCode(db, origin, organizer.email, minutesLater(2)))!;
	const link = new URL(waiting.url).pathname.split("/").at(-1)!;
	expect(await findSignInLink(db, link, minutesLater(2))).toBeDefined();

	expect(await revokeOrganizer(db, organizer.id, owner.id, minutesLater(3))).toEqual({ ok: true });
	for (const browser of browsers)
		expect(await findOrganizerByCookie(db, browser, minutesLater(3))).toBeUndefined();
	expect(await listBrowsers(db, organizer.id, minutesLater(3))).toEqual([]);
	expect(await signInWithLink(db, link, "Firefox", minutesLater(3))).toBeNull();
	expect(await signInWithCode(db, organizer.email, waiting.code, "Firefox", minutesLater(3))).toBeNull();
	expect((await listOrganizers(db, now)).map(({ id }) => id)).not.toContain(organizer.id);
	expect(await audited("organizer.revoked", owner.id)).toEqual([
		{ organizer: organizer.id, role: "organizer" },
	]);
});

test("a role counts from the next request on", async () => {
	const owner = await givenOrganizer(db, { role: "owner" });
	const organizer = await givenOrganizer(db);
	const browser = await signIn(organizer.email);
	expect(await changeRole(db, organizer.id, "door", owner.id, now)).toEqual({ ok: true });
	expect((await findOrganizerByCookie(db, browser, now))?.role).toBe("door");
	const data = { organizer: organizer.id, was: "organizer", role: "door" };
	expect(await audited("organizer.role-changed", owner.id)).toEqual([data]);
	expect(await changeRole(db, organizer.id, "door", owner.id, now)).toEqual({ ok: true });
	expect(await audited("organizer.role-changed", owner.id)).toHaveLength(1);
});

test("the last owner can be neither revoked nor given another role", async () => {
	const database = await createTestDatabase();
	alone.push(database);
	const owner = await givenOrganizer(database.db, { role: "owner" });
	const refusal = { ok: false, reason: "last-owner" };
	expect(await revokeOrganizer(database.db, owner.id, owner.id, now)).toEqual(refusal);
	expect(await changeRole(database.db, owner.id, "organizer", owner.id, now)).toEqual(refusal);
	await givenOrganizer(database.db, { role: "owner" });
	expect(await changeRole(database.db, owner.id, "organizer", owner.id, now)).toEqual({ ok: true });
});

test("two owners who remove each other at the same moment leave one", async () => {
	const database = await createTestDatabase();
	alone.push(database);
	const [a, b] = [
		await givenOrganizer(database.db, { role: "owner" }),
		await givenOrganizer(database.db, { role: "owner" }),
	];
	await warmUp(database.db);
	const results = await Promise.all([
		revokeOrganizer(database.db, a.id, b.id, now),
		changeRole(database.db, b.id, "door", a.id, now),
	]);
	expect(results.filter(({ ok }) => ok)).toHaveLength(1);
	const left = await listOrganizers(database.db, now);
	expect(left.filter(({ role }) => role === "owner")).toHaveLength(1);
});

test("somebody ends their own sign-ins, one or all the others, and nobody else's", async () => {
	const organizer = await givenOrganizer(db);
	const stranger = await givenOrganizer(db);
	const [here, phone, tablet] = [
		await signIn(organizer.email, "Firefox"),
		await signIn(organizer.email, "iPhone", minutesLater(1)),
		await signIn(organizer.email, "iPad", minutesLater(2)),
	];
	const foreign = await signIn(stranger.email);
	const left = async () => (await listBrowsers(db, organizer.id, now)).map(({ userAgent }) => userAgent);
	expect(await left()).toEqual(["iPad", "iPhone", "Firefox"]);
	await endBrowsers(db, organizer.id, { only: phone }, now);
	await endBrowsers(db, organizer.id, { only: foreign }, now);
	expect(await left()).toEqual(["iPad", "Firefox"]);
	await endBrowsers(db, organizer.id, { allBut: here }, now);
	expect(await left()).toEqual(["Firefox"]);
	expect(await findOrganizerByCookie(db, tablet, now)).toBeUndefined();
	expect(await findOrganizerByCookie(db, foreign, now)).toBeDefined();
	expect(await audited("organizer.signed-out", organizer.id)).toEqual([{ browsers: 1 }, { browsers: 1 }]);
});

test("a browser is noted as seen once an hour", async () => {
	const organizer = await givenOrganizer(db);
	const browser = await signIn(organizer.email);
	const seen = async (at: Date) => {
		await findOrganizerByCookie(db, browser, at);
		return (await listBrowsers(db, organizer.id, at))[0]?.seenAt;
	};
	expect(await seen(minutesLater(30))).toEqual(now);
	expect(await seen(minutesLater(90))).toEqual(minutesLater(90));
});
