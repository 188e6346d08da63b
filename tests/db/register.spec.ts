import { sql } from "kysely";
import { afterAll, expect, test } from "vitest";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { registerTogether, type SignUp, type SignUpResult } from "#app/use-cases/register.server.ts";
import { newId } from "#db/id.ts";
import { findBilling, findBooking } from "#db/queries/bookings.server.ts";
import { findActiveByEmail } from "#db/queries/registrations.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	aPerson,
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

/** How the people of a booking stand, in the order they were named. */
async function statusesOf(result: SignUpResult): Promise<string[]> {
	if (!result.ok) return [result.reason];
	const found = await findBooking(db, result.bookingId);
	return found!.registrations.map(({ status }) => status);
}

async function register(signUp: SignUp, at = now): Promise<SignUpResult> {
	const [result] = await registerTogether(db, origin, [signUp], at);
	return result!;
}

test("what is to stand on the invoice is part of what was sent: another number is another sign-up", async () => {
	const sessionId = await givenSession(db, { priceCents: 12_500 });
	const billing = { poNumber: "BC-417", billingAddress: "12, rue Neuve\nLaval" };
	const signUp = { ...aSignUp(sessionId), ...billing };
	const result = await register(signUp);
	if (!result.ok) throw new Error(result.reason);
	expect(await findBilling(db, result.bookingId)).toEqual(billing);
	expect(await register(signUp)).toMatchObject({ ok: true, replayed: true });
	expect(await register({ ...signUp, poNumber: "BC-418" })).toEqual({ ok: false, reason: "key-reused" });
});

test("somebody who signs up gets a booking, a seat, a confirmation and a line in the audit, all at once", async () => {
	const sessionId = await givenSession(db, { priceCents: 12_500 });
	const result = await register(aSignUp(sessionId, { name: "Anaïs Bélanger", email: "Anais@exemple.ca" }));
	expect(result).toMatchObject({ ok: true, replayed: false });
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
	["one more colleague", { people: [aPerson(), aPerson()] as SignUp["people"] }],
])("a key that comes back with %s writes nothing and is told so", async (_what, changes) => {
	const sessionId = await givenSession(db);
	const sent = { key: newId(), name: "Zoé Roy", email: "zoe@exemple.ca" };
	await register(aSignUp(sessionId, sent));
	const before = await writtenAbout(db, sessionId);
	const again = aSignUp(sessionId, { ...sent, ...changes });
	expect(await register(again)).toEqual({ ok: false, reason: "key-reused" });
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
	expect(await writtenAbout(db, sessionId)).toMatchObject({ bookings: 3, registrations: 3, audit: 3 });
	expect(await statusesOf(again)).toEqual(["repeated"]);
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
		register(aSignUp(sessionId, { whenFull: "wait", ...(address ? { email: address } : {}) }));
	expect(await statusesOf(await wait())).toEqual(["waitlisted"]);
	expect(await statusesOf(await wait(email!))).toEqual(["repeated"]);
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
	expect(await register(aSignUp(sessionId, { whenFull: "wait" }))).toEqual({
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
	const signUps = Array.from({ length: 4 }, () => aSignUp(sessionId, { whenFull: "wait" }));
	const results = await registerTogether(db, origin, signUps, now);
	const statuses = await Promise.all(results.map((result) => statusesOf(result)));
	expect(statuses.flat()).toEqual(["confirmed", "confirmed", "waitlisted", "waitlisted"]);
});

test("who is there already is looked up by address, in a long list of which Postgres has no statistics yet", async () => {
	const sessionId = await givenSession(db, { capacity: 500 });
	const [known] = await givenRegistrations(
		db,
		sessionId,
		Array.from({ length: 400 }, () => ({})),
	);
	await db.transaction().execute(async (trx) => {
		const rowsRead = async () => {
			const { rows } = await sql<{ count: number }>`
				select (seq_tup_read + idx_tup_fetch)::int as count
				from pg_stat_xact_user_tables where relname = 'registration'
			`.execute(trx);
			return rows[0]!.count;
		};
		const before = await rowsRead();
		const addresses = [known!.email!.toUpperCase(), "nouvelle@exemple.ca", "nouveau@exemple.ca"];
		const found = await findActiveByEmail(trx, sessionId, addresses);
		expect(found.map(({ id }) => id)).toEqual([known!.id]);
		expect((await rowsRead()) - before).toBe(1);
	});
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
	expect(await register(aSignUp(sessionId, { whenFull: "wait" }))).toEqual({ ok: false, reason });
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
	expect(
		await db.selectFrom("interest").selectAll().where("email", "=", signUp.contact.email).execute(),
	).toEqual([]);
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

test("a group is seated whole, each person with a confirmation of their own, and the contact has a summary", async () => {
	const joinUrl = "https://exemple.ca/salle";
	const sessionId = await givenSession(db, { capacity: 3, online: true, joinUrl });
	const group = aGroup(sessionId, 3);
	group.people[2] = aPerson({ name: "Sans Adresse", email: null });
	const result = await register(group);
	expect(await statusesOf(result)).toEqual(["confirmed", "confirmed", "confirmed"]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 3, waiting: 0, recount: { taken: 3 } });
	if (!result.ok) return;
	const told = await emailsAbout(db, sessionId);
	expect(told.map(({ kind, toAddress }) => [kind, toAddress])).toEqual([
		["confirmation", group.people[0].email],
		["confirmation", group.people[1]!.email],
		["confirmation", group.contact.email],
	]);
	expect(told[2]!.text).toContain(joinUrl);
	expect(told[2]!.text).toContain("Sans Adresse");
	const summary = await db
		.selectFrom("email")
		.selectAll()
		.where("bookingId", "=", result.bookingId)
		.executeTakeFirstOrThrow();
	expect(summary).toMatchObject({ kind: "group-booked", toAddress: group.contact.email, tokenVersion: 1 });
	expect(summary.text).toContain("Sans Adresse");
	expect(summary.text).toContain("{{manage_url}}");
});

test("a group that does not fit is refused whole, waits together, or is split in the order it was named", async () => {
	const sessionId = await givenSession(db, { capacity: 2 });
	expect(await register(aGroup(sessionId, 3))).toEqual({ ok: false, reason: "full" });
	expect(await writtenAbout(db, sessionId)).toEqual(nothingWritten);

	const split = await register(aGroup(sessionId, 3, { whenFull: "split" }));
	expect(await statusesOf(split)).toEqual(["confirmed", "confirmed", "waitlisted"]);
	const together = await register(aGroup(sessionId, 2, { whenFull: "wait" }));
	expect(await statusesOf(together)).toEqual(["waitlisted", "waitlisted"]);
	expect(await seatsOf(db, sessionId)).toEqual({
		taken: 2,
		waiting: 3,
		recount: { taken: 2, waiting: 3 },
	});
	const line = await db
		.selectFrom("waitlistEntry")
		.select(["size", "seq"])
		.where("sessionId", "=", sessionId)
		.orderBy("seq")
		.execute();
	expect(line).toEqual([
		{ size: 1, seq: 1 },
		{ size: 2, seq: 2 },
	]);
});

test("a colleague who is already registered costs no seat, and nothing but their own email says so", async () => {
	const sessionId = await givenSession(db, { capacity: 5 });
	const known = await givenRegistration(db, sessionId, { email: "lan@exemple.ca" });
	const result = await register(
		aGroup(sessionId, 3, { people: [aPerson(), aPerson({ email: "LAN@exemple.ca" }), aPerson()] }),
	);
	expect(await statusesOf(result)).toEqual(["confirmed", "repeated", "confirmed"]);
	expect(await seatsOf(db, sessionId)).toMatchObject({ taken: 3, recount: { taken: 3 } });
	const emails = await emailsAbout(db, sessionId);
	expect(emails.filter(({ kind }) => kind === "already-registered")).toMatchObject([
		{ registrationId: known.id, toAddress: "lan@exemple.ca" },
	]);
	const summary = await db
		.selectFrom("email")
		.select("text")
		.where("kind", "=", "group-booked")
		.orderBy("id", "desc")
		.executeTakeFirstOrThrow();
	expect(summary.text).not.toContain("(");
});

test("who joins the list behind a party too large for the seats that are left has one at once", async () => {
	const sessionId = await givenSession(db, { capacity: 2 });
	await givenRegistration(db, sessionId);
	await register(aGroup(sessionId, 2, { whenFull: "wait" }));
	const solo = await register(aSignUp(sessionId, { whenFull: "wait" }));
	expect(await statusesOf(solo)).toEqual(["confirmed"]);
	const skipped = await db
		.selectFrom("audit")
		.select("data")
		.where("sessionId", "=", sessionId)
		.where("action", "=", "waitlist.skipped")
		.execute();
	expect(skipped).toEqual([{ data: { reason: "party-too-large", size: 2, free: 1 } }]);
});
