import { afterAll, expect, test } from "vitest";
import { hashToken } from "#app/domain/token.server.ts";
import {
	findSignInLink,
	makeConsoleLink,
	sendSignInCode,
	signInWithCode,
	signInWithLink,
	signOut,
} from "#app/use-cases/sign-in.server.ts";
import {
	ensureOwner,
	findOrganizerByCookie,
	findOrganizerByEmail,
	somebodySignedIn,
} from "#db/queries/organizers.server.ts";
import { deliverDue } from "#emails/outbox.server.ts";
import type { OutgoingEmail } from "#emails/transport.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenOrganizer, minutesLater, now, origin, warmUp } from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const browser = "Firefox";

async function sendCode(email: string, at = now) {
	const sent = (await sendSignInCode(db, origin, email, at))!;
	return { ...sent, link: new URL(sent.url).pathname.split("/").at(-1)! };
}

/** Six digits that are not these. */
function wrong(code: string): string {
	return code === "000000" ? "111111" : "000000";
}

async function emailsTo(address: string) {
	return db.selectFrom("email").selectAll().where("toAddress", "=", address).orderBy("id").execute();
}

test("a code lets an organizer in, whatever the case of the address, and once", async () => {
	const organizer = await givenOrganizer(db, { email: "Mireille@exemple.ca" });
	const { code } = await sendCode("mireille@EXEMPLE.ca");
	expect(code).toMatch(/^\d{6}$/);
	const token = await signInWithCode(db, "MIREILLE@exemple.ca", code, browser, now);
	expect(await findOrganizerByCookie(db, hashToken(token!), now)).toMatchObject({ id: organizer.id });
	expect(await signInWithCode(db, organizer.email, code, browser, now)).toBeNull();
});

test("a code and its link, each used twice at the same moment, let in once", async () => {
	const { email } = await givenOrganizer(db);
	const { code, link } = await sendCode(email);
	await warmUp(db);
	const tokens = await Promise.all(
		[1, 2].flatMap(() => [
			signInWithLink(db, link, browser, now),
			signInWithCode(db, email, code, browser, now),
		]),
	);
	expect(tokens.filter(Boolean)).toHaveLength(1);
});

test("the fifth try may be right, the sixth comes too late", async () => {
	for (const [mistakes, letsIn] of [
		[4, true],
		[5, false],
	] as const) {
		const { email } = await givenOrganizer(db);
		const { code } = await sendCode(email);
		for (let mistake = 0; mistake < mistakes; mistake++) {
			expect(await signInWithCode(db, email, wrong(code), browser, now)).toBeNull();
		}
		expect((await signInWithCode(db, email, code, browser, now)) !== null).toBe(letsIn);
	}
});

test("guesses made all at once are no more than five", async () => {
	const { email } = await givenOrganizer(db);
	const { code } = await sendCode(email);
	await warmUp(db);
	await Promise.all(Array.from({ length: 9 }, () => signInWithCode(db, email, wrong(code), browser, now)));
	const { tries } = await db
		.selectFrom("signIn")
		.innerJoin("organizer", "organizer.id", "signIn.organizerId")
		.select("tries")
		.where("email", "=", email)
		.executeTakeFirstOrThrow();
	expect(tries).toBe(5);
});

test("a code and its link last ten minutes", async () => {
	const { email } = await givenOrganizer(db);
	const { code, link } = await sendCode(email);
	expect(await signInWithCode(db, email, code, browser, minutesLater(10))).toBeNull();
	expect(await findSignInLink(db, link, minutesLater(10))).toBeUndefined();
	expect(await signInWithLink(db, link, browser, minutesLater(10))).toBeNull();
	expect(await signInWithCode(db, email, code, browser, minutesLater(9.99))).not.toBeNull();
});

test("a new code replaces the one before", async () => {
	const { email } = await givenOrganizer(db);
	const first = await sendCode(email);
	const second = await sendCode(email, minutesLater(1));
	if (first.code !== second.code) {
		expect(await signInWithCode(db, email, first.code, browser, minutesLater(2))).toBeNull();
	}
	expect(await signInWithCode(db, email, second.code, browser, minutesLater(2))).not.toBeNull();
});

test("one organizer's code does not open another's door", async () => {
	const { email } = await givenOrganizer(db);
	const other = await givenOrganizer(db);
	const { code } = await sendCode(email);
	await sendCode(other.email);
	expect(await signInWithCode(db, other.email, wrong(code), browser, now)).toBeNull();
	expect(await signInWithCode(db, "personne@exemple.ca", code, browser, now)).toBeNull();
	expect(await signInWithCode(db, email, code, browser, now)).not.toBeNull();
});

test("an unknown or revoked address gets no code and no email", async () => {
	const revoked = await givenOrganizer(db, { revokedAt: now });
	const before = await db.selectFrom("signIn").selectAll().execute();
	for (const email of ["inconnue@exemple.ca", revoked.email]) {
		expect(await sendSignInCode(db, origin, email, now)).toBeNull();
		expect(await emailsTo(email)).toEqual([]);
	}
	expect(await db.selectFrom("signIn").selectAll().execute()).toEqual(before);
});

test("a link may be looked at, lets in once, and takes its code with it", async () => {
	const { id, email } = await givenOrganizer(db);
	const { code, link } = await sendCode(email);
	expect(await findSignInLink(db, link, now)).toBeDefined();
	const token = await signInWithLink(db, link, browser, now);
	expect(await findOrganizerByCookie(db, hashToken(token!), now)).toMatchObject({ id });
	expect(await findSignInLink(db, link, now)).toBeUndefined();
	expect(await signInWithLink(db, link, browser, now)).toBeNull();
	expect(await signInWithCode(db, email, code, browser, now)).toBeNull();
});

test("the link of the console lets in once, and then somebody has signed in", async () => {
	const owner = await ensureOwner(db, "proprietaire@exemple.ca", now);
	expect(await ensureOwner(db, "autre@exemple.ca", now)).toEqual(owner);
	const url = await makeConsoleLink(db, origin, owner, now);
	expect(url).toMatch(/^https:\/\/ateliers\.exemple\.ca\/organizer\/sign-in\/[\w-]{43}\?langue=fr$/);
	const link = new URL(url).pathname.split("/").at(-1)!;
	expect(await signInWithLink(db, link, browser, now)).not.toBeNull();
	expect(await signInWithLink(db, link, browser, now)).toBeNull();
	expect(await somebodySignedIn(db)).toBe(true);
});

test("instances that start together make one owner", async () => {
	const fresh = await createTestDatabase();
	const owners = await Promise.all(
		Array.from({ length: 4 }, () => ensureOwner(fresh.db, "proprietaire@exemple.ca", now)),
	);
	expect(new Set(owners.map(({ id }) => id)).size).toBe(1);
	expect(await somebodySignedIn(fresh.db)).toBe(false);
	await fresh.drop();
});

test("an account made before its owner was named becomes theirs, and then stays", async () => {
	const fresh = await createTestDatabase();
	const { id } = await ensureOwner(fresh.db, null, now);
	const named = await ensureOwner(fresh.db, "proprietaire@exemple.ca", now);
	expect(named).toMatchObject({ id, email: "proprietaire@exemple.ca" });
	expect(await ensureOwner(fresh.db, "autre@exemple.ca", now)).toEqual(named);
	await fresh.drop();
});

test("somebody who had an account beside it is the owner once named, and nobody's account ends", async () => {
	const fresh = await createTestDatabase();
	const standIn = await ensureOwner(fresh.db, null, now);
	const { id, email } = await givenOrganizer(fresh.db);
	expect(await ensureOwner(fresh.db, email, now)).toMatchObject({ id, role: "owner" });
	expect(await findOrganizerByEmail(fresh.db, standIn.email)).toBeUndefined();
	await fresh.drop();
});

test("a cookie lasts fourteen days, until it is signed out or its organizer is revoked", async () => {
	const organizer = await givenOrganizer(db);
	const cookie = async () => {
		const { link } = await sendCode(organizer.email);
		return (await signInWithLink(db, link, browser, now))!;
	};
	const [first, second] = [await cookie(), await cookie()];
	const who = async (token: string, at = now) => (await findOrganizerByCookie(db, hashToken(token), at))?.id;
	const days = 60 * 24;
	expect(await who(first, minutesLater(14 * days - 1))).toBe(organizer.id);
	expect(await who(first, minutesLater(14 * days))).toBeUndefined();
	await signOut(db, first);
	expect([await who(first), await who(second)]).toEqual([undefined, organizer.id]);
	await db.updateTable("organizer").set({ revokedAt: now }).where("id", "=", organizer.id).execute();
	expect(await who(second)).toBeUndefined();
});

test("no code, link or cookie is stored as it was given", async () => {
	const { email } = await givenOrganizer(db);
	const { code, link } = await sendCode(email);
	const token = (await signInWithLink(db, link, browser, now))!;
	const rows = JSON.stringify([
		await db.selectFrom("signIn").selectAll().execute(),
		await db.selectFrom("organizerCookie").selectAll().execute(),
		await db.selectFrom("audit").selectAll().execute(),
	]);
	for (const secret of [link, token, `"${code}"`]) expect(rows).not.toContain(secret);
	expect(rows).toContain(hashToken(token));
	expect(rows).toContain(hashToken(link));
});

test.each(["sent", "captured", "refused"] as const)(
	"the email that carries the code is erased once it is %s",
	async (outcome) => {
		const { email } = await givenOrganizer(db);
		const { code, url } = await sendCode(email);
		const [queued] = await emailsTo(email);
		expect(queued!.text).toContain(url);
		const delivered: OutgoingEmail[] = [];
		const transport = {
			kind: "smtp" as const,
			async deliver(message: OutgoingEmail) {
				delivered.push(message);
				return { outcome, response: "", error: "" };
			},
			close() {},
		};
		const settings = {
			publicUrl: origin.publicUrl,
			secret: "x".repeat(32),
			from: { name: "", address: origin.mailAddress },
		};
		while ((await deliverDue(db, transport, settings, now)) > 0);
		expect(delivered.find(({ to }) => to.address === email)).toMatchObject({
			subject: expect.stringContaining(code),
			text: expect.stringContaining(url),
		});
		const [kept] = await emailsTo(email);
		expect(kept).toMatchObject({ subject: "", html: "", text: "" });
		expect(JSON.stringify(kept)).not.toContain(code);
	},
);
