import { setTimeout as delay } from "node:timers/promises";
import pg from "pg";
import type { Db } from "#db/client.server.ts";
import { type DeliverySettings, deliverDue } from "#emails/outbox.server.ts";
import type { Transport } from "#emails/transport.server.ts";

const channel = "presence_mail";
const pollMs = 5000;
const asideMs = 50;

type MailWorker = {
	/** Something was queued: look at once, here and on the other instances. */
	wake(): void;
	/** Resolves when the batch under way is marked. */
	stop(): Promise<void>;
};

/**
 * Delivers what is due: at once when this process queued it, soon after a NOTIFY from another instance, and every five
 * seconds in any case. During a rush it leaves the sign-ups most of the machine. `listenTo` must not be a transaction
 * pooler; when it is out of reach the poll goes on alone.
 */
export function startMailWorker(
	db: Db,
	listenTo: pg.ClientConfig,
	transport: Transport,
	settings: DeliverySettings,
	report: (event: string, error: unknown) => void,
): MailWorker {
	let stopped = false;
	let again = false;
	let queuedHere = false;
	let running: Promise<void> | null = null;
	let notifying = false;
	let listener: pg.Client | null = null;
	let listening = false;

	function look(): void {
		again = true;
		running ??= deliverAll().finally(() => {
			running = null;
		});
	}

	async function deliverAll(): Promise<void> {
		while (again && !stopped) {
			again = false;
			try {
				while (!stopped && (await deliverSome()) > 0);
			} catch (error) {
				report("mail.failed", error);
			}
		}
	}

	/** One batch. A pause follows when this process queued more since the last one: in a rush, people come before the mail. */
	async function deliverSome(): Promise<number> {
		const handled = await deliverDue(db, transport, settings, new Date());
		if (handled > 0 && queuedHere) {
			queuedHere = false;
			await delay(asideMs);
		}
		return handled;
	}

	async function listen(): Promise<void> {
		if (listener || listening) return;
		listening = true;
		const client = new pg.Client({ ...listenTo, keepAlive: true, connectionTimeoutMillis: pollMs });
		client.on("notification", look);
		client.on("error", () => client.end().catch(() => {}));
		client.on("end", () => {
			if (listener === client) listener = null;
		});
		try {
			await client.connect();
			await client.query(`listen ${channel}`);
			listener = client;
		} catch {
			await client.end().catch(() => {});
		} finally {
			listening = false;
		}
	}

	// The poll never waits for the LISTEN: a connection that hangs must not hold back the mail.
	function poll(): void {
		look();
		void listen();
	}

	const timer = setInterval(poll, pollMs);
	poll();

	return {
		wake() {
			queuedHere = true;
			look();
			// One NOTIFY speaks for every commit of the last moments.
			if (notifying) return;
			notifying = true;
			setTimeout(() => {
				notifying = false;
				listener?.query(`notify ${channel}`).catch(() => {});
			}, 50);
		},
		async stop() {
			stopped = true;
			clearInterval(timer);
			await running;
			const client = listener;
			listener = null;
			await client?.end().catch(() => {});
		},
	};
}
