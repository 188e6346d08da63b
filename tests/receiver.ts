import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

type Sent = {
	type: string;
	timestamp: string;
	data: {
		registration?: Record<string, unknown>;
		session?: Record<string, unknown>;
		previous_session_id?: string | null;
	};
};

type Received = { id: string; headers: IncomingMessage["headers"]; raw: string; body: Sent; url: string };

/** Another tool that webhooks lead to: a real server on loopback. It answers 200 until `answer` says otherwise. */
export async function givenReceiver() {
	const received: Received[] = [];
	const receiver = {
		url: "",
		received,
		answer: (_: Received, response: ServerResponse): void => void response.writeHead(200).end("ok"),
		/** The names of what arrived, in order. */
		events: () => received.map(({ body }) => body.type),
		/** How many came at once, at most. */
		mostAtOnce: 0,
	};
	let underWay = 0;
	const server = createServer(async (request, response) => {
		underWay += 1;
		receiver.mostAtOnce = Math.max(receiver.mostAtOnce, underWay);
		response.on("close", () => {
			underWay -= 1;
		});
		let raw = "";
		for await (const chunk of request) raw += chunk;
		const { headers, url = "" } = request;
		const one = { id: String(headers["webhook-id"]), headers, raw, body: JSON.parse(raw), url };
		received.push(one);
		receiver.answer(one, response);
	}).listen(0, "127.0.0.1");
	await once(server, "listening");
	receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook?cle=secrete`;
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return receiver;
}
