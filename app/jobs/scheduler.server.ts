import { doDueDeeds } from "#app/use-cases/chosen-deeds.server.ts";
import { confirmDates } from "#app/use-cases/confirm-dates.server.ts";
import { erasePast } from "#app/use-cases/erase-past.server.ts";
import { lapseOffers } from "#app/use-cases/lapse-offers.server.ts";
import type { MailOrigin } from "#app/use-cases/mail-origin.ts";
import { queueDueReminders } from "#app/use-cases/queue-reminders.server.ts";
import { queueDueThanks } from "#app/use-cases/queue-thanks.server.ts";
import { queueDueCampaigns } from "#app/use-cases/send-campaign.server.ts";
import { queueAlerts, queueDueDigests } from "#app/use-cases/write-to-organizers.server.ts";
import type { Db } from "#db/client.server.ts";
import { forgetOldPages } from "#db/queries/emails.server.ts";
import { forgetExpiredSignIns } from "#db/queries/organizers.server.ts";
import { forgetOldRates } from "#db/queries/rates.server.ts";
import { forgetOldDeliveries } from "#db/queries/webhooks.server.ts";

/** Work that the clock asks for. `run` looks up what is due at `now` and does it: on every instance, any number of times. */
export type Job = { name: string; everyMs: number; run(now: Date): Promise<void> };

const minute = 60 * 1000;
const hour = 60 * minute;

/** All that is done without anybody asking for it. `wake` says that something was queued. */
export function scheduledJobs(db: Db, origin: MailOrigin, wake: () => void): Job[] {
	const mailing: [name: string, everyMs: number, queue: typeof queueDueReminders][] = [
		["reminders", minute, queueDueReminders],
		["offers", 15_000, lapseOffers],
		["thanks", minute, queueDueThanks],
		["dates", 15_000, confirmDates],
		["digests", minute, queueDueDigests],
		["alerts", minute, queueAlerts],
		["campaigns", 5000, queueDueCampaigns],
		["deeds", 5000, doDueDeeds],
	];
	return [
		...mailing.map(([name, everyMs, queue]) => ({
			name,
			everyMs,
			async run(now: Date) {
				if ((await queue(db, origin, now)) > 0) wake();
			},
		})),
		{
			// Something is due at midnight alone. Whoever does not run at night does it when they start.
			name: "retention",
			everyMs: hour,
			async run(now) {
				await erasePast(db, now);
			},
		},
		{
			name: "housekeeping",
			everyMs: hour,
			async run(now) {
				await forgetOldPages(db, now);
				await forgetOldRates(db, now);
				await forgetExpiredSignIns(db, now);
				await forgetOldDeliveries(db, now);
			},
		},
	];
}

/**
 * Runs each job at the start and at its interval, never twice at once in this process. One that fails is reported and
 * tried again at its next time. Returns how to stop: it resolves when the runs under way are over.
 */
export function startScheduler(
	jobs: Job[],
	report: (event: string, error: unknown) => void,
): () => Promise<void> {
	const running = new Map<Job, Promise<void>>();

	function start(job: Job): void {
		if (running.has(job)) return;
		const run = job
			.run(new Date())
			.catch((error) => report(`${job.name}.failed`, error))
			.finally(() => running.delete(job));
		running.set(job, run);
	}

	const timers = jobs.map((job) => setInterval(start, job.everyMs, job));
	for (const job of jobs) start(job);
	return async () => {
		for (const timer of timers) clearInterval(timer);
		await Promise.all(running.values());
	};
}
