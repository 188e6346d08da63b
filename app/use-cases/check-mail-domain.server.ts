import { createPublicKey } from "node:crypto";
import { policyDomains, type RecordCheck, readDkim, readDmarc, readSpf } from "#app/domain/mail-records.ts";

export type ResolveTxt = (name: string) => Promise<string[][]>;

type SenderDomain = {
	/** The domain that people see, after the @ of the sender. */
	from: string;
	/** The domain that bounces come back to: SPF is asked there. */
	returnPath: string;
	dkim: { domainName: string; keySelector: string; privateKey: string } | null;
};

type DomainCheck = { spf: RecordCheck; dkim: RecordCheck | null; dmarc: RecordCheck };

/** Asks the DNS what others will read of us. A name server that does not answer makes a record unknown, never missing. */
export async function checkMailDomain(sender: SenderDomain, resolveTxt: ResolveTxt): Promise<DomainCheck> {
	const { dkim } = sender;
	const ask = (name: string, read: (records: string[]) => Omit<RecordCheck, "name">) =>
		checkRecord(name, read, resolveTxt);
	const [spf, signature, dmarc] = await Promise.all([
		ask(sender.returnPath, readSpf),
		dkim &&
			ask(`${dkim.keySelector}._domainkey.${dkim.domainName}`, (records) =>
				readDkim(records, publicHalf(dkim.privateKey)),
			),
		checkPolicy(sender.from, ask),
	]);
	return { spf, dkim: signature, dmarc };
}

async function checkPolicy(
	domain: string,
	ask: (name: string, read: typeof readDmarc) => Promise<RecordCheck>,
): Promise<RecordCheck> {
	const checks: RecordCheck[] = [];
	for (const each of policyDomains(domain)) {
		const check = await ask(`_dmarc.${each}`, readDmarc);
		if (check.state !== "missing") return check;
		checks.push(check);
	}
	return checks[0] ?? { name: `_dmarc.${domain}`, state: "missing", record: null };
}

async function checkRecord(
	name: string,
	read: (records: string[]) => Omit<RecordCheck, "name">,
	resolveTxt: ResolveTxt,
): Promise<RecordCheck> {
	try {
		// A long record comes in pieces (RFC 7208 §3.3).
		const records = (await resolveTxt(name)).map((pieces) => pieces.join(""));
		return { name, ...read(records) };
	} catch (error) {
		const { code } = error as NodeJS.ErrnoException;
		const state = code === "ENOTFOUND" || code === "ENODATA" ? "missing" : "unknown";
		return { name, state, record: null };
	}
}

function publicHalf(privateKey: string): string {
	return createPublicKey(privateKey).export({ type: "spki", format: "der" }).toString("base64");
}
