import { type Db, isDatabaseUnavailable } from "#db/client.server.ts";
import { countRate } from "#db/queries/rates.server.ts";
import type { MailOrigin } from "./mail-origin.ts";
import { registerTogether, type SignUp, type SignUpResult } from "./register.server.ts";
import { createTurns } from "./turns.server.ts";

/** Takes sign-ups one at a time and answers each for itself. */
export type Registrar = {
	/**
	 * `busy`: the queue is full, nothing was written, and trying again in a few seconds may work. Beyond one of `limits`, the
	 * first of these says so and nothing is written. Throws when the database does.
	 */
	register(signUp: SignUp, limits?: SignUpLimit[]): Promise<Answer>;
};

/** How many sign-ups are counted under `key` in a period before one more is refused. */
export type SignUpLimit = {
	key: string;
	periodSeconds: number;
	most: number;
	refusal: "too-many-here" | "too-many-named";
};

type Answer = SignUpResult | { ok: false; reason: "busy" | SignUpLimit["refusal"] };

type Waiting = {
	signUp: SignUp;
	limits: SignUpLimit[];
	resolve(result: Answer): void;
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
			await answerAll(together);
			waiting -= together.length;
		}
		queues.delete(sessionId);
	}

	async function answerAll(together: Waiting[]): Promise<void> {
		let within: Waiting[];
		try {
			within = await refuseBeyondLimits(together);
		} catch (error) {
			for (const one of together) one.reject(error);
			return;
		}
		if (within.length === 0) return;
		try {
			await settle(within);
		} catch (error) {
			if (isDatabaseUnavailable(error)) for (const one of within) one.reject(error);
			// One sign-up's trouble is not its neighbours': each is tried again alone.
			else for (const one of within) await settle([one]).catch(one.reject);
		}
	}

	/**
	 * Counts them all in one statement, before a date is locked: what is counted for one date keeps nobody of another waiting.
	 * Returns those who are within their limits.
	 */
	async function refuseBeyondLimits(together: Waiting[]): Promise<Waiting[]> {
		const now = clock();
		const refusals = await Promise.all(
			together.map(async ({ limits }) => {
				const counts = await Promise.all(
					limits.map(({ key, periodSeconds }) => countRate(db, key, periodSeconds, now)),
				);
				return limits.find(({ most }, index) => counts[index]! > most)?.refusal;
			}),
		);
		return together.filter((one, index) => {
			const reason = refusals[index];
			if (reason) one.resolve({ ok: false, reason });
			return !reason;
		});
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
		register(signUp, limits = []) {
			if (waiting >= mostWaiting) return Promise.resolve({ ok: false, reason: "busy" });
			waiting += 1;
			return new Promise((resolve, reject) => {
				const one = { signUp, limits, resolve, reject };
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
