import type { Db } from "#db/client.server.ts";
import { forgetExpiredSignIns } from "#db/queries/organizers.server.ts";
import { forgetOldRates } from "#db/queries/rates.server.ts";

const everyMs = 3600 * 1000;

/** Forgets, at the start and every hour, the counters, codes and cookies that are past their time. Returns how to stop. */
export function startHousekeeping(db: Db, report: (event: string, error: unknown) => void): () => void {
	async function clean(): Promise<void> {
		try {
			const now = new Date();
			await forgetOldRates(db, now);
			await forgetExpiredSignIns(db, now);
		} catch (error) {
			report("housekeeping.failed", error);
		}
	}
	const timer = setInterval(() => void clean(), everyMs);
	void clean();
	return () => clearInterval(timer);
}
