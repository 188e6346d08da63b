import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { registerTogether, type SignUp, type SignUpResult } from "#app/use-cases/register.server.ts";
import { newId } from "#db/id.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aMeeting,
	aSignUp,
	emailsAbout,
	givenRegistration,
	givenRegistrations,
	givenSession,
	minutesLater,
	nothingWritten,
	now,
	origin,
	seatsOf,
	writtenAbout,
} from "#tests/fixtures.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);
async function register(signUp: SignUp, at = now): Promise<SignUpResult> {
	const [result] = await registerTogether(db, origin, [signUp], at);
	return result!;
}

test("somebody who signs up gets a booking, a seat, a confirmation and a line in the audit, all at once", async () => {
	const sessionId = await givenSession(db, { priceCents: 12_500 });
	const result = await register(aSignUp(sessionId, { name: "Anaïs Bélanger", email: "Anais@exemple.ca" }));
	expect(result).toMatchObject({ ok: true, outcome: "confirmed", replayed: false });
	if (!result.ok) return;
	const registration = await db
		.selectFrom("registration")
		.selectAll()
		.where("bookingId", "=", result.bookingId)
		.executeTakeFirstOrThrow();
	expect(registration).toMatchObject({
		name: "Anaïs Bélanger",
		sortName: "Bélanger Anaïs",
		email: "Anais@exemple.ca",
		status: "confirmed",
		priceCents: 12_500,
	});
	expect(await emailsAbout(db, sessionId)).toMatchObject([
		{ kind: "confirmation", status: "queued", toAddress: "Anais@exemple.ca", dueAt: now },
	]);
	const audit = await db
		.selectFrom("audit")
		.select(["actor", "action", "bookingId", "registrationId", "data"])
		.where("bookingId", "=", result.bookingId)
		.execute();
	expect(audit).toEqual([
		{
			actor: "attendee",
			action: "registration.confirmed",
			bookingId: result.bookingId,
			registrationId: registration.id,
			data: {},
		},
	]);
});

test("a form sent again gets the same reference, and nothing more is written", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const signUp = aSignUp(sessionId);
	const first = await register(signUp);
	const before = await writtenAbout(db, sessionId);
	// The session is full by now, and later on closed: the answer to this form stays what it was.
	const again = await register(signUp);
	const muchLater = await register(signUp, minutesLater(60 * 24 * 30));
	expect(again).toEqual({ ...first, replayed: true });
	expect(muchLater).toEqual(again);
	expect(await writtenAbout(db, sessionId)).toEqual(before);
});

test.each([
	["another name", { name: "Noé Côté" }],
	["another address", { email: "noe@exemple.ca" }],
	["another organization", { organization: "Studio Lan" }],
])("a key that comes back with %s writes nothing and is told so", async (_what, changes) => {
	const sessionId = await givenSession(db);
	const signUp = aSignUp(sessionId);
	await register(signUp);
	const before = await writtenAbout(db, sessionId);
	expect(await register({ ...signUp, ...changes })).toEqual({ ok: false, reason: "key-reused" });
	expect(await writtenAbout(db, sessionId)).toEqual(before);
});

test("an address already on the list gets the answer of a newcomer, and no second seat", async () => {
	const sessionId = await givenSession(db);
	const first = await givenRegistration(db, sessionId, { email: "lan@exemple.ca" });
	const again = await register(aSignUp(sessionId, { email: "LAN@exemple.ca", name: "Lan N." }));
	const newcomer = await register(aSignUp(sessionId));
	expect(again).toEqual({
		...newcomer,
		bookingId: expect.any(String),
		reference: expect.stringMatching(/^[0-9A-Z]{8}$/),
	});
	expect(again.ok && again.reference).not.toBe(first.reference);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 2, recount: { taken: 2 } });
	expect(await writtenAbout(db, sessionId)).toMatchObject({ bookings: 3, registrations: 2, audit: 3 });
});

test("the email to an address already on the list brings the link it had, once an hour at most", async () => {
	const sessionId = await givenSession(db);
	const first = await givenRegistration(db, sessionId, { email: "ciara@exemple.ca", name: "Ciara O’Neill" });
	const signUpAgain = (at: Date) =>
		register(aSignUp(sessionId, { email: "ciara@exemple.ca", name: "X" }), at);
	await signUpAgain(now);
	await signUpAgain(now);
	const [, reminder, ...others] = await emailsAbout(db, sessionId);
	expect(others).toEqual([]);
	expect(reminder).toMatchObject({
		kind: "already-registered",
		registrationId: first.id,
		toName: "Ciara O’Neill",
		toAddress: "ciara@exemple.ca",
		subject: expect.stringContaining("déjà sur la liste"),
	});
	await signUpAgain(minutesLater(61));
	expect(await emailsAbout(db, sessionId)).toHaveLength(3);
});

test("a session that is full answers full to everyone, on the list or not", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const { email } = await givenRegistration(db, sessionId);
	const before = await writtenAbout(db, sessionId);
	for (const address of [email!, "nouvelle@exemple.ca"]) {
		expect(await register(aSignUp(sessionId, { email: address }))).toEqual({ ok: false, reason: "full" });
	}
	expect(await writtenAbout(db, sessionId)).toEqual(before);
});

test("when it is full, those who accept to wait are put in line, on the list or not, and told their rank", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const { email } = await givenRegistration(db, sessionId);
	await givenRegistration(db, sessionId);
	const wait = (address?: string) =>
		register(aSignUp(sessionId, { acceptsWaitlist: true, ...(address ? { email: address } : {}) }));
	expect(await wait()).toMatchObject({ ok: true, outcome: "waitlisted" });
	expect(await wait(email!)).toMatchObject({ ok: true, outcome: "waitlisted" });
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 1,
		waiting: 2,
		recount: { taken: 1, waiting: 2 },
	});
	const emails = await emailsAbout(db, sessionId);
	expect(emails.map(({ kind }) => kind)).toEqual([
		"confirmation",
		"waitlisted",
		"waitlisted",
		"already-registered",
	]);
	expect(emails[1]!.text).toContain("au 1er rang");
	expect(emails[2]!.text).toContain("au 2e rang");
});

test("a session without a waitlist puts nobody in line", async () => {
	const sessionId = await givenSession(db, { capacity: 1, waitlistMode: "none" });
	await givenRegistration(db, sessionId);
	expect(await register(aSignUp(sessionId, { acceptsWaitlist: true }))).toEqual({
		ok: false,
		reason: "full",
	});
});

test("nobody overtakes the people who wait, even when a seat is free", async () => {
	const sessionId = await givenSession(db, { capacity: 1 });
	const [, waiting] = await givenRegistrations(db, sessionId, [{}, {}]);
	await db.updateTable("session").set({ capacity: 2 }).where("id", "=", sessionId).execute();
	expect(await register(aSignUp(sessionId))).toEqual({ ok: false, reason: "full" });
	const newcomer = await givenRegistration(db, sessionId);
	const line = await db
		.selectFrom("waitlistEntry")
		.select(["bookingId", "seq"])
		.where("sessionId", "=", sessionId)
		.orderBy("seq")
		.execute();
	expect(line).toEqual([
		{ bookingId: waiting!.bookingId, seq: 1 },
		{ bookingId: newcomer.bookingId, seq: 2 },
	]);
});

test("people who sign up together are served in the order they came", async () => {
	const sessionId = await givenSession(db, { capacity: 2 });
	const signUps = Array.from({ length: 4 }, () => aSignUp(sessionId, { acceptsWaitlist: true }));
	const results = await registerTogether(db, origin, signUps, now);
	expect(results.map((result) => result.ok && result.outcome)).toEqual([
		"confirmed",
		"confirmed",
		"waitlisted",
		"waitlisted",
	]);
});

test("after giving up a seat, the same address may take one again", async () => {
	const sessionId = await givenSession(db);
	const { id, email } = await givenRegistration(db, sessionId);
	await cancelRegistration(db, origin, id, { attendee: true }, now);
	await register(aSignUp(sessionId, { email: email! }));
	expect((await seatsOf(db, sessionId)).recount).toEqual({ taken: 1, waiting: 0 });
});

const started = aMeeting("2026-11-23", "09:30", "16:30");
const over = aMeeting("2026-11-22", "09:30", "16:30");

test.each([
	["is a draft", { published: false }, "closed"],
	["has closed", { closesAt: minutesLater(-1) }, "closed"],
	["has begun", { meetings: [started] }, "closed"],
	["is over", { meetings: [over] }, "past"],
	["opens later", { opensAt: minutesLater(1) }, "opens-later"],
] as const)("a date that %s refuses, and nothing is written", async (_what, changes, reason) => {
	const sessionId = await givenSession(db, changes as Parameters<typeof givenSession>[1]);
	expect(await register(aSignUp(sessionId, { acceptsWaitlist: true }))).toEqual({ ok: false, reason });
	expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);
});

test("a date that is cancelled refuses, and nothing is written", async () => {
	const sessionId = await givenSession(db);
	await db.updateTable("session").set({ cancelledAt: now }).where("id", "=", sessionId).execute();
	expect(await register(aSignUp(sessionId))).toEqual({ ok: false, reason: "cancelled" });
	expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);
});

test.each(["publishedAt", "archivedAt"] as const)(
	"a date of a workshop that is off the site (%s) refuses, and nothing is written",
	async (column) => {
		const sessionId = await givenSession(db);
		await db
			.updateTable("workshop")
			.from("session")
			.set({ [column]: column === "archivedAt" ? now : null })
			.whereRef("session.workshopId", "=", "workshop.id")
			.where("session.id", "=", sessionId)
			.execute();
		expect(await register(aSignUp(sessionId))).toEqual({ ok: false, reason: "closed" });
		expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);
	},
);

test("a date that nobody knows refuses", async () => {
	expect(await register(aSignUp(newId()))).toEqual({ ok: false, reason: "unknown-session" });
});

test("a date opens and closes on the minute", async () => {
	const sessionId = await givenSession(db, { opensAt: now, closesAt: minutesLater(10) });
	expect(await register(aSignUp(sessionId), minutesLater(-1 / 60))).toMatchObject({ reason: "opens-later" });
	expect(await register(aSignUp(sessionId), now)).toMatchObject({ ok: true });
	expect(await register(aSignUp(sessionId), minutesLater(10))).toMatchObject({ reason: "closed" });
});

test("a booking that fails at its very end leaves no seat taken and no email", async () => {
	const sessionId = await givenSession(db);
	// The audit is written last: everything else is there by then.
	await sql`
		create function refuse_audit() returns trigger language plpgsql as 'begin raise exception ''disk full''; end';
		create trigger refuse_audit before insert on audit for each row
			when (new.session_id = '${sql.raw(sessionId)}') execute function refuse_audit();
	`.execute(db);
	const signUp = aSignUp(sessionId, { newsWording: "M’écrire" });
	await expect(register(signUp)).rejects.toThrow("disk full");
	await sql`drop trigger refuse_audit on audit`.execute(db);
	expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 0, recount: { taken: 0 } });
	expect(await db.selectFrom("interest").selectAll().where("email", "=", signUp.email).execute()).toEqual([]);
	// Only a completed booking spends a key.
	expect(await register(signUp)).toMatchObject({ ok: true, replayed: false });
});

test("the consent to news is kept with the words that were agreed to; a later one changes nothing", async () => {
	const sessionId = await givenSession(db);
	const other = await givenSession(db);
	const email = "nouvelles@exemple.ca";
	await register(
		aSignUp(sessionId, { email, newsWording: "M’écrire quand de nouveaux ateliers sont annoncés" }),
	);
	await register(aSignUp(other, { email: "Nouvelles@exemple.ca", newsWording: "Other words", locale: "en" }));
	await register(aSignUp(sessionId, { email: "sans@exemple.ca" }));
	const kept = await db
		.selectFrom("interest")
		.select(["email", "locale", "wording", "source", "createdAt", "endedAt"])
		.where(sql`lower(email)`, "in", [email, "sans@exemple.ca"])
		.execute();
	expect(kept).toEqual([
		{
			email,
			locale: "fr",
			wording: "M’écrire quand de nouveaux ateliers sont annoncés",
			source: "registration",
			createdAt: now,
			endedAt: null,
		},
	]);
});

test("an audit row can be neither changed nor removed", async () => {
	await givenRegistration(db, await givenSession(db));
	await expect(db.deleteFrom("audit").execute()).rejects.toThrow("never changed or removed");
	await expect(db.updateTable("audit").set({ action: "x" }).execute()).rejects.toThrow("never changed");
});
