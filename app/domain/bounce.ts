/**
 * Whether a server's answer says that the address itself receives nothing (RFC 3463: 5.1.x, no such address or mailbox;
 * 5.2.1, mailbox disabled). A full mailbox, a message too large or a refusal of its content says nothing of the kind.
 */
export function addressIsBad(answer: string): boolean {
	return /(?:^|[^\d.])5\.(?:1\.(?:[0-6]|10)|2\.1)(?![\d.])/.test(answer);
}

/** The address that a message's bounces come back to: it names the message (VERP), so that no bounce needs guessing. */
export function returnPath(bounceAddress: string, emailId: string): string {
	const at = bounceAddress.lastIndexOf("@");
	return `${bounceAddress.slice(0, at)}+${emailId}${bounceAddress.slice(at)}`;
}
