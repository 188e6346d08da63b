import { homeZone } from "#app/domain/session.ts";
import { monthsBefore } from "#app/domain/time.server.ts";
import type { Db } from "#db/client.server.ts";
import { recordAudit } from "#db/queries/audit.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import {
	eraseAttestations,
	eraseEndedInterests,
	eraseMessages,
	eraseOtherMail,
	erasePeople,
	findPeopleToErase,
	forgetSuppressions,
	listSessionsToErase,
	recordErasures,
	trimErasedProofs,
} from "#db/queries/retention.server.ts";
import { lockSession } from "#db/queries/sessions.server.ts";
import { eachApart } from "./each-apart.server.ts";

/**
 * Employers keep their proofs for six years after the last year that these are about (Règlement sur les dépenses de
 * formation admissibles, RLRQ c. D-8.3, r. 3).
 */
const proofMonths = 7 * 12;

// Few enough that whoever looks at the list meanwhile does not wait.
const atOnce = 200;

/**
 * Erases what is personal of every session that ended over `retentionMonths` before today, and of announcements as long
 * after they were sent or stopped: counts, prices, times and attendance stay, and attestations for seven years.
 * What is due changes at midnight. It may run on every instance, as often as wanted, and be killed at any point: the next
 * run goes on. Returns how many people and addresses it erased.
 */
export async function erasePast(db: Db, now: Date): Promise<number> {
	const { retentionMonths } = await findFirm(db);
	const until = monthsBefore(now, retentionMonths, homeZone);
	const sessions = await listSessionsToErase(db, until);
	const steps = [
		...sessions.map((id) => () => untilFewer(() => eraseSome(db, id, until, now))),
		() => untilFewer(() => eraseSomeInterests(db, until, now)),
		async () => {
			await untilFewer(() => eraseOtherMail(db, until, atOnce));
			await eraseMessages(db, until);
			await trimErasedProofs(db);
			await eraseAttestations(db, monthsBefore(now, Math.max(proofMonths, retentionMonths), homeZone));
			await forgetSuppressions(db);
			return 0;
		},
	];
	return eachApart(steps, (step) => step());
}

async function untilFewer(act: () => Promise<number>): Promise<number> {
	let sum = 0;
	let done: number;
	do {
		done = await act();
		sum += done;
	} while (done === atOnce);
	return sum;
}

/** Under the session's lock, so that it is not moved to a day to come meanwhile. */
async function eraseSome(db: Db, sessionId: string, until: Date, now: Date): Promise<number> {
	return db.transaction().execute(async (trx) => {
		const session = await lockSession(trx, sessionId);
		if (!session || session.endsAt >= until) return 0;
		const { people, bookingIds } = await findPeopleToErase(trx, sessionId, atOnce);
		if (people.length === 0) return 0;
		const ids = people.map(({ id }) => id);
		const left = await erasePeople(trx, ids, bookingIds, now);
		const erased = people.map((person) => ({ ...person, sessionId }));
		await recordErasures(trx, { actor: "system" }, erased, left, now);
		return people.length;
	});
}

async function eraseSomeInterests(db: Db, until: Date, now: Date): Promise<number> {
	return db.transaction().execute(async (trx) => {
		const ids = await eraseEndedInterests(trx, until, atOnce);
		const entries = ids.map((interest) => ({
			actor: "system" as const,
			action: "interest.erased" as const,
			data: { interest },
		}));
		await recordAudit(trx, entries, now);
		return ids.length;
	});
}
