import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { readConfig } from "#app/config.server.ts";
import { signToken } from "#app/domain/token.server.ts";
import { newFormKey } from "#app/http/form-key.server.ts";
import { createMetrics } from "#app/http/metrics.server.ts";
import { createSite, type SiteContext } from "#app/http/site.server.ts";
import { blankRetry } from "#app/http/turn-away.server.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
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
	const signed = signToken(secret, "preferences", "0190b2f0-1111-7222-8333-444455556666");
	const stop = await fetch(app.url + paths.unsubscribe(signed), { method: "POST" });
	expect([stop.status, stop.headers.get("Retry-After")]).toEqual([503, "5"]);
	const page = await refused.text();
	expect(page).toContain(fr.refused.kept);
	for (const [name, value] of Object.entries(form)) expect(page).toContain(`name="${name}" value="${value}"`);
	await postgres.restart();
	await expect.poll(async () => (await send()).status, { timeout: 20_000 }).toBe(303);
}, 60_000);

test("the page for whoever is turned away in a flood is made without a database", async () => {
	const nowhere = openDatabase({ connectionString: "postgresql://nobody@127.0.0.1:1/nothing" });
	const config = readConfig({ NODE_ENV: "production", PUBLIC_URL: app.url, COOKIE_SECRET: secret });
	const built = new URL("../../build/server/index.js", import.meta.url).href;
	const site = createSite(
		{ config, db: nowhere.db } as SiteContext,
		await import(built),
		createMetrics(new pg.Pool()),
	);
	const request = new Request(app.url + paths.refused("fr", 503));
	const page = await site.fetch(request, { incoming: { socket: {} }, retry: blankRetry });
	expect([page.status, page.headers.get("Retry-After")]).toEqual([503, "5"]);
	expect(await page.text()).toMatch(/action="\{action\}".*name="\{name\}" value="\{value\}"/s);
	await nowhere.close();
});
