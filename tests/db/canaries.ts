import { type RawBuilder, sql } from "kysely";
import { expect } from "vitest";
import type { CampaignView } from "#app/domain/campaign.ts";
import { planDeed } from "#app/use-cases/chosen-deeds.server.ts";
import { recordAttendance } from "#app/use-cases/record-attendance.server.ts";
import { registerTogether } from "#app/use-cases/register.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { findCampaignFacts, saveDraft, sendTrial } from "#app/use-cases/write-campaign.server.ts";
import type { Db } from "#db/client.server.ts";
import { newId } from "#db/id.ts";
import { recordInterest } from "#db/queries/interest.server.ts";
import { keepAnswers } from "#db/queries/questions.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";
import { suppressAddress } from "#db/queries/suppressions.server.ts";
import { queueEmails } from "#emails/outbox.server.ts";
import { campaignCopy } from "#emails/templates/campaign.tsx";
import {
	aGroup,
	aMeeting,
	aSession,
	givenOrganizer,
	givenQuestion,
	givenRegistration,
	givenWorkshop,
	now,
	origin,
} from "#tests/fixtures.ts";

/** Columns that can hold words and say nothing of a person: a new one is either erased, or named here. */
const impersonal: Record<string, string[]> = {
	registration: ["locale", "status", "shown_as", "cancel_reason", "calendar_uid"],
	booking: ["key", "reference", "contact_locale"],
	answer: [],
	email: ["dedupe_key", "kind", "locale", "reply_to", "calendar_method", "message_id", "status"],
	campaign: ["audience", "state"],
	interest: ["locale", "wording", "source"],
	suppression: [],
	waitlist_entry: ["state"],
	offer: ["state"],
	attendance: ["status"],
	deed: ["kind", "state"],
	webhook_delivery: ["event", "state", "last_failure"],
};

/** Where a canary can be. */
export const cages = Object.keys(impersonal).filter(
	(table) => !["waitlist_entry", "offer", "attendance", "deed", "webhook_delivery"].includes(table),
);

/**
 * A date with something of each kind: somebody alone, a group of three, who asked twice, who waits, who left; answers,
 * attendance, a message to people, an announcement to somebody who gets others and to somebody who stopped them at
 * `stoppedAt`. The canary is in every column of theirs that can hold words.
 */
export async function givenDateWithCanaries(db: Db, day: string, canary: string, stoppedAt: Date) {
	const organizer = await givenOrganizer(db);
	const organizerId = organizer.id;
	const workshopId = await givenWorkshop(db);
	const questionId = await givenQuestion(db, workshopId);
	const input = aSession({ meetings: [aMeeting(day)], capacity: 4 });
	const sessionId = await scheduleSession(db, workshopId, input, null, now);

	const alone = await givenRegistration(db, sessionId);
	const [group] = await registerTogether(db, origin, [aGroup(sessionId, 3)], now);
	if (!group?.ok) throw new Error("The group has no place.");
	await givenRegistration(db, sessionId, { email: alone.email! });
	await givenRegistration(db, sessionId);
	const left = await givenRegistration(db, sessionId);
	const cancelled = {
		status: "cancelled",
		cancelReason: "attendee",
		cancelledAt: now,
		entryId: null,
	} as const;
	await db.updateTable("registration").set(cancelled).where("id", "=", left.id).execute();
	await db.updateTable("session").set({ seatsWaiting: 1 }).where("id", "=", sessionId).execute();
	const answers = [{ registrationId: alone.id, questionId, value: "" }];
	await db.transaction().execute((trx) => keepAnswers(trx, workshopId, answers, now));
	const { meetings } = (await findSessionDetails(db, sessionId))!;
	const present = { sessionId, meetingIds: [meetings[0]!.id], people: [alone.id] };
	await recordAttendance(db, present, "present", organizerId, now);
	const deedId = newId();
	const deed = { id: deedId, kind: "resend" as const, sessionId, toSessionId: null, organizerId };
	await planDeed(db, { ...deed, registrationIds: [alone.id] }, now);
	const done = { state: "done" as const, endedAt: now, failedIds: [alone.id] };
	await db.updateTable("deed").set(done).where("id", "=", deedId).execute();

	const view: CampaignView = { tab: "confirmed", search: "Zoé" };
	const words = { subjectFr: "À vous", subjectEn: "", bodyFr: "Bonjour", bodyEn: "" };
	const draft = async (audience: "view" | "interest") =>
		(await saveDraft(
			db,
			sessionId,
			null,
			{ ...words, audience, view: audience === "view" ? view : null },
			organizerId,
			now,
		))!;
	const messageId = await draft("view");
	const announcementId = await draft("interest");
	const subscriberId = await givenInterest(db, `abonne-${day}@exemple.ca`, null);
	const stoppedId = await givenInterest(db, `${canary}@exemple.ca`, stoppedAt);
	const { facts: message } = (await findCampaignFacts(db, origin, messageId))!;
	const { facts: announcement } = (await findCampaignFacts(db, origin, announcementId))!;
	const reader = { name: "", locale: "fr" as const, address: "zoe@exemple.ca", tokenVersion: null };
	const copies = [
		campaignCopy(message, { ...reader, id: alone.id, tokenVersion: 1 }),
		campaignCopy(announcement, { ...reader, id: subscriberId }),
		campaignCopy(announcement, { ...reader, id: stoppedId }),
	];
	await db.transaction().execute((trx) => queueEmails(trx, copies, origin.domain, stoppedAt));
	await sendTrial(db, origin, message, organizer, stoppedAt);
	await db.updateTable("email").set({ status: "sent", sentAt: now }).where("status", "=", "queued").execute();
	const emails = await db.selectFrom("email").select("id").where("registrationId", "=", alone.id).execute();
	await suppressAddress(db, { address: `${canary}@exemple.ca`, answer: "550", emailId: emails[0]!.id }, now);

	const people = sql`(select id from registration where session_id = ${sessionId})`;
	const bookings = sql`(select id from booking where session_id = ${sessionId})`;
	const interests = sql`(${subscriberId}::uuid, ${stoppedId}::uuid)`;
	const ofPlaces = sql`registration_id in ${people} or booking_id in ${bookings}`;
	const ofOthers = sql`interest_id in ${interests} or organizer_id = ${organizerId}`;
	await plant(db, "registration", canary, sql`session_id = ${sessionId}`);
	await plant(db, "booking", canary, sql`session_id = ${sessionId}`);
	await plant(db, "answer", canary, sql`registration_id in ${people}`);
	await plant(db, "email", canary, sql`${ofPlaces} or ${ofOthers}`);
	await plant(db, "campaign", canary, sql`id = ${messageId}`);
	await plant(db, "suppression", canary, sql`email_id = ${emails[0]!.id}`);
	return {
		sessionId,
		alone,
		bookingId: group.bookingId,
		organizerId,
		messageId,
		emailId: emails[0]!.id,
		subscriberId,
		stoppedId,
	};
}

async function givenInterest(db: Db, email: string, endedAt: Date | null): Promise<string> {
	await recordInterest(db, [{ email, locale: "fr", wording: "Oui", source: "list" }], now);
	const { id } = await db
		.updateTable("interest")
		.set({ endedAt })
		.where("email", "=", email)
		.returning("id")
		.executeTakeFirstOrThrow();
	return id;
}

async function plant(db: Db, table: string, canary: string, where: RawBuilder<unknown>): Promise<void> {
	const columns = await wordColumns(db, table);
	const changes = columns.map(({ name, type }) => {
		const word = `${canary}-${name.replaceAll("_", "-")}`;
		if (name === "view") return sql`view = jsonb_build_object('tab', 'confirmed', 'search', ${word}::text)`;
		if (type === "jsonb") return sql`${sql.ref(name)} = to_jsonb(${word}::text)`;
		// Only an email that was not sent yet is a page with words.
		if (name === "words") return sql`words = case when words is not null then array[${word}] end`;
		// Two people of one date never share an address.
		return name === "email" ? sql`email = ${`${word}-`} || id` : sql`${sql.ref(name)} = ${word}`;
	});
	const planted = await sql`update ${sql.table(table)} set ${sql.join(changes)} where ${where}`.execute(db);
	expect(Number(planted.numAffectedRows), table).toBeGreaterThan(0);
}

/** The columns of a table that can hold words about a person. */
export async function wordColumns(db: Db, table: string) {
	const { rows } = await sql<{ name: string; type: string }>`
		select column_name as name, data_type as type from information_schema.columns
		where table_schema = 'public' and table_name = ${table} and (data_type in ('text', 'jsonb') or udt_name = '_text')
	`.execute(db);
	return rows.filter(({ name }) => !impersonal[table]?.includes(name));
}

/** Every row of every table, as words, by table; without the columns of `without`. */
export async function everything(
	db: Db,
	without: (table: string) => string[] = () => [],
): Promise<Map<string, string[]>> {
	const { rows: tables } = await sql<{ name: string }>`
		select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
	`.execute(db);
	const found = new Map<string, string[]>();
	for (const { name } of tables) {
		const { rows } = await sql<{ row: string }>`
			select (to_jsonb(t) - ${without(name)}::text[])::text as row from ${sql.table(name)} t order by 1
		`.execute(db);
		found.set(
			name,
			rows.map(({ row }) => row),
		);
	}
	return found;
}
