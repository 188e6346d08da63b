import type { Page } from "playwright/test";
import { addressesOf, asOwnerOfFilledSite } from "./every-page.ts";
import { expect, test, words } from "./test.ts";

const { sheet } = words.fr.organizer;

/** What comes out of the printer: a PDF names each page and its paper, in points. */
async function printed(page: Page) {
	const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
	const papers = [...pdf.matchAll(/\/MediaBox \[0 0 (\d+) (\d+)\]/g)].map(([, width, height]) => [
		Number(width),
		Number(height),
	]);
	return { pages: pdf.match(/\/Type \/Page\b/g)?.length, papers };
}

async function openSheet(page: Page, date: RegExp): Promise<void> {
	await asOwnerOfFilledSite(page);
	await page.goto(addressesOf("organizer")[0]!);
	await page.getByRole("link", { name: date }).first().click();
	await page.getByRole("link", { name: sheet.title }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(sheet.title);
}

test("a day is signed for on upright Letter paper, page after page, black on white in the dark too", async ({
	page,
}) => {
	await openSheet(page, /1er décembre/);
	await page.emulateMedia({ colorScheme: "dark", media: "print" });
	const colours = await page.locator(".sheet").evaluate((element) => {
		const { color, backgroundColor } = getComputedStyle(element);
		return [color, backgroundColor];
	});
	expect(colours).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"]);
	await expect(page.getByRole("navigation")).toBeHidden();
	const people = await page.getByRole("rowheader").count();
	expect(people).toBeGreaterThan(0);
	const { pages, papers } = await printed(page);
	expect(pages).toBe(Math.ceil((people + 5) / 20));
	expect(papers).toEqual(Array.from({ length: pages! }, () => [612, 792]));
	await page.emulateMedia({ media: "screen" });
	await page.evaluate(() => {
		window.print = () => document.body.classList.add("printed");
	});
	await page.getByRole("button", { name: sheet.print }).click();
	await expect(page.locator("body.printed")).toBeAttached();
});
