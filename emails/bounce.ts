/** What a mail server reports of a message that it could not deliver (RFC 3464). */
type BounceReport = {
	/** The emails it may be about: our ids stand in the return path and in the Message-ID. */
	emailIds: string[];
	/** `5.1.1` (RFC 3463). */
	status: string;
	/** The server's own sentence, or the status where it gave none. */
	answer: string;
};

const emailId = /[+<]([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})@/g;

/**
 * Reads a raw message. Null when it is no report of a failure: a delay, a delivery receipt, an absence from the office.
 * Our messages have one recipient each, so the first that failed is theirs.
 */
export function readBounce(raw: string): BounceReport | null {
	const lines = raw.replaceAll("\r\n", "\n").replaceAll(/\n[ \t]+/g, " ");
	for (const block of lines.split(/\n\s*\n/)) {
		const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, "im").exec(block)?.[1]?.trim();
		if (!field("Final-Recipient") || field("Action")?.toLowerCase() !== "failed") continue;
		const status = /\d\.\d{1,3}\.\d{1,3}/.exec(field("Status") ?? "")?.[0] ?? "5.0.0";
		const answer = field("Diagnostic-Code")?.replace(/^smtp;\s*/i, "") ?? status;
		const emailIds = [...new Set([...lines.matchAll(emailId)].map(([, id]) => id!))];
		return { emailIds, status, answer: answer.slice(0, 500) };
	}
	return null;
}

/** The messages of a mailbox file (RFC 4155): each begins with a « From » line of its own. */
export function messagesOfMailbox(mailbox: string): string[] {
	return mailbox
		.replaceAll("\r\n", "\n")
		.split(/^From .*\n/m)
		.filter((message) => message.trim() !== "");
}
