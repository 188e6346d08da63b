import { sql } from "kysely";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { saveWorkshop } from "#app/use-cases/save-workshop.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import type { Db } from "#db/client.server.ts";
import { aMeeting, aSession, aSignUp, aWorkshop, origin } from "#tests/fixtures.ts";

/** A workshop with `count` open dates of `capacity` seats, from a month away. */
export async function givenSessions(db: Db, count: number, capacity: number) {
	const workshop = aWorkshop();
	const saved = await saveWorkshop(db, workshop, null, null, new Date());
	if (!saved.ok) throw new Error(saved.reason);
	const ids: string[] = [];
	for (let n = 0; n < count; n += 1) {
		const day = new Date(Date.now() + (30 + n) * 24 * 3600 * 1000).toISOString().slice(0, 10);
		ids.push(
			await scheduleSession(
				db,
				saved.id,
				aSession({ capacity, meetings: [aMeeting(day)] }),
				null,
				new Date(),
			),
		);
	}
	return { workshopId: saved.id, path: `/ateliers/${workshop.slugFr}/inscription`, ids };
}

/** `perSession` more registrations in each of these sessions, as many sign-ups would have left them. */
export async function givenManyRegistrations(
	db: Db,
	sessionIds: string[],
	perSession: number,
): Promise<void> {
	for (const sessionId of sessionIds) {
		await sql`
			with numbers as (
				select n from (select count(*)::int as start from booking) booked, generate_series(start + 1, start + ${perSession}::int) n
			),
			made as (
				insert into booking (id, key, payload_hash, reference, session_id, contact_name, contact_email, contact_locale, organization, created_at)
				select gen_random_uuid(), 'bench-' || gen_random_uuid(), '', lpad(n::text, 8, '0'), ${sessionId}, 'Zoé Côté-Tremblay ' || n,
					'zoe.' || n || '@exemple.ca', 'fr', 'Coopérative du Nord', now() - n * interval '1 second'
				from numbers
				returning *
			)
			insert into registration (id, booking_id, session_id, position, name, sort_name, search_text, email, locale, organization, status, price_cents, calendar_uid, created_at, updated_at)
			select gen_random_uuid(), id, session_id, 1, contact_name, contact_name,
				translate(lower(contact_name || ' ' || contact_email || ' ' || organization), 'éô', 'eo'), contact_email, 'fr', organization,
				'confirmed', 19500, gen_random_uuid(), created_at, created_at
			from made
		`.execute(db);
		await sql`update session set seats_taken = seats_taken + ${perSession} where id = ${sessionId}`.execute(
			db,
		);
	}
}

/** Somebody signs up for a date as people do. Returns the registration and the address. */
export async function givenPerson(db: Db, sessionId: string): Promise<{ id: string; email: string }> {
	const email = "premiere@exemple.ca";
	const person = { name: "Zoé Côté-Tremblay", email, organization: "Coopérative du Nord" };
	const [result] = await registerTogether(db, origin, [aSignUp(sessionId, person)], new Date());
	if (!result?.ok) throw new Error("The first person was refused.");
	const registration = db.selectFrom("registration").select("id").where("email", "=", email);
	return { ...(await registration.executeTakeFirstOrThrow()), email };
}

/** Everyone without a confirmation gets a copy of this person's, sent, and of their line in the journal. */
export async function givenTraces(db: Db, registrationId: string): Promise<void> {
	const others = "registration r where not exists (select from email where email.registration_id = r.id)";
	const from = (table: string) =>
		`(select * from ${table} where registration_id = '${registrationId}') t, ${others}`;
	// The journal first: who has no confirmation yet is who has no line in it.
	await copyRows(db, "audit", from("audit"), {
		id: "gen_random_uuid()",
		at: "r.created_at",
		session_id: "r.session_id",
		booking_id: "r.booking_id",
		registration_id: "r.id",
	});
	await copyRows(db, "email", from("email"), {
		id: "gen_random_uuid()",
		registration_id: "r.id",
		dedupe_key: "'confirmation:' || r.id || ':0'",
		message_id: "gen_random_uuid() || '@exemple.ca'",
		to_name: "r.name",
		to_address: "r.email",
		status: "'sent'",
		created_at: "r.created_at",
		sent_at: "r.created_at",
	});
	await settle(db);
}

/** `count` more workshops like this one, each with its dates, their people and what was sent and noted of them. */
export async function givenCopies(db: Db, workshopId: string, count: number): Promise<void> {
	const other = (column: string) => `md5(${column}::text || '-' || n)::uuid`;
	const each = (table: string, where: string) => `${table} t, generate_series(1, ${count}) n where ${where}`;
	const sessions = `select id from session where workshop_id = '${workshopId}'`;
	const ofWorkshop = `session_id in (${sessions})`;
	const ofPeople = `registration_id in (select id from registration where ${ofWorkshop})`;
	await copyRows(db, "workshop", each("workshop", `t.id = '${workshopId}'`), {
		id: other("t.id"),
		slug_fr: "t.slug_fr || '-' || n",
		slug_en: "t.slug_en || '-' || n",
		title_fr: "t.title_fr || ' ' || n",
		title_en: "t.title_en || ' ' || n",
	});
	await copyRows(db, "session", each("session", `t.workshop_id = '${workshopId}'`), {
		id: other("t.id"),
		workshop_id: other("t.workshop_id"),
		starts_at: "t.starts_at + n * interval '1 minute'",
		ends_at: "t.ends_at + n * interval '1 minute'",
	});
	await copyRows(db, "meeting", each("meeting", ofWorkshop), {
		id: other("t.id"),
		session_id: other("t.session_id"),
	});
	await copyRows(db, "booking", each("booking", ofWorkshop), {
		id: other("t.id"),
		session_id: other("t.session_id"),
		key: "t.key || n",
		reference: "(10000000 + row_number() over ())::text",
		contact_email: "n || t.contact_email",
	});
	await copyRows(db, "registration", each("registration", ofWorkshop), {
		id: other("t.id"),
		booking_id: other("t.booking_id"),
		session_id: other("t.session_id"),
		calendar_uid: "t.calendar_uid || n",
		email: "n || t.email",
		search_text: "replace(t.search_text, t.email, n || t.email)",
	});
	await copyRows(db, "audit", each("audit", ofPeople), {
		id: other("t.id"),
		session_id: other("t.session_id"),
		booking_id: other("t.booking_id"),
		registration_id: other("t.registration_id"),
	});
	await copyRows(db, "email", each("email", ofPeople), {
		id: other("t.id"),
		registration_id: other("t.registration_id"),
		dedupe_key: "t.dedupe_key || '-' || n",
		message_id: "n || t.message_id",
		to_address: "n || t.to_address",
	});
	await settle(db);
}

/** Copies the rows of `from`, with these columns written anew. */
async function copyRows(db: Db, table: string, from: string, changed: Record<string, string>): Promise<void> {
	const { rows } = await sql<{ name: string }>`
		select column_name as name from information_schema.columns where table_name = ${table} order by ordinal_position
	`.execute(db);
	const names = rows.map(({ name }) => name);
	const values = names.map((name) => changed[name] ?? `t.${name}`);
	await sql
		.raw(`insert into ${table} (${names.join(", ")}) select ${values.join(", ")} from ${from}`)
		.execute(db);
}

/** As the database does by itself within minutes. */
async function settle(db: Db): Promise<void> {
	await sql`vacuum analyze`.execute(db);
}
