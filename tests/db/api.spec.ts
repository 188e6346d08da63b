import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listApiRegistrations } from "#db/queries/api-registrations.server.ts";
import { listApiSessions } from "#db/queries/sessions.server.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenRegistration, givenSession } from "#tests/fixtures.ts";
import { mostRows, planOf } from "#tests/plan.ts";

/* What is read page by page costs a page, however long the list is. */
const people = 20_000;
const dates = 5000;
const firm = { gstNumber: "", qstNumber: "" };
let database: TestDatabase;
let sessionId: string;

beforeAll(async () => {
	database = await createTestDatabase();
	const { db } = database;
	const sessions = [await givenSession(db, { capacity: 50_000 }), await givenSession(db)];
	sessionId = sessions[0]!;
	// The people of two dates: those of the second signed up after those of the first.
	const originals = await Promise.all(sessions.map((id) => givenRegistration(db, id)));
	for (const [table, key] of [
		["booking", "bookingId"],
		["registration", "id"],
	] as const) {
		const ids = originals.map((registration) => registration[key]);
		await sql`
			insert into ${sql.table(table)}
			select copy.*
			from ${sql.table(table)} original, generate_series(2, ${people}) as n,
				lateral (select lpad((n + ${people} * (original.session_id <> ${sessionId})::int)::text, 8, '0') as number) as counted,
				jsonb_populate_record(original, jsonb_build_object(
					'id', '01a30000-0000-7000-8000-0000' || number,
					'booking_id', '01a30000-0000-7000-8000-0000' || number,
					'key', 'a key of this booking ' || number,
					'reference', number,
					'email', null,
					'calendar_uid', number
				)) as copy
			where original.id = any(${ids}::uuid[])
			order by n
		`.execute(db);
	}
	await sql`
		insert into session
		select copy.*
		from session original,
			generate_series(1, ${dates}) as n,
			jsonb_populate_record(original, jsonb_build_object(
				'id', gen_random_uuid(),
				'starts_at', original.starts_at + n * interval '1 hour',
				'ends_at', original.ends_at + n * interval '1 hour'
			)) as copy
		where original.id = ${sessionId}
	`.execute(db);
	await sql`analyze`.execute(db);
});
afterAll(() => database.drop());

test("a page from the middle of a long list reads its own people, by the index that is in their order", async () => {
	const everybody = await database.db
		.selectFrom("registration")
		.select("id")
		.where("sessionId", "=", sessionId)
		.orderBy("id")
		.execute();
	expect(everybody).toHaveLength(people);
	for (const position of [0, people / 2, people - 2]) {
		const asked = { sessionId, after: everybody[position]!.id };
		const page = await listApiRegistrations(database.db, firm, asked, 101);
		const own = everybody.slice(position + 1, position + 102);
		expect(page.map(({ id }) => id)).toEqual(own.map(({ id }) => id));
		const steps = await planOf(database.db, (db) => listApiRegistrations(db, firm, asked, 101));
		expect(steps.map((step) => step["Index Name"])).toContain("registration_in_order");
		expect(mostRows(steps)).toBeLessThanOrEqual(102);
	}
});

test("a page of dates from the middle of a long season is read by the index that is in their order", async () => {
	const season = await listApiSessions(database.db, { from: new Date(0) }, dates);
	const { startsAt, id } = season[dates / 2]!.session;
	const asked = { from: new Date(0), after: { startsAt, id } };
	const page = await listApiSessions(database.db, asked, 101);
	expect(page).toEqual(season.slice(dates / 2 + 1, dates / 2 + 102));
	const steps = await planOf(database.db, (db) => listApiSessions(db, asked, 101));
	expect(steps.map((step) => step["Index Name"])).toContain("session_in_order");
	expect(mostRows(steps)).toBeLessThanOrEqual(102);
});
