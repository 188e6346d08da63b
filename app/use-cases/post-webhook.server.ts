import { lookup, Resolver } from "node:dns/promises";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { isPublicAddress } from "#app/domain/public-address.server.ts";
import { addressProblem, type WebhookAnswer, type WebhookFailure } from "#app/domain/webhook.ts";

const patienceMs = 10_000;
const lookUpMs = 3000;
const otherFamilyMs = 500;
// Before the next address of a name is tried. Node's own quarter of a second gives up many that are only far away.
const connectMs = 2500;
const longestAnswer = 64 * 1024;

/** The addresses of a host. */
type Resolve = (host: string) => Promise<string[]>;

export type Reach = {
	/** Whether addresses of the host's own network may be asked too, and over http. */
	inside: boolean;
	resolve: Resolve;
	patienceMs?: number;
};

/** How this site reaches other tools: the public internet alone, unless whoever hosts it says otherwise. */
export function reachOf(inside: boolean): Reach {
	return { inside, resolve: inside ? resolveAny : resolvePublic };
}

// The system's own lookup holds a thread that files and compression wait for: a name server that hangs would stop pages.
const resolver = new Resolver({ timeout: 1000, tries: 2 });

async function resolvePublic(host: string): Promise<string[]> {
	return gatherFamilies([resolver.resolve4(host), resolver.resolve6(host)]);
}

/** What both families answer. Some name servers never say that there is no IPv6: once one has answered, the other has little time. */
export async function gatherFamilies(families: Promise<string[]>[]): Promise<string[]> {
	const found: string[][] = families.map(() => []);
	const answers = families.map(async (family, index) => {
		found[index] = await family;
	});
	const first = Promise.any(answers).then(
		() => delay(otherFamilyMs, undefined, { ref: false }),
		() => {},
	);
	await Promise.race([Promise.allSettled(answers), first]);
	return found.flat();
}

async function resolveAny(host: string): Promise<string[]> {
	return (await lookup(host, { all: true })).map(({ address }) => address);
}

/**
 * Sends a message to an address that somebody typed, and says what came back. What is connected to is what was checked: the
 * host is resolved here and nowhere else. A redirect is an answer like any other, and what an answer says is not kept.
 */
export async function postWebhook(
	address: string,
	headers: Record<string, string>,
	body: string,
	reach: Reach,
): Promise<WebhookAnswer> {
	if (addressProblem(address, reach.inside)) return failed("address");
	const url = new URL(address);
	const literal = url.hostname.replace(/^\[(.*)\]$/, "$1");
	if (isIP(literal) && !mayBeAsked(literal, reach)) return failed("address");
	const { Agent, request } = url.protocol === "https:" ? https : http;
	// Neither a proxy of the environment nor a connection that is kept open.
	const agent = new Agent({ keepAlive: false, autoSelectFamilyAttemptTimeout: connectMs });
	try {
		const status = await new Promise<number>((resolve, reject) => {
			const asked = request(url, {
				agent,
				method: "POST",
				headers: {
					"content-type": "application/json",
					"content-length": Buffer.byteLength(body),
					"user-agent": "Presence",
					...headers,
				},
				lookup: checkedLookup(reach),
				signal: AbortSignal.timeout(reach.patienceMs ?? patienceMs),
			});
			let code: number | undefined;
			asked.on("response", (answer) => {
				code = answer.statusCode;
				void drained(answer).finally(() => resolve(code ?? 0));
			});
			// The code of an answer counts, whatever happens to the rest of it.
			asked.on("error", (error) => (code === undefined ? reject(error) : resolve(code)));
			// Whoever answers that they change the protocol hears no more of it, and is no error either.
			asked.on("upgrade", (answer, socket) => {
				socket.destroy();
				resolve(answer.statusCode ?? 0);
			});
			asked.end(body);
		});
		return { status, failure: null };
	} catch (error) {
		return failed(failureOf(error));
	} finally {
		agent.destroy();
	}
}

/** Some receivers mind when nobody listens to the end; none is listened to for long. */
async function drained(answer: IncomingMessage): Promise<void> {
	let length = 0;
	try {
		for await (const chunk of answer) {
			length += chunk.length;
			if (length > longestAnswer) break;
		}
	} catch {
		// Cut off in the middle: nothing of it is wanted.
	}
	answer.destroy();
}

class Refusal extends Error {
	constructor(readonly failure: WebhookFailure) {
		super(failure);
	}
}

/** Hands over the addresses of a name that may be asked, and fails where there is none. */
function checkedLookup(reach: Reach): LookupFunction {
	return (host, options, done) => {
		const tooLate = delay(lookUpMs, [] as string[], { ref: false });
		Promise.race([reach.resolve(host), tooLate]).then(
			(found) => {
				const addresses = found
					.filter((address) => mayBeAsked(address, reach))
					.map((address) => ({ address, family: isIP(address) }));
				const [first] = addresses;
				if (!first) done(new Refusal(found.length > 0 ? "address" : "name"), "", 0);
				else if (options.all) done(null, addresses);
				else done(null, first.address, first.family);
			},
			() => done(new Refusal("name"), "", 0),
		);
	};
}

function mayBeAsked(address: string, { inside }: Reach): boolean {
	return inside || isPublicAddress(address);
}

function failureOf(error: unknown): WebhookFailure {
	if (error instanceof Refusal) return error.failure;
	const { name, code = "" } = error as NodeJS.ErrnoException;
	if (name === "AbortError" || name === "TimeoutError" || code === "ETIMEDOUT") return "timeout";
	if (/CERT|SSL|TLS|ERR_TLS|DEPTH_ZERO|UNABLE_TO/.test(code)) return "certificate";
	return "unreachable";
}

function failed(failure: WebhookFailure): WebhookAnswer {
	return { status: null, failure };
}
