import { sql } from "kysely";
import type { Locale } from "#app/domain/locale.ts";
import type { Db, Trx } from "../client.server.ts";
import type { Workshop } from "../schema.ts";

/** The published workshop that has or once had this address in this language; its present slug tells if it moved. */
export async function findPublishedWorkshop(
	db: Db,
	locale: Locale,
	slug: string,
): Promise<Workshop | undefined> {
	return db
		.selectFrom("workshop")
		.innerJoin("workshopSlug", "workshopSlug.workshopId", "workshop.id")
		.selectAll("workshop")
		.where("workshopSlug.locale", "=", locale)
		.where("workshopSlug.slug", "=", slug)
		.where("workshop.publishedAt", "is not", null)
		.where("workshop.archivedAt", "is", null)
		.executeTakeFirst();
}

export async function findWorkshop(db: Db | Trx, id: string): Promise<Workshop | undefined> {
	return db.selectFrom("workshop").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Every workshop that is not put away, by its name, to choose from. */
export async function listWorkshopNames(db: Db) {
	return db
		.selectFrom("workshop")
		.select(["id", "titleFr", "titleEn"])
		.where("archivedAt", "is", null)
		.orderBy("titleFr")
		.execute();
}

/** Every workshop that anyone may see, by its name, with its present addresses. */
export async function listPublishedWorkshops(db: Db) {
	return db
		.selectFrom("workshop")
		.select(["slugFr", "slugEn", "titleFr", "titleEn"])
		.where("publishedAt", "is not", null)
		.where("archivedAt", "is", null)
		.orderBy("titleFr")
		.execute();
}

/** Every workshop in use, or every one that was put away, with the number of its dates to come. */
export async function listWorkshops(db: Db, now: Date, archived = false) {
	return db
		.selectFrom("workshop")
		.selectAll()
		.select((eb) =>
			eb
				.selectFrom("session")
				.select(sql<number>`count(*)::int`.as("count"))
				.whereRef("session.workshopId", "=", "workshop.id")
				.where("session.endsAt", ">", now)
				.where("session.cancelledAt", "is", null)
				.as("datesToCome"),
		)
		.where("archivedAt", archived ? "is not" : "is", null)
		.orderBy("titleFr")
		.execute();
}
