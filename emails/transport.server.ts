import { createTransport } from "nodemailer";
import type { Config } from "#app/config.server.ts";

/** One email as it goes out, every placeholder filled in. */
export type OutgoingEmail = {
	messageId: string;
	from: { name: string; address: string };
	to: { name: string; address: string };
	/** Where a bounce of this message comes back; left out, to the sender. */
	returnPath?: string;
	replyTo: string | null;
	subject: string;
	html: string;
	text: string;
	calendar: { method: string; content: string } | null;
	attachments: { filename: string; content: Buffer; contentType: string }[];
	/** Takes the reader off the list in one request (RFC 8058). */
	unsubscribeUrl?: string;
	date: Date;
};

export type Delivery =
	| { outcome: "sent"; response: string }
	| { outcome: "captured" }
	/** No answer about this message: the server is out of reach, or refuses us as a client. */
	| { outcome: "unreachable"; response: string | null; error: string }
	/** The server asked for this message to come again later (4xx). */
	| { outcome: "later"; response: string | null; error: string }
	/** The server refused it for good (5xx): only a person can help. */
	| { outcome: "refused"; response: string | null; error: string };

export type Transport = {
	kind: "smtp" | "capture";
	deliver(email: OutgoingEmail): Promise<Delivery>;
	close(): void;
};

/** Sends through `SMTP_URL`, or keeps every message in the outbox when it is unset. */
export function transportFor(
	config: Pick<Config, "smtpUrl" | "dkim"> & { smtpPerSecond?: number | null },
	timeout = smtpTimeout,
): Transport {
	return config.smtpUrl ? smtpTransport({ ...config, smtpUrl: config.smtpUrl }, timeout) : captureTransport();
}

function captureTransport(): Transport {
	return { kind: "capture", deliver: async () => ({ outcome: "captured" }), close() {} };
}

/** The longest silence of the mail server, in milliseconds. */
const smtpTimeout = 30_000;

// RFC 8058 asks for a signature over both headers of the one-click unsubscription; nodemailer leaves one out.
const signedHeaders = [
	"From:Reply-To:To:Subject:Date:Message-ID:MIME-Version:Content-Type:Content-Transfer-Encoding",
	"Auto-Submitted:List-Unsubscribe:List-Unsubscribe-Post",
].join(":");

function smtpTransport(
	{
		smtpUrl: url,
		dkim,
		smtpPerSecond,
	}: { smtpUrl: string; dkim: Config["dkim"]; smtpPerSecond?: number | null },
	timeout: number,
): Transport {
	const mailer = createTransport({
		url,
		pool: true,
		maxConnections: 4,
		maxMessages: 200,
		// For a connection that was dropped while nothing was sent on it; all else is the outbox's to try again.
		maxRequeues: 1,
		connectionTimeout: Math.min(timeout, 10_000),
		greetingTimeout: Math.min(timeout, 10_000),
		socketTimeout: timeout,
		...(smtpPerSecond ? { rateDelta: 1000, rateLimit: smtpPerSecond } : {}),
		disableFileAccess: true,
		disableUrlAccess: true,
		...(dkim ? { dkim: { ...dkim, headerFieldNames: signedHeaders } } : {}),
	});
	return {
		kind: "smtp",
		async deliver(email) {
			try {
				const info = await mailer.sendMail({
					messageId: email.messageId,
					date: email.date,
					from: email.from,
					to: email.to,
					envelope: { from: email.returnPath ?? email.from.address, to: [email.to.address] },
					replyTo: email.replyTo ?? undefined,
					subject: email.subject,
					text: email.text,
					html: email.html,
					icalEvent: email.calendar
						? { method: email.calendar.method, filename: "invitation.ics", content: email.calendar.content }
						: undefined,
					attachments: email.attachments,
					headers: {
						"Auto-Submitted": "auto-generated",
						"X-Auto-Response-Suppress": "All",
						...(email.unsubscribeUrl && {
							"List-Unsubscribe": `<${email.unsubscribeUrl}>`,
							"List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
						}),
					},
				});
				return { outcome: "sent", response: String((info as { response?: string }).response ?? "") };
			} catch (error) {
				return failedDelivery(error);
			}
		},
		close: () => mailer.close(),
	};
}

function failedDelivery(error: unknown): Delivery {
	const failure = error as Error & {
		responseCode?: number;
		response?: string;
		code?: string;
		command?: string;
	};
	const details = { response: failure.response ?? null, error: failure.code ?? failure.name };
	// Only an answer about the recipient or the body speaks of the message; a wrong password, a sender that is not
	// allowed or a lost connection is ours to mend.
	const aboutTheMessage =
		(failure.code === "EENVELOPE" || failure.code === "EMESSAGE") && failure.command !== "MAIL FROM";
	if (!aboutTheMessage || !failure.responseCode || failure.responseCode === 421) {
		return { outcome: "unreachable", ...details };
	}
	return { outcome: failure.responseCode >= 500 ? "refused" : "later", ...details };
}
