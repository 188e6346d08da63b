import { type Db, isDatabaseUnavailable } from "#db/client.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { registerTogether, type SignUp, type SignUpResult } from "./register.server.ts";
import { createTurns } from "./turns.server.ts";

/** Takes sign-ups one at a time and answers each for itself. */
export type Registrar = {
	/** `busy`: the queue is full, nothing was written, and trying again in a few seconds may work. Throws when the database does. */
	register(signUp: SignUp): Promise<SignUpResult | { ok: false; reason: "busy" }>;
};

type Waiting = {
	signUp: SignUp;
	resolve(result: SignUpResult): void;
	reject(error: unknown): void;
};

const mostTogether = 64;
const mostWaiting = 2000;

/**
 * While one transaction runs for a session, the sign-ups that arrive wait in memory; the next transaction takes them
 * all. Nothing is delayed when alone, and one commit serves many in a rush. `committed` is called after each commit.
 */
export function createRegistrar(
	db: Db,
	origin: MailOrigin,
	clock: () => Date,
	committed: () => void = () => {},
): Registrar {
	const queues = new Map<string, Waiting[]>();
	const itsTurn = createTurns();
	let waiting = 0;

	async function drain(sessionId: string, queue: Waiting[]): Promise<void> {
		while (queue.length > 0) {
			const together = queue.splice(0, mostTogether);
			try {
				await settle(together);
			} catch (error) {
				if (isDatabaseUnavailable(error)) for (const one of together) one.reject(error);
				// One sign-up's trouble is not its neighbours': each is tried again alone.
				else for (const one of together) await settle([one]).catch(one.reject);
			}
			waiting -= together.length;
		}
		queues.delete(sessionId);
	}

	async function settle(together: Waiting[]): Promise<void> {
		const results = await registerTogether(
			db,
			origin,
			together.map(({ signUp }) => signUp),
			clock(),
		);
		committed();
		for (const [index, one] of together.entries()) void itsTurn().then(() => one.resolve(results[index]!));
	}

	return {
		register(signUp) {
			if (waiting >= mostWaiting) return Promise.resolve({ ok: false, reason: "busy" });
			waiting += 1;
			return new Promise((resolve, reject) => {
				const one = { signUp, resolve, reject };
				const queue = queues.get(signUp.sessionId);
				if (queue) {
					queue.push(one);
				} else {
					const started = [one];
					queues.set(signUp.sessionId, started);
					void drain(signUp.sessionId, started);
				}
			});
		},
	};
}
