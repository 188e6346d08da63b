import { setTimeout as delay } from "node:timers/promises";
import { deliverSome, type WebhookSettings } from "#app/use-cases/deliver-webhooks.server.ts";
import type { Db } from "#db/client.server.ts";
import { listDueWebhooks } from "#db/queries/webhooks.server.ts";

const pollMs = 5000;
const gatheredMs = 200;
const asideMs = 50;
const farewellMs = 2000;

type WebhookWorker = {
	/** Something happened that other tools may have to be told: look soon. */
	wake(): void;
	/** Resolves when what is being sent is marked, or after two seconds: the rest is sent again once its lease is over. */
	stop(): Promise<void>;
};

/**
 * Tells the firm's other tools what is due, on every instance: soon after this process did something, and every five
 * seconds in any case. Each webhook is told on a lane of its own, so that a slow one holds back no other, nor the mail.
 */
export function startWebhookWorker(
	db: Db,
	settings: WebhookSettings,
	report: (event: string, error: unknown) => void,
): WebhookWorker {
	const stopping = new AbortController();
	const lanes = new Map<string, Promise<void>>();
	let looking: Promise<void> | null = null;
	let woken: NodeJS.Timeout | null = null;

	async function look(): Promise<void> {
		try {
			for (const id of await listDueWebhooks(db, new Date())) {
				if (lanes.has(id) || stopping.signal.aborted) continue;
				lanes.set(
					id,
					deliverAll(id).finally(() => lanes.delete(id)),
				);
			}
		} catch (error) {
			report("webhooks.failed", error);
		}
	}

	async function deliverAll(id: string): Promise<void> {
		const stillThere = () => !stopping.signal.aborted;
		const rest = (ms: number) => delay(ms, undefined, { signal: stopping.signal }).catch(() => {});
		try {
			while (stillThere()) {
				const outcome = await deliverSome(db, settings, id, new Date());
				if (outcome === "nothing") return;
				// In a rush, people come first; and whoever does not receive is not asked again for each of them.
				await rest(outcome === "received" ? asideMs : pollMs);
			}
		} catch (error) {
			// What is left behind when the process stops finds no database any more.
			if (stillThere()) report("webhooks.failed", error);
		}
	}

	function lookNow(): void {
		looking ??= look().finally(() => {
			looking = null;
		});
	}

	const timer = setInterval(lookNow, pollMs);
	lookNow();

	return {
		wake() {
			woken ??= setTimeout(() => {
				woken = null;
				lookNow();
			}, gatheredMs);
		},
		async stop() {
			stopping.abort();
			clearInterval(timer);
			if (woken) clearTimeout(woken);
			await looking;
			const late = new AbortController();
			const farewell = delay(farewellMs, undefined, { signal: late.signal }).catch(() => {});
			await Promise.race([Promise.all(lanes.values()), farewell]);
			late.abort();
		},
	};
}
