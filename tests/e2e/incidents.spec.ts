import { paths } from "#app/paths.ts";
import { asOrganizer, expect, expectAccessible, test, words } from "./test.ts";

const { incidents } = words.fr.organizer;

test.use({ expectedStatuses: [400] });

test("an owner writes an incident down in its first hour, and completes it later", async ({ page }) => {
	await asOrganizer(page);
	await page.goto(paths.organizer.settings());
	await page.getByRole("link", { name: incidents.title }).click();
	await expect(page.getByText(incidents.none)).toBeVisible();
	await expectAccessible(page);
	await page.getByRole("link", { name: incidents.add }).click();
	await page.getByRole("button", { name: incidents.save }).click();
	await expect(page.getByRole("alert")).toBeFocused();
	await page.getByRole("link", { name: incidents.errors.circumstances }).click();
	await expect(page.getByLabel(incidents.fields.circumstances)).toBeFocused();
	await expectAccessible(page);
	await page.getByLabel(incidents.fields.circumstances).fill("Un portable volé dans une voiture.");
	await page.getByLabel(incidents.fields.occurred).fill("Dans la nuit du 3 au 4 mars");
	await page.getByLabel(incidents.fields.learnedOn).fill("2026-03-04");
	await page.getByLabel(incidents.fields.information).fill("Noms et courriels de deux listes");
	await page.getByLabel(incidents.fields.people).fill("environ 40");
	await page.getByRole("button", { name: incidents.save }).click();
	await expect(page.getByRole("status")).toHaveText(incidents.saved);
	await expect(page.getByText(incidents.tasks.assess)).toBeVisible();
	await page.getByRole("link", { name: incidents.editOf("mercredi 4 mars 2026") }).click();
	await page.getByLabel(incidents.risks.serious, { exact: true }).check();
	await page.getByLabel(incidents.fields.riskReasons).fill("Le disque n’était pas chiffré.");
	await page.getByRole("button", { name: incidents.save }).click();
	await expect(page.getByText(incidents.tasks.tellCommission)).toBeVisible();
	await expect(page.getByText("environ 40")).toBeVisible();
	await page.emulateMedia({ media: "print" });
	await expect(page.getByRole("link", { name: incidents.add })).toBeHidden();
	await expect(page.getByRole("heading", { name: incidents.heading })).toBeVisible();
	await expect(page.getByText("environ 40")).toBeVisible();
});
