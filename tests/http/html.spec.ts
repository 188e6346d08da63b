import { afterAll, beforeAll, expect, test } from "vitest";
import type { Locale } from "#app/domain/locale.ts";
import { localeOfPath } from "#app/paths.ts";
import { createTestDatabase } from "#tests/database.ts";
import { problemsOfEmail, problemsOfPage } from "#tests/html-rules.ts";
import { pages as pageRoutes, routeOf } from "#tests/routes.ts";
import { weighPage } from "#tests/weigh.ts";
import { type FilledSite, startFilledSite } from "./filled-site.ts";
import { endsThings, formsOf, kindOf, linksOf, type PageForm } from "./read-page.ts";

/*
 * The site is walked from every address that remix.config.js has, along its links, in both languages: each page that is
 * met must be valid HTML and weigh no more than its budget, and so must the page that each form answers with when it is
 * sent empty. A link that leads nowhere is found on the way, and so is a page that was never seen.
 */
let site: FilledSite;
beforeAll(async () => {
	site = await startFilledSite(await createTestDatabase());
});
afterAll(() => site.close());

const mostFaces = 1;

/** The pages that answer otherwise than 200: what says no, and what is there in development alone. */
const neverShown = /^(\*|(en\/)?refus\/:status|dev\/.*)$/;

/** The most that a page may weigh as it is sent, in bytes by kind. */
const budgets = {
	attendee: { html: 15_000, css: 5_000, js: 3_000, woff2: 21_000 },
	organizer: { html: 15_000, css: 10_000, js: 130_000, woff2: 21_000 },
};

test("a page that is broken is seen to be", () => {
	const broken = '<p id="a"></p><p id="a"><input id="b" name="b"></p><ul><p>Samedi</p></ul><form></form>';
	const page = `<!doctype html><html lang="fr"><head><title>Atelier</title></head><body>${broken}</body></html>`;
	const rules = problemsOfPage(page).map((problem) => problem.split(":")[0]);
	for (const rule of ["no-dup-id", "input-missing-label", "element-permitted-content", "wcag/h32"])
		expect(rules).toContain(rule);
});

/** Sends a form with nothing typed, as whoever presses its button too early. */
async function sendEmpty({ action, fields }: PageForm, headers: Record<string, string>): Promise<string> {
	const body = new URLSearchParams();
	for (const { name, value, kind } of fields) if (kind === "hidden") body.append(name, value);
	const button = fields.find(({ kind }) => kind === "button");
	if (button) body.append(button.name, button.value);
	const answer = await fetch(site.app.url + action, { method: "POST", headers, body, redirect: "manual" });
	return answer.text();
}

/** Walks on from each address. What is public is walked in one language only, with the organizer's pages in the same. */
async function walk(locale: Locale) {
	const { app } = site;
	const headers = { Cookie: await site.ownerCookie(locale), "Sec-Fetch-Site": "same-origin" };
	const isRead = (address: string) =>
		address.startsWith("/organizer") || localeOfPath(address) === locale || /^\/dev/.test(address);
	const waiting = site.addresses.map(({ address }) => ({ address, from: "" }));
	const walked = new Set<string>();
	const faces = new Map<string, number>();
	const shown = new Set<string | undefined>();
	const problems = new Set<string>();
	let pages = 0;

	async function check(html: string, where: string): Promise<void> {
		pages += 1;
		const found = /\/body\?/.test(where) ? problemsOfEmail(html) : problemsOfPage(html);
		for (const problem of found) problems.add(`${where}: ${problem}`);
		const budget: Record<string, number> = budgets[where.startsWith("/organizer") ? "organizer" : "attendee"];
		for (const [kind, bytes] of await weighPage(html, app.url))
			if (bytes > (budget[kind] ?? 0)) problems.add(`${where}: ${kind} weighs ${bytes} bytes`);
	}

	for (let next = waiting.shift(); next; next = waiting.shift()) {
		const { address, from } = next;
		const kind = kindOf(address);
		const seen = faces.get(kind) ?? 0;
		if (walked.has(address) || !isRead(address) || (from !== "" && seen >= mostFaces)) continue;
		walked.add(address);
		const answer = await fetch(app.url + address, { headers, redirect: "manual" });
		const html = await answer.text();
		if (answer.status >= 400 && from !== "") problems.add(`${from} leads to ${address}: ${answer.status}`);
		if (!html.startsWith("<!")) continue;
		await check(html, kind);
		if (answer.status !== 200) continue;
		faces.set(kind, seen + 1);
		shown.add(routeOf(address)?.path);
		for (const link of linksOf(html, address, app.url)) waiting.push({ address: link, from: address });
		if (seen > 0) continue;
		for (const form of formsOf(html, address, app.url)) {
			const typed = form.fields.some(({ kind }) => /^(text|email|textarea|number|date)$/.test(kind));
			const refusable = form.method === "post" && typed && !endsThings(form);
			const refusal = refusable ? await sendEmpty(form, headers) : "";
			if (refusal.startsWith("<!")) await check(refusal, `${kind} sent empty`);
		}
	}
	const unseen = pageRoutes
		.map(({ path }) => path)
		.filter((path) => isRead(`/${path}`) && !neverShown.test(path) && !shown.has(path));
	return { pages, problems, unseen };
}

test.each(["fr", "en"] as const)(
	"every page in %s is valid and light, as it is shown and as it refuses an empty form, and no link is dead",
	async (locale) => {
		const { pages, problems, unseen } = await walk(locale);
		expect(unseen).toEqual([]);
		expect(pages).toBeGreaterThan(100);
		expect([...problems].sort()).toEqual([]);
	},
	120_000,
);
