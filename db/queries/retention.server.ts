import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import type { EmailStatus, Registration } from "../schema.ts";
import { type AuditAction, type AuditEntry, recordAudit } from "./audit.server.ts";
import { answersToContact } from "./registrations.server.ts";
import { withdrawDeliveries } from "./webhooks.server.ts";

/* Whoever is erased has an empty name, and so an empty sort name, which an index finds: nothing else needs to remember it. */
const stillNamed = sql<boolean>`registration.sort_name > ''`;

/** The sessions that ended before `until` with somebody who still has a name, in a fixed order. */
export async function listSessionsToErase(db: Db, until: Date): Promise<string[]> {
	const sessions = await db
		.selectFrom("session")
		.innerJoinLateral(
			(from) =>
				from
					.selectFrom("registration")
					.select("registration.id")
					.whereRef("registration.sessionId", "=", "session.id")
					.where(stillNamed)
					// Looked up session by session: joined otherwise, everyone who ever registered is read.
					.limit(1)
					.as("somebody"),
			(join) => join.onTrue(),
		)
		.select("session.id")
		.where("session.endsAt", "<", until)
		.orderBy("session.id")
		.execute();
	return sessions.map(({ id }) => id);
}

/** The next people of a session to erase, and their bookings: at most `limit`. */
export async function findPeopleToErase(trx: Trx, sessionId: string, limit: number) {
	const people = await trx
		.selectFrom("registration")
		.select(["id", "bookingId"])
		.where("sessionId", "=", sessionId)
		.where(stillNamed)
		.orderBy("sortName")
		.limit(limit)
		.execute();
	const bookingIds = [...new Set(people.map(({ bookingId }) => bookingId))];
	return { people, bookingIds };
}

/**
 * Erases who these registrations are, what they answered, and every message about them. Their links die. The contact of
 * their bookings is erased with the last person who answers to them. Returns whoever is
 * left without one by this.
 */
export async function erasePeople(
	trx: Trx,
	ids: string[],
	bookingIds: string[],
	now: Date,
): Promise<ErasedPlace[]> {
	// A group can be spread over dates: two of them erased at once would each take the other's people for still there.
	const bookings = await trx
		.selectFrom("booking")
		.select(["id", "contactName"])
		.where("id", "in", bookingIds)
		.orderBy("id")
		.forNoKeyUpdate()
		.execute();
	await trx
		.updateTable("registration")
		.set((eb) => ({
			name: "",
			sortName: "",
			searchText: "",
			email: null,
			organization: "",
			phone: "",
			note: "",
			tokenVersion: eb("tokenVersion", "+", 1),
			updatedAt: now,
		}))
		.where("id", "in", ids)
		.execute();
	// Made of names and addresses, so that whoever guesses them can tell.
	await trx.updateTable("booking").set({ payloadHash: "" }).where("id", "in", bookingIds).execute();
	await trx.deleteFrom("answer").where("registrationId", "in", ids).execute();
	await trimProofs(trx).where("registrationId", "in", ids).execute();
	await emailsToErase(trx).where("registrationId", "in", ids).execute();
	// The messages about a group name everyone in it.
	await emailsToErase(trx).where("bookingId", "in", bookingIds).execute();
	const wiped = await trx
		.updateTable("booking")
		.set((eb) => ({
			contactName: "",
			contactEmail: "",
			organization: "",
			poNumber: "",
			billingAddress: "",
			tokenVersion: eb("tokenVersion", "+", 1),
		}))
		.where("id", "in", bookingIds)
		.where(({ not, exists, selectFrom }) =>
			not(
				exists(
					selectFrom("registration")
						.select("registration.id")
						.whereRef("registration.bookingId", "=", "booking.id")
						.where(stillNamed)
						.where(answersToContact),
				),
			),
		)
		.returning("id")
		.execute();
	const named = new Set(bookings.flatMap(({ id, contactName }) => (contactName ? id : [])));
	const without = wiped.flatMap(({ id }) => (named.has(id) ? id : []));
	return trx
		.selectFrom("registration")
		.select(["id", "bookingId", "sessionId"])
		.where(sql<boolean>`booking_id = any(${without}::uuid[])`)
		.where("status", "<>", "repeated")
		.where(stillNamed)
		.orderBy("id")
		.execute();
}

type ErasedPlace = Pick<Registration, "id" | "bookingId" | "sessionId">;

/**
 * Writes down who was erased, and who is left without a contact by it. Other tools are told that, and nothing more of whoever
 * is erased.
 */
export async function recordErasures(
	trx: Trx,
	by: Pick<AuditEntry, "actor" | "organizerId">,
	erased: ErasedPlace[],
	left: ErasedPlace[],
	now: Date,
): Promise<void> {
	const entry = (action: AuditAction, { id: registrationId, bookingId, sessionId }: ErasedPlace) => ({
		...by,
		action,
		sessionId,
		bookingId,
		registrationId,
	});
	await withdrawDeliveries(
		trx,
		erased.map(({ id }) => id),
	);
	await recordAudit(
		trx,
		[
			...erased.map((place) => entry("registration.erased", place)),
			...left.map((place) => entry("booking.contact-erased", place)),
		],
		now,
	);
}

/** Erases what organizers wrote to people of sessions that ended before `until`, and the names they searched for. */
export async function eraseMessages(db: Db, until: Date): Promise<void> {
	await db
		.updateTable("campaign")
		.from("session")
		.set({
			subjectFr: "",
			subjectEn: "",
			bodyFr: "",
			bodyEn: "",
			view: sql<string>`jsonb_set(campaign.view, '{search}', '""')`,
		})
		.whereRef("session.id", "=", "campaign.sessionId")
		.where("session.endsAt", "<", until)
		// An announcement is for everyone, and says nothing of anybody.
		.where("campaign.audience", "<>", "interest")
		.where("campaign.subjectFr", "<>", "")
		.execute();
}

/**
 * Erases what is about no one's place and was written before `until`, announcements and organizers' trials of their
 * messages: at most `limit`. Returns how many.
 */
export async function eraseOtherMail(db: Db, until: Date, limit: number): Promise<number> {
	const { numUpdatedRows } = await emailsToErase(db)
		.where("id", "in", (eb) =>
			eb
				.selectFrom("email")
				.select("id")
				.where(sql<boolean>`(interest_id is not null or kind = 'test') and to_address <> ''`)
				.where("createdAt", "<", until)
				.limit(limit),
		)
		.executeTakeFirst();
	return Number(numUpdatedRows);
}

/**
 * Erases addresses whose announcements were stopped before `until`, with what was sent to them: at most `limit`. What
 * they had agreed to, and when, stays. Returns the interests.
 */
export async function eraseEndedInterests(trx: Trx, until: Date, limit: number): Promise<string[]> {
	const ended = await trx
		.updateTable("interest")
		.set({ email: "" })
		.where("id", "in", (eb) =>
			eb
				.selectFrom("interest")
				.select("id")
				.where("endedAt", "<", until)
				.where("email", "<>", "")
				.orderBy("id")
				.limit(limit)
				.forUpdate(),
		)
		.returning("id")
		.execute();
	const ids = ended.map(({ id }) => id);
	if (ids.length > 0) await emailsToErase(trx).where("interestId", "in", ids).execute();
	return ids;
}

/** Forgets the addresses that a mail server refused, once the message it refused is erased and nobody has the address. */
export async function forgetSuppressions(db: Db): Promise<void> {
	await db
		.deleteFrom("suppression")
		.using("email")
		.whereRef("email.id", "=", "suppression.emailId")
		.where("email.toAddress", "=", "")
		.where(({ not, or, exists, selectFrom }) =>
			not(
				or([
					exists(
						selectFrom("registration")
							.select("registration.id")
							.where(sql`lower(registration.email)`, "=", sql.ref("suppression.address")),
					),
					exists(
						selectFrom("booking")
							.select("booking.id")
							.where(sql`lower(booking.contact_email)`, "=", sql.ref("suppression.address")),
					),
					exists(
						selectFrom("interest")
							.select("interest.id")
							.where(sql`lower(interest.email)`, "=", sql.ref("suppression.address")),
					),
				]),
			),
		)
		.execute();
}

/** What an attestation in force proves stays as long as an employer must be able to show it; who the employer is does not. */
function trimProofs(db: Db | Trx) {
	return db
		.updateTable("attestation")
		.set({ organization: "", name: sql<string>`case when ended_at is null then name else '' end` });
}

/** The same of people whom the release before erased, which knows of no attestations. */
export async function trimErasedProofs(db: Db): Promise<void> {
	await trimProofs(db)
		.where((eb) => eb.or([eb("organization", "<>", ""), eb("endedAt", "is not", null)]))
		.where("name", "<>", "")
		.where("registrationId", "in", (eb) =>
			eb.selectFrom("registration").select("id").where("sortName", "=", ""),
		)
		.execute();
}

/** Erases the attestations issued before `until`: nobody has to show them any more. */
export async function eraseAttestations(db: Db, until: Date): Promise<void> {
	await db.deleteFrom("attestation").where("issuedAt", "<", until).execute();
}

/** That a message was sent, when, and what became of it stays; one that has not left does not leave, nor is it marked. */
function emailsToErase(db: Db | Trx) {
	return db
		.updateTable("email")
		.set({
			toName: "",
			toAddress: "",
			subject: "",
			html: "",
			text: "",
			calendar: null,
			pageId: null,
			words: null,
			attachments: "[]",
			smtpResponse: null,
			lastError: null,
			lease: null,
			status: sql<EmailStatus>`case when status in ('queued', 'sending') then 'cancelled' else status end`,
		})
		.where("toAddress", "<>", "");
}
