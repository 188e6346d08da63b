import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { findBookedPage, findOwnCalendar, findOwnGroup, findOwnPlace } from "#app/http/own-pages.server.ts";
import { findReaderOf } from "#app/http/reader.server.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { resendConfirmation } from "#app/use-cases/resend-confirmation.server.ts";
import { resendEmail } from "#app/use-cases/resend-email.server.ts";
import { countAttendees, searchAttendees, streamAttendees } from "#db/queries/attendees.server.ts";
import { countAudience, countCopies } from "#db/queries/campaigns.server.ts";
import { countSignUpsByHour } from "#db/queries/dashboard.server.ts";
import { countEmails } from "#db/queries/emails.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { deliverDue } from "#emails/outbox.server.ts";
import type { Transport } from "#emails/transport.server.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import {
	aGroup,
	aMeeting,
	givenRegistration,
	givenRegistrations,
	givenSession,
	now,
	origin,
	seatsOf,
} from "#tests/fixtures.ts";
import { cages, everything, givenDateWithCanaries, wordColumns } from "./canaries.ts";

/* Of a date that ended 24 months ago nothing says who came; of one a week later, everything does. */
const secret = "a-secret-of-this-test";
const midnight = new Date("2028-12-02T05:00:00Z");
let database: TestDatabase;
let past: Awaited<ReturnType<typeof givenDateWithCanaries>>;
let recent: typeof past;
let before: Awaited<ReturnType<typeof look>>;

async function look() {
	const { db } = database;
	const personal = new Map<string, string[]>();
	for (const table of cages)
		personal.set(
			table,
			(await wordColumns(db, table)).map(({ name }) => name),
		);
	return {
		all: await everything(db),
		impersonal: await everything(db, (table) => [
			...(personal.get(table) ?? []),
			...["token_version", "updated_at", "lease"],
		]),
		counted: await Promise.all([past, recent].map(countedOf)),
		emails: await countEmails(db),
		growth: await countSignUpsByHour(db, now),
	};
}

/** What organizers count and export of a date. */
async function countedOf({ sessionId, messageId }: typeof past) {
	const { db } = database;
	const { session } = (await findSessionDetails(db, sessionId))!;
	const exported: string[] = [];
	const wanted = { answers: false, attended: true, invoices: null };
	for await (const rows of streamAttendees(db, { sessionId, tab: "all", search: "" }, wanted))
		for (const { reference, position, locale, status, createdAt, cancelledAt, attended } of rows)
			exported.push(
				JSON.stringify({ reference, position, locale, status, createdAt, cancelledAt, attended }),
			);
	return {
		seats: await seatsOf(db, sessionId),
		tabs: await countAttendees(db, session),
		copies: await countCopies(db, messageId),
		exported: exported.sort(),
	};
}

function linksOf({ alone, bookingId, emailId }: typeof past) {
	const context = { db: database.db, secrets: [secret], origin } as unknown as AppContext;
	const sign = (purpose: Parameters<typeof signToken>[1], id: string) => signToken(secret, purpose, id);
	return [
		() => findOwnPlace(context, sign("manage", alone.id)),
		() => findOwnCalendar(context, sign("calendar", alone.id), now),
		() => findOwnGroup(context, sign("group", bookingId)),
		() => findBookedPage(context, sign("booking", bookingId)),
		() => findReaderOf(context, sign("preferences", emailId)),
	];
}

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	past = await givenDateWithCanaries(db, "2026-12-01", "canari-passe", new Date("2026-11-25T12:00:00Z"));
	recent = await givenDateWithCanaries(db, "2026-12-08", "canari-garde", new Date("2026-12-05T12:00:00Z"));
	before = await look();
	for (const open of [...linksOf(past), ...linksOf(recent)]) await open();
});

afterAll(() => database.drop());

test("nobody is erased before the day on which the months are over has passed", async () => {
	expect(await erasePast(database.db, new Date("2028-11-26T04:59:00Z"))).toBe(0);
	expect(await everything(database.db)).toEqual(before.all);
});

test("in no table is anything of the people of a past date, and all that was of a later one is", async () => {
	const { db } = database;
	const of = (canary: string, all: Map<string, string[]>, table: string) =>
		all.get(table)!.filter((row) => row.includes(canary));
	for (const table of cages) {
		for (const canary of ["canari-passe", "canari-garde"])
			expect(of(canary, before.all, table).length, `${canary} in ${table}`).toBeGreaterThan(0);
	}
	// Seven people, and an address that stopped the announcements.
	expect(await erasePast(db, midnight)).toBe(8);
	const after = await everything(db);
	for (const table of after.keys()) {
		expect(of("canari-passe", after, table), table).toEqual([]);
		expect(of("canari-garde", after, table), table).toEqual(of("canari-garde", before.all, table));
	}
	expect(await erasePast(db, midnight)).toBe(0);
	expect(await everything(db)).toEqual(after);
});

test("what was counted, exported and drawn is the same, and so is every column that says nothing of a person", async () => {
	const after = await look();
	const { counted, emails, growth } = before;
	expect(after).toMatchObject({ counted, emails, growth });
	for (const [table, rows] of before.impersonal) {
		const gone = { answer: 1, suppression: 1 }[table] ?? 0;
		const written = { audit: 8 }[table] ?? 0;
		const now = after.impersonal.get(table)!;
		expect(now.length, table).toBe(rows.length - gone + written);
		if (gone === 0) expect(now, table).toEqual(expect.arrayContaining(rows));
	}
	const erased = after.all.get("audit")!.filter((row) => row.includes(".erased"));
	expect(erased).toHaveLength(8);
});

test("their links are unknown, and nothing can be sent to them any more", async () => {
	const { db } = database;
	for (const open of linksOf(past)) await expect(open()).rejects.toMatchObject({ status: 404 });
	for (const open of linksOf(recent)) await open();
	const { sessionId, alone, emailId, organizerId } = past;
	expect(await resendEmail(db, emailId, organizerId, midnight)).toMatchObject({ reason: "not-resendable" });
	expect(await resendConfirmation(db, origin, alone.id, organizerId, midnight)).toBe(false);
	expect(await countAudience(db, { sessionId, audience: "confirmed" })).toEqual({ fr: 0, en: 0 });
	expect(await searchAttendees(db, { search: "canari passe" })).toEqual([]);
	const [found] = await searchAttendees(db, { search: alone.reference });
	expect(found).toMatchObject({ id: alone.id, name: "", status: "confirmed" });
});

test("an erased announcement still stops the next ones", async () => {
	const context = { db: database.db, secrets: [secret] as [string] };
	const { id } = await database.db
		.selectFrom("email")
		.select("id")
		.where("interestId", "=", past.subscriberId)
		.where("toAddress", "=", "")
		.executeTakeFirstOrThrow();
	const reader = await findReaderOf(context, signToken(secret, "preferences", id));
	expect(reader).toMatchObject({ address: "abonne-2026-12-01@exemple.ca", announced: true });
});

test("a message that is being sent meanwhile is not marked with the answer that names its reader", async () => {
	const { db } = database;
	const sessionId = await givenSession(db);
	const { id, email } = await givenRegistration(db, sessionId, { email: "canari-envoi@exemple.ca" });
	const transport: Transport = {
		kind: "smtp",
		close() {},
		async deliver() {
			await erasePast(db, midnight);
			return { outcome: "refused", response: `550 5.1.1 <${email}>`, error: "refused" };
		},
	};
	const settings = { publicUrl: origin.publicUrl, secret, from: { name: "", address: "a@exemple.ca" } };
	await deliverDue(db, transport, settings, now);
	await erasePast(db, midnight);
	const sent = await db.selectFrom("email").selectAll().where("registrationId", "=", id).execute();
	expect(sent).toEqual([expect.objectContaining({ status: "cancelled", toAddress: "", smtpResponse: null })]);
	expect(JSON.stringify([...(await everything(db)).values()])).not.toContain("canari-envoi");
});

test("a group that is spread over dates goes person by person, and its contact with the last one", async () => {
	const { db } = database;
	const sessionId = await givenSession(db);
	const laterId = await givenSession(db, { meetings: [aMeeting("2027-06-01")] });
	const [group] = await registerTogether(db, origin, [aGroup(sessionId, 2)], now);
	const { bookingId } = group as { bookingId: string };
	await sql`update registration set session_id = ${laterId} where booking_id = ${bookingId} and position = 2`.execute(
		db,
	);
	const known = async () => {
		const people = await db
			.selectFrom("registration")
			.innerJoin("booking", "booking.id", "registration.bookingId")
			.select(["name", "contactName"])
			.where("bookingId", "=", bookingId)
			.orderBy("position")
			.execute();
		const mail = await db
			.selectFrom("email")
			.select("toAddress")
			.where("bookingId", "=", bookingId)
			.execute();
		return { names: people.map(({ name }) => name !== ""), contact: people[0]!.contactName !== "", mail };
	};
	await erasePast(db, midnight);
	expect(await known()).toEqual({ names: [false, true], contact: true, mail: [{ toAddress: "" }] });
	await erasePast(db, new Date("2029-06-02T05:00:00Z"));
	expect(await known()).toEqual({ names: [false, false], contact: false, mail: [{ toAddress: "" }] });
});

test("cut short and run on several instances at once, it leaves whole people, and ends where it would have", async () => {
	const { db } = database;
	const sessions = [await givenSession(db, { capacity: 1000 }), await givenSession(db, { capacity: 1000 })];
	for (const id of sessions)
		await givenRegistrations(
			db,
			id,
			Array.from({ length: 250 }, () => ({})),
		);
	// A group in both dates: whichever instance erases its last person erases its contact.
	const [group] = await registerTogether(db, origin, [aGroup(sessions[0]!, 40)], now);
	const { bookingId } = group as { bookingId: string };
	await sql`update registration set session_id = ${sessions[1]!} where booking_id = ${bookingId} and position > 20`.execute(
		db,
	);
	const named = async () => {
		const { rows } = await sql<{ people: number; addresses: number; whole: number }>`
			select count(*) filter (where name <> '')::int as people,
				count(*) filter (where to_address <> '')::int as addresses,
				count(*) filter (where (name = '') = (to_address = ''))::int as whole
			from registration join email on email.registration_id = registration.id
			where session_id = any(${sessions}::uuid[])
		`.execute(db);
		return rows[0]!;
	};
	await sql`
		create sequence erased_people;
		create function fails_in_between() returns trigger language plpgsql as $$
		begin
			if nextval('erased_people') > 230 then raise exception 'killed'; end if;
			return new;
		end $$;
		create trigger fails_in_between after update on registration for each row execute function fails_in_between();
	`.execute(db);
	await expect(erasePast(db, midnight)).rejects.toThrow("killed");
	const half = await named();
	expect(half.people).toBe(540 - 200);
	expect(half).toMatchObject({ addresses: half.people, whole: 540 });
	await sql`drop trigger fails_in_between on registration`.execute(db);
	const erased = await Promise.all([1, 2, 3].map(() => erasePast(db, midnight)));
	expect(erased.reduce((sum, n) => sum + n)).toBe(340);
	expect(await named()).toMatchObject({ people: 0, addresses: 0 });
	const booking = db.selectFrom("booking").select("contactEmail").where("id", "=", bookingId);
	expect(await booking.executeTakeFirst()).toEqual({ contactEmail: "" });
});
