import { gzipSync } from "node:zlib";
import type { Page } from "playwright/test";
import { addressesOf, asOwnerOfFilledSite } from "./every-page.ts";
import { expect, test } from "./test.ts";

/* The budgets, in bytes as they are sent: all is compressed but the font, which is so already. */
for (const name of [
	"",
	"en",
	"ateliers/les-medias-sociaux-en-entreprise",
	"en/workshops/social-media-at-work",
	"ateliers/les-medias-sociaux-en-entreprise/inscription",
	"en/workshops/social-media-at-work/register",
	"inscriptions/:token",
	"en/bookings/:token",
	"ma-place/:token",
	"en/my-seat/:token",
	"ma-place/:token/annuler",
	"ma-place/:token/changer",
	"ma-place/:token/ceder",
	"ma-place/:token/corriger",
	"mon-groupe/:token",
	"mes-courriels/:token",
	"nouvelles",
	"lien-perdu",
	"adresse-corrigee",
	"renseignements-personnels",
]) {
	test(`/${name} weighs less than its budget, in five requests at most, and nothing moves`, async ({
		page,
	}) => {
		const { requests, weights } = await weigh(page, name);
		expect(requests).toBeLessThanOrEqual(5);
		expect(weights.document).toBeLessThan(15_000);
		expect(weights.stylesheet).toBeLessThan(5_000);
		expect(weights.script).toBeLessThan(3_000);
		expect(weights.font).toBeLessThan(21_000);
		const all = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
		expect(all).toBeLessThanOrEqual(50_000);
		expect(await page.evaluate(layoutShift)).toBe(0);
	});
}

for (const name of ["integrer", "en/embed"]) {
	test(`/${name} weighs 8 kB at most, in three requests, and nothing moves`, async ({ page }) => {
		const { requests, weights } = await weigh(page, name);
		expect(requests).toBeLessThanOrEqual(3);
		const all = Object.values(weights).reduce((sum, bytes) => sum + bytes, 0);
		expect(all).toBeLessThanOrEqual(8_000);
		expect(await page.evaluate(layoutShift)).toBe(0);
	});
}

for (const name of ["organizer", "organizer/sessions/:sessionId"]) {
	test(`the scripts of /${name} weigh less than their budget, and nothing moves`, async ({ page }) => {
		await asOwnerOfFilledSite(page);
		const { weights } = await weigh(page, name);
		expect(weights.script).toBeLessThan(130_000);
		expect(await page.evaluate(layoutShift)).toBe(0);
	});
}

/** Opens a page of the filled site, and weighs what came for it, by kind. */
async function weigh(page: Page, name: string) {
	const weights: Record<string, number> = {};
	const answers: Promise<void>[] = [];
	page.on("requestfinished", (request) => {
		const add = async () => {
			const body = await (await request.response())!.body();
			const kind = request.resourceType();
			weights[kind] = (weights[kind] ?? 0) + (kind === "font" ? body.length : gzipSync(body).length);
		};
		answers.push(add());
	});
	await page.goto(addressesOf(name)[0]!, { waitUntil: "networkidle" });
	await Promise.all(answers);
	return { requests: answers.length, weights };
}

/** The sum of the shifts since the page began (CLS), as the browser kept them. */
function layoutShift(): Promise<number> {
	return new Promise((resolve) => {
		let total = 0;
		const observer = new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) total += (entry as PerformanceEntry & { value: number }).value;
		});
		observer.observe({ type: "layout-shift", buffered: true });
		setTimeout(() => resolve(total), 200);
	});
}
