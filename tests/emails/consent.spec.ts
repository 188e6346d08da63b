import { generateKeyPairSync, randomUUID } from "node:crypto";
import pg from "pg";
import { afterAll, afterEach, expect, onTestFinished, test } from "vitest";
import { readConfig } from "#app/config.server.ts";
import { createMetrics } from "#app/http/metrics.server.ts";
import { createSite, type SiteContext } from "#app/http/site.server.ts";
import { queueDueCampaigns, sendCampaign } from "#app/use-cases/send-campaign.server.ts";
import { saveDraft } from "#app/use-cases/write-campaign.server.ts";
import { countAudience, findCampaign } from "#db/queries/campaigns.server.ts";
import { recordInterest } from "#db/queries/interest.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import {
	givenOrganizer,
	givenRegistration,
	givenSession,
	minutesLater,
	now,
	origin,
} from "#tests/fixtures.ts";
import { deliverAll, emptyOutbox, givenQueued, settings, smtpTransport } from "./delivery.ts";
import { startSmtp } from "./smtp.ts";

const { db, drop } = await createTestDatabase();
afterEach(async () => {
	await emptyOutbox(db);
	await db.updateTable("interest").set({ endedAt: now }).execute();
});
afterAll(drop);

const organizer = await givenOrganizer(db);
const sender = { postalAddress: "1200, rue Sainte-Catherine Est, Montréal", email: "formation@exemple.ca" };
await db.updateTable("firm").set(sender).execute();

async function givenConsent(locale: "fr" | "en" = "fr") {
	const email = `${randomUUID()}@exemple.ca`;
	await recordInterest(db, [{ email, locale, wording: "oui", source: "news" }], now);
	return email;
}

/** Tries to send a message to all of an audience. */
async function sendTo(audience: "interest" | "confirmed", sessionId: string) {
	const words = { subjectFr: "Nouvelle date", subjectEn: "", bodyFr: "Voici {{session_url}}", bodyEn: "" };
	const id = (await saveDraft(db, sessionId, null, { audience, ...words }, organizer.id, now))!;
	const { fr, en } = await countAudience(db, { sessionId, audience });
	const seen = { people: fr + en, savedAt: now.toISOString() };
	return { id, sent: await sendCampaign(db, id, seen, organizer.id, now) };
}

/** An announcement of a date to all who asked for them, its copies queued. */
async function announce(sessionId: string) {
	await sendTo("interest", sessionId);
	return queueDueCampaigns(db, origin, minutesLater(1));
}

/** The site as mail programs reach it, without its pages. */
function site() {
	const config = readConfig({ NODE_ENV: "development", PUBLIC_URL: settings.publicUrl });
	const context = { config, db, secrets: [settings.secret] } as unknown as SiteContext;
	return createSite(
		context,
		() => Promise.reject(new Error("no page is asked for")),
		createMetrics(new pg.Pool()),
	);
}

/** How Gmail and others unsubscribe: no cookie, no Origin, no Fetch Metadata. */
function oneClick(url: string) {
	return site().request(new URL(url).pathname, {
		method: "POST",
		body: "List-Unsubscribe=One-Click",
		headers: { "Content-Type": "application/x-www-form-urlencoded" },
	});
}

async function givenAnnouncementReceived(locale: "fr" | "en" = "fr") {
	const smtp = await startSmtp();
	onTestFinished(() => smtp.close());
	const { privateKey } = generateKeyPairSync("rsa", {
		modulusLength: 2048,
		privateKeyEncoding: { type: "pkcs8", format: "pem" },
		publicKeyEncoding: { type: "spki", format: "pem" },
	});
	const dkim = { domainName: "exemple.ca", keySelector: "presence", privateKey };
	const address = await givenConsent(locale);
	await announce(await givenSession(db));
	const transport = smtpTransport(smtp.url, { dkim });
	await deliverAll(db, transport, minutesLater(1));
	const mail = smtp.arrived.find((each) => JSON.stringify(each.to).includes(address))!;
	const header = (name: string) =>
		mail.headerLines.find(({ key }) => key === name)?.line.replaceAll("\r\n", "") ?? "";
	const url = /<(https:[^>]+)>/.exec(header("list-unsubscribe"))![1]!;
	return { address, mail, header, url };
}

test("an announcement goes to those who asked for them, and not to who has a seat there already", async () => {
	const sessionId = await givenSession(db);
	const wants = await givenConsent();
	const seated = await givenConsent();
	await givenRegistration(db, sessionId, { email: seated.toUpperCase() });
	await givenRegistration(db, sessionId);
	expect(await announce(sessionId)).toBe(1);
	const copies = await db
		.selectFrom("email")
		.select("toAddress")
		.where("kind", "=", "announcement")
		.execute();
	expect(copies).toEqual([{ toAddress: wants }]);
});

test.each(["postalAddress", "email"])("without the firm’s %s an announcement stays a draft", async (fact) => {
	await db
		.updateTable("firm")
		.set({ ...sender, [fact]: "" })
		.execute();
	onTestFinished(async () => void (await db.updateTable("firm").set(sender).execute()));
	const sessionId = await givenSession(db);
	await givenConsent();
	await givenRegistration(db, sessionId);
	const { id, sent } = await sendTo("interest", sessionId);
	expect(sent).toEqual({ ok: false, reason: "no-sender" });
	expect(await findCampaign(db, id)).toMatchObject({ state: "draft", subjectFr: "Nouvelle date" });
	// Whoever has a seat is told what concerns it all the same.
	expect((await sendTo("confirmed", sessionId)).sent).toEqual({ ok: true });
	await db
		.updateTable("campaign")
		.set({ state: "stopped", endedAt: now })
		.where("state", "=", "sending")
		.execute();
});

test("an announcement can be stopped in one request, and its signature covers both headers that say so (RFC 8058)", async () => {
	const { address, mail, header, url } = await givenAnnouncementReceived();
	expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
	const signed = /\bh=([^;]+)/
		.exec(header("dkim-signature"))![1]!
		.replaceAll(/\s/g, "")
		.toLowerCase()
		.split(":");
	expect(signed).toEqual(expect.arrayContaining(["from", "to", "list-unsubscribe", "list-unsubscribe-post"]));
	expect(mail.text).toContain(url);
	expect(mail.html).toContain(`href="${url}"`);

	expect((await oneClick(url)).status).toBe(204);
	const [interest] = await db.selectFrom("interest").selectAll().where("email", "=", address).execute();
	expect(interest!.endedAt).not.toBeNull();
	expect((await oneClick(url)).status).toBe(204);
	await announce(await givenSession(db));
	const later = await db.selectFrom("email").select("id").where("toAddress", "=", address).execute();
	expect(later).toHaveLength(1);
});

test("what waits to leave does not leave after that", async () => {
	const { address, url } = await givenAnnouncementReceived();
	await announce(await givenSession(db));
	const waiting = () =>
		db
			.selectFrom("email")
			.select("status")
			.where("toAddress", "=", address)
			.where("status", "<>", "sent")
			.execute();
	expect(await waiting()).toEqual([{ status: "queued" }]);
	await oneClick(url);
	expect(await waiting()).toEqual([{ status: "cancelled" }]);
});

test("a link that is not ours stops nothing, and following one by GET only leads to the page", async () => {
	const { address, url } = await givenAnnouncementReceived();
	const forged = url.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
	expect((await oneClick(forged)).status).toBe(404);
	const looked = await site().request(new URL(url).pathname);
	expect(looked.status).toBe(302);
	expect(looked.headers.get("Location")).toMatch(/^\/mes-courriels\//);
	const [interest] = await db.selectFrom("interest").selectAll().where("email", "=", address).execute();
	expect(interest!.endedAt).toBeNull();
});

test("whoever follows the link of an English announcement reads an English page", async () => {
	const { url } = await givenAnnouncementReceived("en");
	const looked = await site().request(new URL(url).pathname);
	expect(looked.headers.get("Location")).toMatch(/^\/en\/my-emails\//);
});

test("a confirmation has the page of preferences at its foot, and no header of promotion", async () => {
	const smtp = await startSmtp();
	onTestFinished(() => smtp.close());
	await givenQueued(db);
	await deliverAll(db, smtpTransport(smtp.url));
	const [mail] = smtp.arrived;
	expect(mail!.text).toMatch(/Mes courriels.: https:\/\/ateliers\.exemple\.ca\/mes-courriels\/\S+/);
	expect(mail!.headers.has("list-unsubscribe-post")).toBe(false);
	expect(mail!.headers.has("list")).toBe(false);
});
