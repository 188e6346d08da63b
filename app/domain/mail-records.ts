/** What a DNS record of a sender's domain says, in one word; the page has the sentences. */
export type RecordState = "good" | "weak" | "wrong" | "several" | "missing" | "unknown";

export type RecordCheck = { name: string; state: RecordState; record: string | null };

/** SPF (RFC 7208): who may send for the domain. Two records are as none; an end that lets everyone pass protects nobody. */
export function readSpf(records: string[]): Omit<RecordCheck, "name"> {
	const found = records.filter((record) => /^v=spf1(\s|$)/i.test(record));
	const [record] = found;
	if (record === undefined) return { state: "missing", record: null };
	if (found.length > 1) return { state: "several", record: found.join(" / ") };
	if (/(^|\s)\+?all\b/i.test(record)) return { state: "wrong", record };
	return { state: /[-~]all\b|\bredirect=/i.test(record) ? "good" : "weak", record };
}

/** DKIM (RFC 6376): the public half of the key that signs; it must be the half of ours. `publicKey` is SPKI, base 64. */
export function readDkim(records: string[], publicKey: string): Omit<RecordCheck, "name"> {
	const record = records.find((each) => /(^|;)\s*p=/i.test(each));
	if (record === undefined) return { state: "missing", record: null };
	const published = /(?:^|;)\s*p=([^;]*)/i.exec(record)?.[1]?.replace(/\s/g, "");
	return { state: published === publicKey ? "good" : "wrong", record };
}

/** DMARC (RFC 7489): what others do with a message that is neither. `p=none` only watches. */
export function readDmarc(records: string[]): Omit<RecordCheck, "name"> {
	const found = records.filter((record) => /^v=DMARC1\s*(;|$)/i.test(record));
	const [record] = found;
	if (record === undefined) return { state: "missing", record: null };
	if (found.length > 1) return { state: "several", record: found.join(" / ") };
	const policy = /;\s*p=(\w+)/i.exec(record)?.[1]?.toLowerCase();
	if (policy === "quarantine" || policy === "reject") return { state: "good", record };
	return { state: policy === "none" ? "weak" : "wrong", record };
}

/** `ateliers.exemple.ca` → itself, then `exemple.ca`: where a policy may stand, the nearest first. */
export function policyDomains(domain: string): string[] {
	const labels = domain.split(".");
	return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
}
