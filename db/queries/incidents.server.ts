import type { Db, Trx } from "../client.server.ts";
import type { Incident } from "../schema.ts";

/** The whole register, the incident that was learned of last first. */
export async function listIncidents(db: Db): Promise<Incident[]> {
	return db.selectFrom("incident").selectAll().orderBy("learnedOn", "desc").orderBy("id", "desc").execute();
}

export async function findIncident(db: Db | Trx, id: string): Promise<Incident | undefined> {
	return db.selectFrom("incident").selectAll().where("id", "=", id).executeTakeFirst();
}

/** Locks the incident until the transaction ends. */
export async function lockIncident(trx: Trx, id: string): Promise<Incident | undefined> {
	return trx.selectFrom("incident").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
}
