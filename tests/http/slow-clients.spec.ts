import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createPatientServer, patience } from "#app/http/patient-server.server.ts";
import { startApp } from "#tests/app-process.ts";
import { createTestDatabase } from "#tests/database.ts";

/*
 * The server of the site, forty times less patient, so that nobody has to wait for these tests either; then the site
 * itself, as patient as it is.
 */
const faster = 40;
const hurried = {
	headersTimeout: patience.headersTimeout / faster,
	requestTimeout: patience.requestTimeout / faster,
	connectionsCheckingInterval: patience.connectionsCheckingInterval / faster,
	silenceTimeout: patience.silenceTimeout / faster,
};
const server = createPatientServer((request, response) => {
	request.on("error", () => {}).on("end", () => response.end("Bien reçu"));
	request.resume();
}, hurried);
let port: number;

beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	port = (server.address() as { port: number }).port;
});
afterAll(() => {
	server.closeAllConnections();
	server.close();
});

/**
 * Sends `start`, then one byte after the other until `withinMs` is almost over, and waits for the server to end it. (A
 * byte it has not read as it closes resets the connection, and what it said can be lost.) Returns its answer and how
 * long it took.
 */
async function dribble(
	start: string,
	withinMs: number,
	at = port,
): Promise<{ answer: string; afterMs: number }> {
	const socket = connect(at, "127.0.0.1");
	const before = performance.now();
	let answer = "";
	let ended = false;
	socket.on("error", () => {});
	socket.on("data", (chunk) => {
		answer += chunk;
	});
	socket.on("close", () => {
		ended = true;
	});
	socket.write(start);
	while (!ended && performance.now() - before < 20_000) {
		await delay(20);
		if (performance.now() - before < withinMs * 0.8) socket.write("a");
	}
	socket.destroy();
	return { answer, afterMs: performance.now() - before };
}

const form = "POST /ateliers/x/inscription HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n";

test.each([
	["its headers", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", hurried.headersTimeout],
	["its body", form, hurried.requestTimeout],
])("a client that dribbles %s is told 408 and let go in time", async (_, start, withinMs) => {
	const { answer, afterMs } = await dribble(start, withinMs);
	expect(answer).toMatch(/^HTTP\/1\.1 408/);
	expect(afterMs).toBeGreaterThan(withinMs * 0.8);
	expect(afterMs).toBeLessThan(withinMs + 1_500);
});

test("a form that comes in pieces within the time is taken, and nobody may take longer than a minute", async () => {
	const socket = connect(port, "127.0.0.1");
	socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnom=");
	await delay(hurried.requestTimeout / 3);
	socket.write("Zoé!\n".slice(0, 4));
	let answer = "";
	for await (const chunk of socket) answer += chunk;
	expect(answer).toContain("Bien re");
	expect(patience.requestTimeout).toBeLessThanOrEqual(60_000);
	expect(patience.headersTimeout).toBeLessThanOrEqual(10_000);
});

test("two hundred slow clients do not keep anybody from being served", async () => {
	const slow = Array.from({ length: 200 }, () => connect(port, "127.0.0.1").on("error", () => {}));
	for (const socket of slow) socket.write("GET / HTTP/1.1\r\nX-Slow: ");
	const answer = await fetch(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(5_000) });
	expect(await answer.text()).toBe("Bien reçu");
	for (const socket of slow) socket.destroy();
});

test("the built site lets go of who dribbles their headers after ten seconds, and serves the others meanwhile", async () => {
	const database = await createTestDatabase();
	const app = await startApp({ DATABASE_URL: database.url });
	const at = Number(new URL(app.url).port);
	const silent = Array.from({ length: 200 }, () =>
		connect(at, "127.0.0.1")
			.on("error", () => {})
			.resume(),
	);
	for (const socket of silent) socket.write("GET / HTTP/1.1\r\nX-Slow: ");
	try {
		const dribbled = dribble("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ", patience.headersTimeout, at);
		const served = await fetch(app.url, { signal: AbortSignal.timeout(5_000) });
		expect(served.status).toBe(200);
		const { answer, afterMs } = await dribbled;
		expect(answer).toMatch(/^HTTP\/1\.1 408/);
		expect(afterMs).toBeGreaterThan(patience.headersTimeout * 0.8);
		expect(afterMs).toBeLessThan(patience.headersTimeout + 2_500);
		await expect
			.poll(() => silent.filter(({ readyState }) => readyState === "open").length, { timeout: 5_000 })
			.toBe(0);
	} finally {
		for (const socket of silent) socket.destroy();
		await app.stop();
		await database.drop();
	}
});
