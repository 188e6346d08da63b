import { afterAll, expect, test } from "vitest";
import { newFormKey } from "#app/http/form-key.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { openDatabase } from "#db/client.server.ts";
import { startApp } from "../app-process.ts";
import { openDates } from "./crowd.ts";
import { startMortalPostgres } from "./mortal-postgres.ts";

const secret = "a-secret-that-only-this-outage-may-know";
const postgres = await startMortalPostgres();
const app = await startApp({ DATABASE_URL: postgres.url, COOKIE_SECRET: secret });
afterAll(async () => {
	await app.stop();
	await postgres.stop();
});

test("while the database is away a form comes back whole with a page that says when to try again, and is then taken", async () => {
	const { db, close } = openDatabase({ connectionString: postgres.url });
	const dates = await openDates(db, 8);
	await close();
	const form = {
		date: dates.ids[0],
		name: "Zoé Roy",
		email: "zoe.roy@exemple.ca",
		key: newFormKey([secret]),
	};
	const send = () =>
		fetch(app.url + dates.path, {
			method: "POST",
			headers: { "Sec-Fetch-Site": "same-origin" },
			body: new URLSearchParams(form),
			redirect: "manual",
		});
	await postgres.kill();
	const refused = await send();
	expect([refused.status, refused.headers.get("Retry-After")]).toEqual([503, "5"]);
	const health = await fetch(`${app.url}/health`);
	expect([health.status, await health.json()]).toMatchObject([503, { database: "out of reach" }]);
	const page = await refused.text();
	expect(page).toContain(fr.refused.kept);
	for (const [name, value] of Object.entries(form)) expect(page).toContain(`name="${name}" value="${value}"`);
	await postgres.restart();
	await expect.poll(async () => (await send()).status, { timeout: 20_000 }).toBe(303);
}, 60_000);
