import { sql } from "kysely";
import type { Db } from "../client.server.ts";

export type ListedDeed = Awaited<ReturnType<typeof listDeeds>>[number];

/**
 * What was asked for several people of a session and is not done yet, the oldest first, and the one that an address
 * names whatever became of it. Each has the names of those to whom it could not be done.
 */
export async function listDeeds(db: Db, sessionId: string, named?: string) {
	return db
		.selectFrom("deed")
		.innerJoin("organizer", "organizer.id", "deed.organizerId")
		.selectAll("deed")
		.select("organizer.name as organizerName")
		.select((eb) =>
			eb
				.selectFrom("registration")
				.select(sql<string[]>`coalesce(array_agg(name order by sort_name), '{}')`.as("names"))
				.where(sql<boolean>`registration.id = any(deed.failed_ids)`)
				.as("failedNames"),
		)
		.where("deed.sessionId", "=", sessionId)
		.where((eb) =>
			named ? eb.or([eb("state", "=", "waiting"), eb("deed.id", "=", named)]) : eb("state", "=", "waiting"),
		)
		.orderBy("deed.createdAt")
		.execute();
}
