import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { newId } from "#db/id.ts";
import { type RunningApp, startApp } from "#tests/app-process.ts";
import { createTestDatabase, type TestDatabase } from "#tests/database.ts";
import { givenOrganizer, givenOrganizerCookie, givenRegistration, givenSession } from "#tests/fixtures.ts";
import { givenReceiver } from "#tests/receiver.ts";

/* What an owner does with a webhook, without JavaScript. */
let database: TestDatabase;
let lenient: RunningApp;
let cookie: string;

const token = "a-token-of-the-tests-alone";

beforeAll(async () => {
	database = await createTestDatabase();
	const { db, url } = database;
	cookie = await givenOrganizerCookie(db, (await givenOrganizer(db, { role: "owner" })).id);
	lenient = await startApp({
		DATABASE_URL: url,
		WEBHOOKS_TO_PRIVATE_ADDRESSES: "on",
		METRICS_TOKEN: token,
	});
});

afterAll(async () => {
	await lenient.stop();
	await database.drop();
});

async function ask(path: string, form?: Record<string, string>, app = lenient) {
	const answer = await fetch(app.url + path, {
		method: form ? "POST" : "GET",
		headers: { Cookie: cookie, "Sec-Fetch-Site": "same-origin" },
		body: form && new URLSearchParams(form),
		redirect: "manual",
	});
	return { status: answer.status, location: answer.headers.get("Location"), body: await answer.text() };
}

const list = "/organizer/settings/webhooks";

test("a webhook is added once, tried, told, paused and removed", async () => {
	const sessionId = await givenSession(database.db);
	const receiver = await givenReceiver();
	const { host } = new URL(receiver.url);
	const id = newId();
	const page = `${list}/${id}`;
	for (let sent = 0; sent < 2; sent++) {
		const { status, location } = await ask(list, { id, name: "Notre CRM", url: receiver.url });
		expect([status, location]).toEqual([303, `${page}?fait=created`]);
	}
	const other = { id, name: "Une autre", url: "https://crm.exemple.ca/2" };
	const spent = await ask(list, other);
	expect([spent.status, spent.location]).toEqual([409, null]);
	expect(spent.body).toContain("Ce formulaire a déjà ajouté un webhook");
	expect(spent.body).toContain('value="Une autre"');
	expect(spent.body).not.toContain(`name="id" value="${id}"`);
	const listed = (await ask(list)).body;
	expect(listed.split("Notre CRM")).toHaveLength(2);
	// The rest of the address is often a secret.
	expect(listed).not.toContain("secrete");
	expect((await ask(page)).body).toContain("whsec_");

	expect((await ask(page, { intent: "test" })).body).toContain(`${host} a répondu 200`);
	receiver.answer = (_, response) => void response.writeHead(404).end("<script>alert(1)</script>");
	const refused = (await ask(page, { intent: "test" })).body;
	expect(refused).toContain(`${host} a répondu 404`);
	expect(refused).not.toContain("alert(1)");
	expect(receiver.events()).toEqual(["webhook.test", "webhook.test"]);

	receiver.answer = (_, response) => void response.writeHead(200).end();
	await givenRegistration(database.db, sessionId, { name: "Zoé Roy" });
	await expect
		.poll(async () => (await ask(page)).body, { timeout: 12_000, interval: 300 })
		.toContain(">Reçu<");
	expect((await ask(page)).body).toContain("Zoé Roy");
	const metrics = await fetch(`${lenient.url}/metrics`, { headers: { Authorization: `Bearer ${token}` } });
	expect(await metrics.text()).toContain('presence_webhook_deliveries{state="waiting"} 0');
	expect((await ask("/renseignements-personnels")).body).toContain("Des logiciels dont l’organisme se sert");

	expect((await ask(page)).body).not.toContain("moins de 24");
	await ask(page, { intent: "renew", version: "1" });
	expect((await ask(page)).body).toContain("moins de 24");

	await database.db
		.updateTable("webhookDelivery")
		.set({ state: "dead" })
		.where("webhookId", "=", id)
		.execute();
	expect((await ask(page)).body).toContain("1 message n’a pas été reçu");
	expect((await ask(list)).body).toContain("1 message en échec");
	expect((await ask("/organizer")).body).toContain("Un message du webhook");

	expect((await ask(page, { intent: "pause" })).status).toBe(303);
	expect((await ask(page)).body).toContain("En pause");
	const removed = await ask(page, { intent: "remove" });
	expect([removed.status, removed.location]).toEqual([303, `${list}?retire`]);
	expect((await ask(page)).status).toBe(404);
	expect((await ask(page, { intent: "resume" })).status).toBe(404);
});

test("an address of the inside, on http or with a password is refused with what was typed", async () => {
	const strict = await startApp({ DATABASE_URL: database.url });
	onTestFinished(async () => void (await strict.stop()));
	for (const [url, sentence] of [
		["http://exemple.ca/", "doit commencer par https://"],
		["https://127.0.0.1/", "mène à un réseau privé"],
		["https://[::ffff:10.0.0.1]/", "mène à un réseau privé"],
		["https://2130706433/", "mène à un réseau privé"],
		["https://localhost/", "mène à un réseau privé"],
		["https://zoe:secret@exemple.ca/", "le mot de passe"],
		["https://exemple.ca:22/", "un autre service"],
		["rien", "adresse complète"],
	] as const) {
		const { status, body } = await ask(list, { id: newId(), name: "CRM", url }, strict);
		expect(status, url).toBe(400);
		expect(body, url).toContain(sentence);
		expect(body, url).toContain(`value="${url}"`);
	}
});
