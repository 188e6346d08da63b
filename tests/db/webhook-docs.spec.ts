import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { testEvent, webhookEvents } from "#app/domain/webhook.ts";
import { signedHeaders, signingSecret } from "#app/domain/webhook-signature.server.ts";
import { deliverSome } from "#app/use-cases/deliver-webhooks.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenRegistration, givenSession, givenWebhook, now } from "#tests/fixtures.ts";
import { givenReceiver } from "#tests/receiver.ts";
import { webhookSettings } from "#tests/webhook-settings.ts";

const { db, drop } = await createTestDatabase();
afterAll(drop);

const docs = readFileSync("docs/webhooks.md", "utf8");

function block(language: string): string {
	return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(docs)![1]!;
}

test("the documentation names each event that is told, and no other", () => {
	const named = [...docs.matchAll(/^\| `(\w+\.\w+)` \|/gm)].map(([, name]) => name);
	expect(named).toEqual([...webhookEvents, testEvent]);
});

test("its example is what arrives, but for the ids, the slugs and the times", async () => {
	const receiver = await givenReceiver();
	const owner = await givenOrganizer(db, { role: "owner" });
	const sessionId = await givenSession(db);
	const id = await givenWebhook(db, owner.id, { url: receiver.url });
	await givenRegistration(db, sessionId, { name: "Zoé Roy", email: "zoe@exemple.ca" });
	await deliverSome(db, webhookSettings, id, now);
	const plain = (json: string) =>
		JSON.parse(
			json
				.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "…")
				.replaceAll(/(medias-sociaux|social-media)-[0-9a-f]{8}/g, "$1")
				.replaceAll(/"[0-9A-Z]{4}-[0-9A-Z]{4}"/g, '"…"'),
		);
	expect(plain(receiver.received[0]!.raw)).toEqual(plain(block("json")));
});

test("its code takes what was signed, and refuses another body, another secret and an old message", async () => {
	const source = `data:text/javascript,${encodeURIComponent(block("js"))}`;
	const { isGenuine } = (await import(/* @vite-ignore */ source)) as {
		isGenuine(secret: string, headers: Record<string, string>, rawBody: string): boolean;
	};
	const webhook = { id: "01a20c4e-c370-711d-9369-2be1b1057a8f", version: 1, renewedAt: null };
	const [secret, other] = webhookSettings.secrets.concat("un autre secret, aussi long que celui-là");
	const body = '{"type":"webhook.test"}';
	const signed = (at: Date) => signedHeaders([other!, secret!], webhook, { id: "m1", body }, at);
	const shown = signingSecret(secret!, webhook);
	const rightNow = new Date();
	expect(isGenuine(shown, signed(rightNow), body)).toBe(true);
	expect(isGenuine(shown, signed(rightNow), `${body} `)).toBe(false);
	expect(isGenuine(signingSecret(secret!, { ...webhook, version: 2 }), signed(rightNow), body)).toBe(false);
	expect(isGenuine(shown, signed(new Date(rightNow.getTime() - 400_000)), body)).toBe(false);
});
