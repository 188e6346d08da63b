import { sql } from "kysely";
import type { Db, Trx } from "../client.server.ts";
import { newId } from "../id.ts";
import type { Organizer } from "../schema.ts";
import { addedByOrganizer } from "./bookings.server.ts";

/** The organizer with this address, whatever its case, unless revoked. */
export async function findOrganizerByEmail(db: Db | Trx, email: string): Promise<Organizer | undefined> {
	return db
		.selectFrom("organizer")
		.selectAll()
		.where(sql<string>`lower(email)`, "=", email.toLowerCase())
		.where("revokedAt", "is", null)
		.executeTakeFirst();
}

const seenEveryMs = 3600 * 1000;

/** The organizer a browser is signed in as. Notes, once an hour, that the browser was seen. */
export async function findOrganizerByCookie(
	db: Db,
	tokenHash: string,
	now: Date,
): Promise<Organizer | undefined> {
	const found = await db
		.selectFrom("organizerCookie")
		.innerJoin("organizer", "organizer.id", "organizerCookie.organizerId")
		.selectAll("organizer")
		.select("organizerCookie.seenAt")
		.where("organizerCookie.tokenHash", "=", tokenHash)
		.where("organizerCookie.expiresAt", ">", now)
		.where("organizer.revokedAt", "is", null)
		.executeTakeFirst();
	if (!found) return undefined;
	const { seenAt, ...organizer } = found;
	if (now.getTime() - seenAt.getTime() > seenEveryMs) {
		await db.updateTable("organizerCookie").set({ seenAt: now }).where("tokenHash", "=", tokenHash).execute();
	}
	return organizer;
}

/** Everyone who may sign in, by name, with how many browsers they are signed in on and when one was last seen. */
export async function listOrganizers(db: Db, now: Date) {
	return db
		.selectFrom("organizer")
		.leftJoin("organizerCookie", (join) =>
			join
				.onRef("organizerCookie.organizerId", "=", "organizer.id")
				.on("organizerCookie.expiresAt", ">", now),
		)
		.selectAll("organizer")
		.select([
			sql<number>`count(organizer_cookie.token_hash)::int`.as("browsers"),
			sql<Date | null>`max(organizer_cookie.seen_at)`.as("seenAt"),
		])
		.where("organizer.revokedAt", "is", null)
		.groupBy("organizer.id")
		.orderBy("organizer.name")
		.orderBy("organizer.id")
		.execute();
}

/** Everyone who ever could sign in, by name: what they did stays theirs. */
export async function listOrganizerNames(db: Db) {
	return db.selectFrom("organizer").select(["id", "name"]).orderBy("name").orderBy("id").execute();
}

/** An organizer who may sign in. */
export async function findOrganizer(db: Db | Trx, id: string): Promise<Organizer | undefined> {
	return db
		.selectFrom("organizer")
		.selectAll()
		.where("id", "=", id)
		.where("revokedAt", "is", null)
		.executeTakeFirst();
}

/** The organizers who want the digest and do not have this one yet. `key` begins that of a digest. */
export async function listOrganizersForDigest(db: Db, key: string): Promise<Organizer[]> {
	return writtenTo(db)
		.selectAll("organizer")
		.where("digest", "=", true)
		.where(({ exists, selectFrom, not }) =>
			not(
				exists(
					selectFrom("email")
						.select("email.id")
						.where("email.dedupeKey", "=", sql<string>`${key} || organizer.id`),
				),
			),
		)
		.execute();
}

/** The organizers who want to know what goes wrong, with when they were told last. */
export async function listOrganizersToAlert(db: Db | Trx) {
	return writtenTo(db)
		.selectAll("organizer")
		.select((eb) =>
			eb
				.selectFrom("email")
				.select((email) => email.fn.max("email.createdAt").as("at"))
				.whereRef("email.organizerId", "=", "organizer.id")
				.where("email.kind", "=", "alert")
				.as("alertedAt"),
		)
		.where("alerts", "=", true)
		.execute();
}

/** Somebody at the door is written to about nothing but their access. */
function writtenTo(db: Db | Trx) {
	return db
		.selectFrom("organizer")
		.where("organizer.revokedAt", "is", null)
		.where("organizer.role", "<>", "door")
		.orderBy("organizer.id");
}

/** Remembers which columns somebody's exports have, and their lists on screen; null for the usual ones. */
export async function saveColumns(
	db: Db,
	organizerId: string,
	columns: Pick<Organizer, "exportColumns" | "listColumns">,
): Promise<void> {
	await db.updateTable("organizer").set(columns).where("id", "=", organizerId).execute();
}

/** Locks everyone who owns the site, so that two owners cannot remove each other, and returns their ids. */
export async function lockOwners(trx: Trx): Promise<string[]> {
	const owners = await trx
		.selectFrom("organizer")
		.select("id")
		.where("role", "=", "owner")
		.where("revokedAt", "is", null)
		.orderBy("id")
		.forNoKeyUpdate()
		.execute();
	return owners.map(({ id }) => id);
}

/** The browsers that somebody is signed in on, the last seen first. */
export async function listBrowsers(db: Db, organizerId: string, now: Date) {
	return db
		.selectFrom("organizerCookie")
		.select(["tokenHash", "userAgent", "createdAt", "seenAt"])
		.where("organizerId", "=", organizerId)
		.where("expiresAt", ">", now)
		.orderBy("seenAt", "desc")
		.orderBy("createdAt", "desc")
		.execute();
}

/** Nobody's address, for the account that the console link lets in before its owner is named. */
const standInAddress = "responsable@exemple.ca";

/**
 * The first owner, whom the console link lets in; made if nobody is there yet. An account that was made before its owner
 * was named becomes theirs.
 */
export async function ensureOwner(db: Db, named: string | null, now: Date): Promise<Organizer> {
	const email = named ?? standInAddress;
	return db.transaction().execute(async (trx) => {
		// Two instances that start together must not make two owners.
		await sql`select pg_advisory_xact_lock(hashtext('presence.first-owner'))`.execute(trx);
		const owner = await trx
			.selectFrom("organizer")
			.selectAll()
			.where("role", "=", "owner")
			.where("revokedAt", "is", null)
			.orderBy("createdAt")
			.executeTakeFirst();
		const standIn = await findOrganizerByEmail(trx, standInAddress);
		if (standIn && named && named !== standInAddress) return nameOwner(trx, standIn, named, now);
		if (owner) return owner;
		return trx
			.insertInto("organizer")
			.values({
				id: newId(),
				email,
				name: email.split("@")[0] ?? email,
				locale: "fr",
				role: "owner",
				createdAt: now,
				revokedAt: null,
			})
			.returningAll()
			.executeTakeFirstOrThrow();
	});
}

/** Whoever is named has the account of nobody's address, and what comes to it: beside their own, it ends. */
async function nameOwner(trx: Trx, standIn: Organizer, email: string, now: Date): Promise<Organizer> {
	const known = await findOrganizerByEmail(trx, email);
	if (known) {
		await trx.updateTable("organizer").set({ revokedAt: now }).where("id", "=", standIn.id).execute();
		await trx.deleteFrom("organizerCookie").where("organizerId", "=", standIn.id).execute();
	}
	await trx
		.updateTable("booking")
		.set({ contactEmail: email })
		.where(sql<string>`lower(contact_email)`, "=", standInAddress)
		.where("payloadHash", "=", addedByOrganizer)
		.execute();
	return trx
		.updateTable("organizer")
		.set({ email: known?.email ?? email, role: "owner" })
		.where("id", "=", known?.id ?? standIn.id)
		.returningAll()
		.executeTakeFirstOrThrow();
}

/** Whether anybody has ever signed in: until then, each start shows the console link. */
export async function somebodySignedIn(db: Db): Promise<boolean> {
	const used = await db.selectFrom("signIn").select("id").where("usedAt", "is not", null).executeTakeFirst();
	return used !== undefined;
}

/** Forgets cookies that are over, and codes that were not used in their day. A used one stays: it tells that somebody came. */
export async function forgetExpiredSignIns(db: Db, now: Date): Promise<void> {
	const dayAgo = new Date(now.getTime() - 24 * 3600 * 1000);
	await db.deleteFrom("organizerCookie").where("expiresAt", "<", now).execute();
	await db.deleteFrom("signIn").where("expiresAt", "<", dayAgo).where("usedAt", "is", null).execute();
}
