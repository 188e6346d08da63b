import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/* A mail server that takes everything and keeps nothing. Prints its port. */
const server = new SMTPServer({
	authOptional: true,
	disabledCommands: ["STARTTLS", "AUTH"],
	disableReverseLookup: true,
	onData(stream, _session, done) {
		stream.resume().on("end", () => done());
	},
});
const listening = server.listen(0, "127.0.0.1");
await once(listening, "listening");
console.log((listening.address() as AddressInfo).port);
