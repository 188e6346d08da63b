import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { type ParsedMail, simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

type Stage = "connection" | "sender" | "recipient" | "data";

/** What the server does with a message: takes it, answers a code at some stage, or hangs up. */
export type Answer =
	| "accept"
	| "hang-up-at-connection"
	| "hang-up-before-250"
	| "hang-up-after-250"
	| "silent-at-connection"
	| "silent-at-data"
	| { code: number; at: Stage };

export type TestSmtp = {
	url: string;
	/** Every message whose last byte arrived, whatever the answer was. */
	arrived: ParsedMail[];
	/** When they did, in milliseconds. */
	times: number[];
	/** The envelope's recipients of those messages. */
	recipients: string[][];
	/** The envelope's senders of those messages. */
	senders: string[];
	/** Asked for each message, with the recipient where the stage knows it. */
	answer: (recipient: string | undefined) => Answer;
	/** What it says with a code. */
	refusal: string;
	/** Ends every connection, as a restart would. */
	hangUp(): void;
	close(): Promise<void>;
};

/** A real mail server on loopback, as good or as bad as `answer` says. */
export async function startSmtp(options: { tls?: "from-the-start" | "starttls" } = {}): Promise<TestSmtp> {
	const sockets = new Map<number | undefined, Socket>();
	const errorAt = (stage: Stage, answer: Answer) =>
		typeof answer === "object" && answer.at === stage
			? Object.assign(new Error(smtp.refusal), { responseCode: answer.code })
			: null;

	const server = new SMTPServer({
		authOptional: true,
		// Its certificate is smtp-server's own, which nobody vouches for.
		secure: options.tls === "from-the-start",
		disabledCommands: options.tls === "starttls" ? ["AUTH"] : ["STARTTLS", "AUTH"],
		disableReverseLookup: true,
		onConnect({ remotePort }, callback) {
			const answer = smtp.answer(undefined);
			if (answer === "hang-up-at-connection") sockets.get(remotePort)?.destroy();
			else if (answer !== "silent-at-connection") callback(errorAt("connection", answer));
		},
		onMailFrom(_address, _session, callback) {
			callback(errorAt("sender", smtp.answer(undefined)));
		},
		onRcptTo({ address }, _session, callback) {
			callback(errorAt("recipient", smtp.answer(address)));
		},
		async onData(stream, { envelope, remotePort }, callback) {
			const recipients = envelope.rcptTo.map(({ address }) => address);
			const message = await simpleParser(stream).catch(() => null);
			// Cut short: the connection was hung up on after the message before.
			if (!message) return;
			smtp.arrived.push(message);
			smtp.times.push(Date.now());
			smtp.recipients.push(recipients);
			smtp.senders.push(envelope.mailFrom ? envelope.mailFrom.address : "");
			const answer = smtp.answer(recipients[0]);
			if (answer === "hang-up-before-250") sockets.get(remotePort)?.destroy();
			else if (answer !== "silent-at-data") callback(errorAt("data", answer), "taken");
			if (answer === "hang-up-after-250") sockets.get(remotePort)?.end();
		},
	});
	server.on("error", () => {});
	server.server.on("connection", (socket: Socket) => {
		const { remotePort } = socket;
		sockets.set(remotePort, socket);
		socket.on("close", () => sockets.delete(remotePort));
	});
	const listening = server.listen(0, "127.0.0.1");
	await once(listening, "listening");
	const { port } = listening.address() as AddressInfo;

	const smtp: TestSmtp = {
		url: `${options.tls === "from-the-start" ? "smtps" : "smtp"}://127.0.0.1:${port}`,
		arrived: [],
		times: [],
		recipients: [],
		senders: [],
		answer: () => "accept",
		refusal: "as the test asked",
		hangUp() {
			for (const socket of sockets.values()) socket.destroy();
		},
		async close() {
			const closed = new Promise<void>((resolve) => server.close(resolve));
			smtp.hangUp();
			await closed;
		},
	};
	return smtp;
}
