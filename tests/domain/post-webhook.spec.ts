import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer as createTcpServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { gatherFamilies, postWebhook, type Reach, reachOf } from "#app/use-cases/post-webhook.server.ts";
import { givenReceiver } from "#tests/receiver.ts";

/** As whoever hosts the site lets it reach their own network. */
const inside: Reach = { ...reachOf(true), patienceMs: 1000 };

function post(url: string, reach = inside) {
	return postWebhook(url, { "webhook-id": "m1" }, '{"type":"webhook.test"}', reach);
}

/** A name that stands for these addresses, one list for each time that it is asked for. */
function named(...lists: string[][]): Reach & { asked: string[] } {
	const asked: string[] = [];
	return {
		inside: false,
		patienceMs: 300,
		asked,
		async resolve(host) {
			asked.push(host);
			return lists[Math.min(asked.length, lists.length) - 1]!;
		},
	};
}

test("what is sent arrives as it was signed, as JSON, once", async () => {
	const receiver = await givenReceiver();
	expect(await post(receiver.url)).toEqual({ status: 200, failure: null });
	expect(receiver.received).toHaveLength(1);
	const [{ headers, raw, url }] = receiver.received as [(typeof receiver.received)[0]];
	expect(raw).toBe('{"type":"webhook.test"}');
	expect(url).toBe("/webhook?cle=secrete");
	expect(headers).toMatchObject({
		"content-type": "application/json",
		"webhook-id": "m1",
		connection: "close",
	});
	expect(headers.cookie).toBeUndefined();
});

test("every address of the inside is refused before anything is connected to", async () => {
	const receiver = await givenReceiver();
	const { port } = new URL(receiver.url);
	const own = [
		...["127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "0.0.0.0", "10.0.0.1"],
		...[
			"169.254.169.254",
			"[::1]",
			"[::ffff:127.0.0.1]",
			"[::]",
			"[fe80::1]",
			"[64:ff9b::7f00:1]",
			"[fd00::1]",
		],
	];
	for (const host of own) {
		const answer = await post(`https://${host}:${port}/`, named(["8.8.8.8"]));
		expect(answer, host).toEqual({ status: null, failure: "address" });
	}
	for (const address of ["127.0.0.1", "::1", "192.168.1.1", "::ffff:10.0.0.1"]) {
		const answer = await post(`https://exemple.ca:${port}/`, named([address]));
		expect(answer, address).toEqual({ status: null, failure: "address" });
	}
	expect(receiver.received).toEqual([]);
});

test("a name that changes its address between the check and the connection is connected to where it was checked", async () => {
	const receiver = await givenReceiver();
	const { port } = new URL(receiver.url);
	// Whoever has the first address does not listen on that port, and no second one is asked for.
	const rebound = named(["8.8.8.8"], ["127.0.0.1"]);
	const answer = await post(`https://rebond.exemple.ca:${port}/`, rebound);
	expect(answer.status).toBeNull();
	expect(["timeout", "unreachable"]).toContain(answer.failure);
	expect(rebound.asked).toEqual(["rebond.exemple.ca"]);
	expect(receiver.received).toEqual([]);
});

test("http, a name in the address and a port of other services are refused, whatever was stored", async () => {
	for (const url of [
		"http://exemple.ca/",
		"https://zoe:secret@exemple.ca/",
		"https://exemple.ca:22/",
		"rien",
	])
		expect(await post(url, named(["8.8.8.8"]))).toEqual({ status: null, failure: "address" });
});

test("a name that leads nowhere is said to", async () => {
	expect(await post("https://personne.exemple.ca/", named([]))).toEqual({ status: null, failure: "name" });
	const broken = { ...named([]), resolve: () => Promise.reject(new Error("SERVFAIL")) };
	expect(await post("https://personne.exemple.ca/", broken)).toEqual({ status: null, failure: "name" });
});

test("a name server that never answers for IPv6 holds nothing up for long, and one that is slow is waited for", async () => {
	const never = new Promise<string[]>(() => {});
	const after = (ms: number, addresses: string[]) => delay(ms, addresses);
	const nothing = () => Promise.reject(new Error("ENODATA"));
	const began = performance.now();
	expect(await gatherFamilies([after(10, ["8.8.8.8"]), never])).toEqual(["8.8.8.8"]);
	expect(performance.now() - began).toBeLessThan(1000);
	expect(await gatherFamilies([after(60, ["8.8.8.8"]), after(10, ["2a00::1"])])).toEqual([
		"8.8.8.8",
		"2a00::1",
	]);
	expect(await gatherFamilies([after(700, ["8.8.8.8"]), nothing()])).toEqual(["8.8.8.8"]);
	expect(await gatherFamilies([nothing(), nothing()])).toEqual([]);
});

test("a name that is looked up for three seconds is said to lead nowhere", async () => {
	const slow = { ...named([]), patienceMs: 8000, resolve: () => new Promise<string[]>(() => {}) };
	expect(await post("https://lente.exemple.ca/", slow)).toEqual({ status: null, failure: "name" });
});

/** Answers, once it is there: for a second and a half it takes no connection, as somebody far away. */
const farAway = `
	const { parentPort } = require("node:worker_threads");
	const { createServer } = require("node:http");
	const server = createServer((_, response) => response.end());
	server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
		parentPort.postMessage(server.address().port);
		setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 700));
	});
`;

test("who is slow to connect is waited for before their next address is tried", async () => {
	const worker = new Worker(farAway, { eval: true });
	onTestFinished(async () => void (await worker.terminate()));
	const [port] = (await once(worker, "message")) as [number];
	await delay(100);
	const waiting = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => {}));
	onTestFinished(() => {
		for (const socket of waiting) socket.destroy();
	});
	await delay(50);
	// Nobody listens at the second one.
	const reach = { ...inside, patienceMs: 9000, resolve: async () => ["127.0.0.1", "127.0.0.2"] };
	expect(await post(`http://loin.exemple.ca:${port}/`, reach)).toEqual({ status: 200, failure: null });
});

test("a redirect is not followed, to loopback or elsewhere", async () => {
	const target = await givenReceiver();
	const receiver = await givenReceiver();
	for (const status of [301, 302, 307, 308]) {
		receiver.answer = (_, response) => void response.writeHead(status, { Location: target.url }).end();
		expect(await post(receiver.url)).toEqual({ status, failure: null });
	}
	expect(target.received).toEqual([]);
});

test("who does not answer in time is not waited for, and whose answer does not end has answered", async () => {
	const receiver = await givenReceiver();
	receiver.answer = () => {};
	expect(await post(receiver.url)).toEqual({ status: null, failure: "timeout" });
	receiver.answer = (_, response) => void response.writeHead(202).write("…");
	expect(await post(receiver.url)).toEqual({ status: 202, failure: null });
});

test("a huge answer is left where it is", async () => {
	const receiver = await givenReceiver();
	let sent = 0;
	receiver.answer = (_, response) => {
		response.writeHead(200);
		const chunk = Buffer.alloc(64 * 1024);
		const more = () => {
			if (response.destroyed) return;
			sent += chunk.length;
			response.write(chunk, () => setImmediate(more));
		};
		more();
	};
	const before = performance.now();
	expect(await post(receiver.url)).toEqual({ status: 200, failure: null });
	expect(performance.now() - before).toBeLessThan(900);
	expect(sent).toBeLessThan(20 * 1024 * 1024);
});

test("a connection that is cut, headers without an end and what is no HTTP are no answers", async () => {
	const receiver = await givenReceiver();
	receiver.answer = (_, response) => void response.socket?.destroy();
	expect(await post(receiver.url)).toEqual({ status: null, failure: "unreachable" });
	receiver.answer = (_, response) => void response.writeHead(200, { "x-long": "x".repeat(100_000) }).end();
	expect(await post(receiver.url)).toEqual({ status: null, failure: "unreachable" });
	const babble = createTcpServer((socket) => {
		socket.on("error", () => {});
		socket.end("220 mail.exemple.ca ESMTP\r\n");
	}).listen(0, "127.0.0.1");
	await once(babble, "listening");
	onTestFinished(() => void babble.close());
	const { port } = babble.address() as AddressInfo;
	expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ status: null, failure: "unreachable" });
	babble.close();
	expect(await post("http://127.0.0.1:1/")).toEqual({ status: null, failure: "unreachable" });
});

test("whoever answers that they speak another protocol from now on has not taken it", async () => {
	const receiver = await givenReceiver();
	receiver.answer = (_, response) =>
		void response.socket?.write(
			"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
		);
	expect(await post(receiver.url)).toEqual({ status: 101, failure: null });
});

test("https is https: a server that speaks anything else is no answer", async () => {
	const receiver = await givenReceiver();
	const answer = await post(receiver.url.replace("http:", "https:"));
	expect(answer.status).toBeNull();
	expect(receiver.received).toEqual([]);
});
