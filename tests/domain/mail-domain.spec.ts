import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { readDmarc, readSpf } from "#app/domain/mail-records.ts";
import { checkMailDomain, type ResolveTxt } from "#app/use-cases/check-mail-domain.server.ts";

const { privateKey } = generateKeyPairSync("rsa", {
	modulusLength: 1024,
	privateKeyEncoding: { type: "pkcs8", format: "pem" },
	publicKeyEncoding: { type: "spki", format: "pem" },
});
const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" }).toString("base64");
const dkim = { domainName: "exemple.ca", keySelector: "presence", privateKey };
const sender = { from: "ateliers.exemple.ca", returnPath: "retours.exemple.ca", dkim };

/** A name server that knows these names and no other. */
function zone(records: Record<string, string[]>): ResolveTxt {
	return async (name) => {
		const found = records[name];
		if (!found) throw Object.assign(new Error(name), { code: "ENOTFOUND" });
		return found.map((record) => record.match(/.{1,255}/g) ?? []);
	};
}

test.each([
	["v=spf1 include:_spf.exemple.ca -all", "good"],
	["v=spf1 mx ~all", "good"],
	["v=spf1 redirect=_spf.exemple.ca", "good"],
	["v=spf1 mx ?all", "weak"],
	["v=spf1 mx", "weak"],
	["v=spf1 +all", "wrong"],
	["v=spf1 all", "wrong"],
	["v=spf10 -all", "missing"],
	["google-site-verification=abc", "missing"],
])("SPF %s: %s", (record, state) => {
	expect(readSpf([record]).state).toBe(state);
});

test("two SPF records are as bad as none, and are shown both", () => {
	expect(readSpf(["v=spf1 a -all", "v=spf1 mx -all"])).toEqual({
		state: "several",
		record: "v=spf1 a -all / v=spf1 mx -all",
	});
});

test.each([
	["v=DMARC1; p=reject; rua=mailto:a@exemple.ca", "good"],
	["v=DMARC1;p=quarantine", "good"],
	["v=DMARC1; p=none", "weak"],
	["v=DMARC1; rua=mailto:a@exemple.ca", "wrong"],
	["v=DMARC2; p=reject", "missing"],
])("DMARC %s: %s", (record, state) => {
	expect(readDmarc([record]).state).toBe(state);
});

test("a domain in order: SPF where bounces go, the public half of our key in pieces, the policy of the parent", async () => {
	const check = await checkMailDomain(
		sender,
		zone({
			"retours.exemple.ca": ["v=spf1 mx -all"],
			"presence._domainkey.exemple.ca": [`v=DKIM1; k=rsa; p=${publicKey}`.padEnd(300)],
			"_dmarc.exemple.ca": ["v=DMARC1; p=quarantine"],
		}),
	);
	expect(check).toMatchObject({
		spf: { name: "retours.exemple.ca", state: "good" },
		dkim: { name: "presence._domainkey.exemple.ca", state: "good" },
		dmarc: { name: "_dmarc.exemple.ca", state: "good" },
	});
});

test("another key than ours is wrong, and nothing published is missing", async () => {
	const other = zone({ "presence._domainkey.exemple.ca": ["v=DKIM1; p=MIGfMA0"] });
	expect(await checkMailDomain(sender, other)).toMatchObject({
		spf: { state: "missing" },
		dkim: { state: "wrong" },
		dmarc: { name: "_dmarc.ateliers.exemple.ca", state: "missing" },
	});
	expect((await checkMailDomain({ ...sender, dkim: null }, zone({}))).dkim).toBeNull();
});

test("a name server that does not answer says nothing of the records", async () => {
	const silent: ResolveTxt = () => Promise.reject(Object.assign(new Error("timeout"), { code: "ETIMEOUT" }));
	const { spf, dkim: signature, dmarc } = await checkMailDomain(sender, silent);
	expect([spf.state, signature?.state, dmarc.state]).toEqual(["unknown", "unknown", "unknown"]);
});
