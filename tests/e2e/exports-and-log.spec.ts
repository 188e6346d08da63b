import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { asNewOrganizer } from "./given.ts";
import { asOrganizer, expect, expectAccessible, expectWithinWidth, test, words } from "./test.ts";

const { audit, attendees, exportColumns, settings } = words.fr.organizer;

test("the columns chosen once are those of every file, of one session or of all", async ({ page }) => {
	await asNewOrganizer(page);
	await page.goto("/organizer/attendees?q=awashish");
	await page.getByRole("link", { name: exportColumns.choose }).click();
	await expectAccessible(page);
	for (const box of await page.getByRole("checkbox").all()) await box.uncheck();
	await page.getByLabel("Nom", { exact: true }).check();
	await page.getByLabel("Séance", { exact: true }).check();
	await page.getByRole("button", { name: exportColumns.save }).click();
	await expect(page).toHaveURL(/q=awashish/);
	const [download] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("link", { name: attendees.csv }).click(),
	]);
	const rows: Record<string, string>[] = parse(readFileSync(await download.path()), {
		bom: true,
		delimiter: ";",
		columns: true,
	});
	expect(rows).toEqual([{ Nom: "Mélissa Awashish", Séance: expect.stringContaining("1er\u00a0décembre") }]);
});

test("a list with every column scrolls in a frame of its own, and the page does not", async ({ page }) => {
	await asNewOrganizer(page);
	await page.goto("/organizer/attendees/columns");
	for (const box of await page.locator("[name=listColumn]").all()) await box.check();
	await page.getByRole("button", { name: exportColumns.save }).click();
	await page.goto("/organizer");
	await page
		.getByRole("link", { name: /1er décembre/ })
		.first()
		.click();
	await expectWithinWidth(page);
	await page.setViewportSize({ width: 1000, height: 800 });
	const frame = page.getByRole("region", { name: attendees.caption });
	expect(await frame.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)).toBe(true);
	await expectWithinWidth(page, 1000);
	await expectAccessible(page);
});

test("the log says who did what, and is narrowed by who, what and when", async ({ page }) => {
	await asOrganizer(page);
	await page.goto("/organizer/settings");
	await expect(page.getByLabel(settings.gst)).toBeVisible();
	await expectAccessible(page);
	await page.getByRole("link", { name: audit.title, exact: true }).click();
	await expectAccessible(page);
	await page.getByLabel(audit.action).selectOption("organizer.signed-in");
	await page.getByRole("button", { name: audit.apply }).click();
	await expect(page.locator("tbody tr").first()).toContainText(audit.actions["organizer.signed-in"]);
	await page.getByLabel(audit.until).fill("2020-01-01");
	await page.getByRole("button", { name: audit.apply }).click();
	await expect(page.getByText(audit.none)).toBeVisible();
	await page.getByRole("link", { name: audit.clear }).click();
	await expect(page.locator("tbody tr").nth(5)).toBeVisible();
});
