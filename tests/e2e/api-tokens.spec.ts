import { paths } from "#app/paths.ts";
import { asOrganizer, expect, expectAccessible, expectWithinWidth, test, words } from "./test.ts";

const { apiTokens, integrations } = words.fr.organizer;

test("an owner makes a token, copies it, lets software read with it, and revokes it", async ({
	page,
	context,
	request,
}) => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	await asOrganizer(page);
	await page.goto(paths.organizer.settings());
	await page.getByRole("link", { name: integrations.title }).click();
	await expectAccessible(page);
	await page.getByRole("link", { name: apiTokens.title }).click();
	await page.getByLabel(apiTokens.name, { exact: true }).fill("Tableur");
	await page.getByRole("button", { name: apiTokens.create }).dblclick();
	await expect(page.getByRole("status")).toHaveText(apiTokens.made("Tableur"));
	await expectAccessible(page);
	await page.getByRole("button", { name: apiTokens.copy }).click();
	await expect(page.getByRole("button", { name: apiTokens.copied })).toBeVisible();
	const token = await page.evaluate(() => navigator.clipboard.readText());
	const read = () => request.get(paths.api.sessions(), { headers: { Authorization: `Bearer ${token}` } });
	expect((await read()).status()).toBe(200);
	await page.setViewportSize({ width: 360, height: 740 });
	await expectWithinWidth(page);

	await page.getByRole("link", { name: apiTokens.revokeOf("Tableur") }).click();
	expect(await page.content()).not.toContain(token);
	await expectAccessible(page);
	await page.getByRole("button", { name: apiTokens.revokeYes }).click();
	await expect(page.getByRole("status")).toHaveText(apiTokens.revoked);
	await expect(page.getByRole("link", { name: apiTokens.revokeOf("Tableur") })).toHaveCount(0);
	expect((await read()).status()).toBe(401);
});
