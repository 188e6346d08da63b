import { undoMs } from "#app/domain/campaign.ts";
import type { DeedKind } from "#app/domain/deed.ts";
import { type Db, isDatabaseUnavailable } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findRegistration } from "#db/queries/registrations.server.ts";
import type { Deed } from "#db/schema.ts";
import { cancelRegistration } from "./cancel-registration.server.ts";
import { issueAttestation } from "./issue-attestation.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { resendConfirmation } from "./resend-confirmation.server.ts";
import { switchSession } from "./switch-session.server.ts";

type NewDeed = {
	/** Made with the form: sent twice, it is one deed. */
	id: string;
	kind: DeedKind;
	sessionId: string;
	toSessionId: string | null;
	registrationIds: string[];
	organizerId: string;
};

/**
 * Writes down what is to be done to several people in half a minute, unless it is stopped before. Until then nothing has
 * changed: no seat is free, no email is written. So stopping it leaves nothing to mend.
 */
export async function planDeed(db: Db, deed: NewDeed, now: Date): Promise<void> {
	const dueAt = new Date(now.getTime() + undoMs);
	await db
		.insertInto("deed")
		.values({ ...deed, createdAt: now, dueAt, endedAt: null })
		.onConflict((conflict) => conflict.column("id").doNothing())
		.execute();
}

type StopResult =
	| { ok: true; sessionId: string }
	| { ok: false; reason: "too-late"; sessionId: string }
	| { ok: false; reason: "unknown" };

/** Stops what is not due yet. Stopping twice is a success. */
export async function stopDeed(db: Db, id: string, organizerId: string, now: Date): Promise<StopResult> {
	return db.transaction().execute(async (trx) => {
		const deed = await trx.selectFrom("deed").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
		if (!deed) return { ok: false, reason: "unknown" };
		const { sessionId, kind } = deed;
		if (deed.state === "stopped") return { ok: true, sessionId };
		// Once it is due it may have begun, and been cut short: nobody is told then that nothing has changed.
		if (deed.state === "done" || now >= deed.dueAt) return { ok: false, reason: "too-late", sessionId };
		await trx.updateTable("deed").set({ state: "stopped", endedAt: now }).where("id", "=", id).execute();
		const data = { kind, people: deed.registrationIds.length };
		await recordAudit(
			trx,
			[{ actor: "organizer", organizerId, action: "deed.stopped", sessionId, data }],
			now,
		);
		return { ok: true, sessionId };
	});
}

/** Does what is due, on any number of instances. Returns how many deeds were done. */
export async function doDueDeeds(db: Db, origin: MailOrigin, now: Date): Promise<number> {
	for (let done = 0; ; done++) if (!(await doNext(db, origin, now))) return done;
}

/**
 * One transaction for each person, while the deed's own row is held. A crash in between leaves whole registrations, and
 * the next instance does it again: to whoever it was done already, it then does nothing. Somebody to whom it cannot be
 * done is named, and holds back neither the others nor the next deed: what went wrong is thrown once the deed is over.
 */
async function doNext(db: Db, origin: MailOrigin, now: Date): Promise<boolean> {
	const faults: unknown[] = [];
	const found = await db.transaction().execute(async (trx) => {
		const deed = await trx
			.selectFrom("deed")
			.selectAll()
			.where("state", "=", "waiting")
			.where("dueAt", "<=", now)
			.orderBy("dueAt")
			.limit(1)
			.forUpdate()
			.skipLocked()
			.executeTakeFirst();
		if (!deed) return false;
		const failedIds: string[] = [];
		for (const id of deed.registrationIds) {
			try {
				if (!(await doOne(db, origin, deed, id, now))) failedIds.push(id);
			} catch (error) {
				if (isDatabaseUnavailable(error)) throw error;
				faults.push(error);
				failedIds.push(id);
			}
		}
		await trx
			.updateTable("deed")
			.set({ state: "done", endedAt: now, failedIds })
			.where("id", "=", deed.id)
			.execute();
		return true;
	});
	if (faults.length > 0) throw faults[0];
	return found;
}

async function doOne(db: Db, origin: MailOrigin, deed: Deed, id: string, now: Date): Promise<boolean> {
	const { organizerId, sessionId, toSessionId } = deed;
	// A proof stays one of that date, wherever its owner went since.
	if (deed.kind === "attest")
		return issueAttestation(db, origin, { registrationId: id, sessionId }, organizerId, deed.dueAt);
	const person = await findRegistration(db, id);
	// Who changed dates by themselves meanwhile is no longer among those whom the organizer chose.
	if (person?.sessionId !== sessionId) return toSessionId !== null && person?.sessionId === toSessionId;
	switch (deed.kind) {
		case "cancel":
			return (await cancelRegistration(db, origin, id, { organizerId }, now)).ok;
		case "move":
			return (await switchSession(db, origin, id, toSessionId ?? "", { organizerId }, now)).ok;
		case "resend":
			// At the instant when it was due, whenever it is done: done twice, it is the same message.
			return resendConfirmation(db, origin, id, organizerId, deed.dueAt);
	}
}
