import { paths } from "#app/paths.ts";
import { asOrganizer, expect, expectAccessible, expectWithinWidth, test, words } from "./test.ts";

const { integrations, webhooks } = words.fr.organizer;

test("an owner adds a webhook once, copies its secret, tries it and pauses it", async ({ page, context }) => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await asOrganizer(page);
	await page.goto(paths.organizer.settings());
	await page.getByRole("link", { name: integrations.title }).click();
	await page.getByRole("link", { name: webhooks.title }).click();
	const name = `CRM${"sansespace".repeat(7)}`;
	await page.getByLabel(webhooks.name, { exact: true }).fill(name);
	// A name that never leads anywhere (RFC 6761).
	await page.getByLabel(webhooks.url, { exact: true }).fill("https://crm.invalid/cle-secrete");
	await page.getByRole("button", { name: webhooks.create }).dblclick();
	await expect(page.getByRole("status")).toHaveText(webhooks.created);
	await expectAccessible(page);

	const secret = await page.getByRole("textbox", { name: webhooks.secret }).inputValue();
	expect(secret).toMatch(/^whsec_/);
	await page.getByRole("button", { name: webhooks.copy }).click();
	await expect(page.getByRole("button", { name: webhooks.copied })).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(secret);

	await page.getByRole("button", { name: webhooks.test }).click();
	await expect(page.getByRole("status")).toHaveText(`crm.invalid ${webhooks.failures.name}.`, {
		timeout: 15_000,
	});
	await page.setViewportSize({ width: 360, height: 740 });
	await expectWithinWidth(page);
	await page.getByRole("button", { name: webhooks.pause }).click();
	await expect(page.getByRole("status")).toHaveText(webhooks.pausedDone);
	await expect(page.getByText(webhooks.nextIsTold)).toHaveCount(0);

	await page.getByRole("link", { name: webhooks.back }).click();
	await expect(page.getByRole("link", { name })).toHaveCount(1);
	await expectWithinWidth(page);
	expect(await page.content()).not.toContain("cle-secrete");
});
