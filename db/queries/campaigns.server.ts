import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import { activeStatuses } from "#app/domain/registration.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Campaign, EmailStatus } from "../schema.ts";
import { attendees } from "./attendees.server.ts";
import { stillNamed } from "./registrations.server.ts";

/** One person that a message to many is for: a registration, or an interest, with where their copy goes. */
export type Recipient = {
	id: string;
	name: string;
	address: string;
	locale: Locale;
	/** Null for who asked for announcements. */
	tokenVersion: number | null;
};

/** Who a message is for: an audience of a session, and the view where that is what it is. */
type ChosenAudience = Pick<Campaign, "sessionId" | "audience"> & Partial<Pick<Campaign, "view">>;

export async function findCampaign(db: Db | Trx, id: string): Promise<Campaign | undefined> {
	return db.selectFrom("campaign").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The same, locked until the transaction ends. */
export async function lockCampaign(trx: Trx, id: string): Promise<Campaign | undefined> {
	return trx.selectFrom("campaign").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}

/** The messages about a session, the latest first. */
export async function listCampaigns(db: Db, sessionId: string): Promise<Campaign[]> {
	return db
		.selectFrom("campaign")
		.selectAll()
		.where("sessionId", "=", sessionId)
		.orderBy("createdAt", "desc")
		.limit(50)
		.execute();
}

/** How many people are in an audience now, by the language they read. */
export async function countAudience(db: Db | Trx, chosen: ChosenAudience): Promise<Record<Locale, number>> {
	const rows = await (await recipients(db, chosen))
		.clearSelect()
		.select(["locale", sql<number>`count(*)::int`.as("count")])
		.groupBy("locale")
		.execute();
	const of = (locale: Locale) => rows.find((row) => row.locale === locale)?.count ?? 0;
	return { fr: of("fr"), en: of("en") };
}

/** The next people of an audience, in a fixed order, after the one whose copy was queued last: at most `limit`. */
export async function nextRecipients(
	db: Db | Trx,
	campaign: ChosenAudience & Pick<Campaign, "queuedUpTo">,
	limit: number,
): Promise<Recipient[]> {
	let query = await recipients(db, campaign);
	if (campaign.queuedUpTo) query = query.where("id", ">", campaign.queuedUpTo);
	return query.orderBy("id").limit(limit).execute();
}

async function recipients(db: Db | Trx, chosen: ChosenAudience) {
	const found = await people(db, chosen);
	return db.selectFrom(found.as("recipient")).selectAll();
}

async function people(db: Db | Trx, { sessionId, audience, view }: ChosenAudience) {
	if (audience === "interest") {
		// Only who consents, and has no seat there already.
		return db
			.selectFrom("interest")
			.select([
				"interest.id",
				sql<string>`''`.as("name"),
				"interest.email as address",
				"interest.locale",
				sql<number | null>`null::integer`.as("tokenVersion"),
			])
			.where("interest.endedAt", "is", null)
			.where(({ not, exists, selectFrom }) =>
				not(
					exists(
						selectFrom("registration")
							.select("registration.id")
							.where("registration.sessionId", "=", sessionId)
							.where("registration.status", "in", activeStatuses)
							.where(sql`lower(registration.email)`, "=", sql`lower(interest.email)`),
					),
				),
			);
	}
	const tab = audience === "view" ? view?.tab : audience;
	const chosen =
		audience === "view" && view
			? await attendees(db, { sessionId, ...view })
			: db
					.selectFrom("registration")
					.where("registration.sessionId", "=", sessionId)
					.where("registration.status", "=", audience === "view" ? "confirmed" : audience);
	const query = chosen
		.innerJoin("booking", "booking.id", "registration.bookingId")
		// Whoever is erased is no longer written to.
		.where(stillNamed)
		.select([
			"registration.id",
			"registration.name",
			sql<string>`coalesce(registration.email, booking.contact_email)`.as("address"),
			"registration.locale",
			sql<number | null>`registration.token_version`.as("tokenVersion"),
		]);
	if (tab !== "cancelled") return query;
	// Who left and came back is not among those who left, and who left twice is told once.
	return query.where("registration.email", "is not", null).where(({ not, exists, selectFrom }) =>
		not(
			exists(
				selectFrom("registration as other")
					.select("other.id")
					.whereRef("other.sessionId", "=", "registration.sessionId")
					.where(sql`lower(other.email)`, "=", sql`lower(registration.email)`)
					.where((eb) =>
						eb.or([eb("other.status", "in", activeStatuses), eb("other.id", ">", eb.ref("registration.id"))]),
					),
			),
		),
	);
}

/** What became of a message's copies: how many there are of each status. */
export async function countCopies(db: Db, campaignId: string): Promise<Partial<Record<EmailStatus, number>>> {
	const rows = await db
		.selectFrom("email")
		.select(["status", sql<number>`count(*)::int`.as("count")])
		.where("campaignId", "=", campaignId)
		.groupBy("status")
		.execute();
	return Object.fromEntries(rows.map(({ status, count }) => [status, count]));
}

/** One page of a message's copies: those that failed first, then by address. `page` counts from 1. */
export async function listCopies(db: Db, campaignId: string, page: number, perPage: number) {
	return db
		.selectFrom("email")
		.select(["id", "toName", "toAddress", "status", "smtpResponse", "lastError"])
		.where("campaignId", "=", campaignId)
		.orderBy((eb) => eb("status", "in", ["dead", "bounced", "suppressed"]), "desc")
		.orderBy("toAddress")
		.orderBy("id")
		.limit(perPage)
		.offset((page - 1) * perPage)
		.execute();
}
