import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How long a client may take. Whoever is slower gets a 408, when nothing was answered yet, and their connection back. */
export const patience = {
	/** For the headers. */
	headersTimeout: 10_000,
	/** For all of it: a list of people of 4 MB on a slow line. */
	requestTimeout: 60_000,
	/** Node looks at the clock only that often. */
	connectionsCheckingInterval: 1_000,
	/** While nothing of an answer leaves: of the 4 MB that Linux takes ahead it asks for a third at once, half a minute at 50 kB/s. */
	silenceTimeout: 120_000,
};

/** A server on which a client that dribbles its headers or its body, or does not read, does not keep a socket for long. */
export function createPatientServer(listener: RequestListener, limits = patience): Server {
	return createServer(limits, oneAtATime(listener)).setTimeout(limits.silenceTimeout);
}

/** Whoever asks for a hundred pages at once on one connection, and reads none, has one of them in memory. */
function oneAtATime(listener: RequestListener): RequestListener {
	const latest = new WeakMap<Socket, ServerResponse>();
	return (request, response) => {
		const before = latest.get(request.socket);
		latest.set(request.socket, response);
		const begin = () => {
			if (!request.socket.destroyed) listener(request, response);
		};
		if (!before || before.closed) begin();
		else before.once("close", begin);
	};
}
