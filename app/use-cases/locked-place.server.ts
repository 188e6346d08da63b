import { isErased } from "#app/domain/registration.ts";
import type { Db, Trx } from "#db/client.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { findRegistration, type PlaceRow } from "#db/queries/registrations.server.ts";
import { describeSession, lockSession } from "#db/queries/sessions.server.ts";
import type { SessionRow } from "#db/schema.ts";
import type { DateFacts } from "#emails/templates/registration-email.tsx";
import type { MailOrigin } from "./mail-origin.ts";

/**
 * Changes one person's place in a transaction that holds the lock of its session, and of `alsoLock` when there is one;
 * two sessions are locked in ascending id, so that two people who trade dates never wait for each other. Whoever was erased
 * is unknown.
 */
export async function withLockedPlace<Result>(
	db: Db,
	registrationId: string,
	change: (trx: Trx, place: PlaceRow, session: SessionRow, other: SessionRow | undefined) => Promise<Result>,
	alsoLock?: string,
): Promise<Result | { ok: false; reason: "unknown" }> {
	const unknown = { ok: false, reason: "unknown" } as const;
	for (;;) {
		const known = await findRegistration(db, registrationId);
		if (!known) return unknown;
		const result = await db.transaction().execute(async (trx) => {
			const ids = [...new Set([known.sessionId, ...(alsoLock ? [alsoLock] : [])])].sort();
			const sessions: (SessionRow | undefined)[] = [];
			for (const id of ids) sessions.push(await lockSession(trx, id));
			const place = await findRegistration(trx, registrationId);
			const session = sessions.find((one) => one?.id === place?.sessionId);
			if (!place || !session) return null;
			if (isErased(place)) return unknown;
			return change(
				trx,
				place,
				session,
				sessions.find((one) => one?.id === alsoLock),
			);
		});
		// The person changed dates in the meantime: their session is another one now.
		if (result !== null) return result;
	}
}

/** What an email about a date needs, as it is inside the transaction. */
export async function dateFacts(trx: Trx, origin: MailOrigin, session: SessionRow): Promise<DateFacts> {
	return { ...origin, ...(await describeSession(trx, session)), firm: await findFirm(trx) };
}
