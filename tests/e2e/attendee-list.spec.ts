import type { Page } from "playwright/test";
import {
	asOrganizer,
	emailTo,
	expect,
	expectAccessible,
	expectWithinWidth,
	freshEmail,
	test,
	words,
} from "./test.ts";

const { attendee, attendeeList: list, attendees, deeds, everyone, importList } = words.fr.organizer;

test.use({ expectedStatuses: [400, 409] });

async function openList(page: Page, date = /10 février/): Promise<void> {
	await asOrganizer(page);
	await page.goto("/organizer");
	await page.getByRole("link", { name: date }).first().click();
}

async function addSomebody(page: Page, name: string, email: string): Promise<void> {
	await page.getByRole("link", { name: attendee.add }).click();
	await page.getByLabel(attendee.name).fill(name);
	await page.getByLabel(attendee.email, { exact: false }).first().fill(email);
	await page.getByLabel(attendee.language).selectOption("fr");
	await page.getByRole("button", { name: attendee.addYes, exact: true }).click();
	await expect(page.getByRole("status").first()).toContainText(attendee.added);
}

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("somebody is added, corrected, written to again, and taken off with a tick", async ({ page }) => {
		const email = freshEmail();
		const name = `Huguette ${email.slice(6, 14)}`;
		await openList(page);
		await page.getByRole("link", { name: attendee.add }).click();
		await page.getByRole("button", { name: attendee.addYes, exact: true }).click();
		await expect(page.getByRole("alert")).toContainText(attendee.errors.name);
		await page.goBack();
		await page.goBack();
		await addSomebody(page, name, email);
		await emailTo(email, /Place confirmée/);

		await page.getByRole("link", { name, exact: true }).click();
		await page.getByLabel(attendee.phone, { exact: false }).fill("+1 514 555-0100");
		await page.getByLabel(attendee.note, { exact: false }).fill("Arrive tôt");
		await page.getByRole("button", { name: attendee.save }).click();
		await expect(page.getByRole("status")).toContainText(attendee.saved);
		await expect(page.locator(".log li")).toHaveCount(2);
		await page.getByRole("button", { name: attendee.resend }).click();
		await expect(page.getByRole("status")).toContainText(attendee.resent);
		await expect(page.locator(".mails li")).toHaveCount(2);

		await page.goto("/organizer/attendees");
		await page.getByLabel(everyone.search).fill(email);
		await page.getByRole("button", { name: attendees.searchGo, exact: true }).click();
		await expect(page.locator("tbody tr")).toHaveCount(1);
		await page.locator("tbody td").getByRole("link").click();
		await page.getByLabel(list.choose(name)).check();
		await page.locator("#chosen").getByRole("button", { name: list.cancel, exact: true }).click();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(list.cancelTitle(1));
		await page.getByRole("button", { name: list.cancelYes(1) }).click();
		await expect(page.getByRole("heading", { name: /1 inscription sera annulée/ })).toBeVisible();
		await page.getByRole("button", { name: deeds.undo }).click();
		await expect(page.getByRole("status")).toContainText(deeds.stopped);
		await expect(page.getByRole("link", { name, exact: true })).toBeVisible();
	});
});

test("somebody is moved to another date with a tick", async ({ page }) => {
	test.setTimeout(120_000);
	const email = freshEmail();
	// Too long for a line of a phone, and nowhere to break it.
	const name = `Idriss${"wilhelmina".repeat(3)} ${email.slice(6, 14)}`;
	await openList(page, /1er décembre/);
	await addSomebody(page, name, email);
	await page.getByLabel(list.choose(name)).check();
	await page.locator("#chosen").getByRole("button", { name: list.move }).click();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByRole("radio", { name: /8 décembre/ }).check();
	await page.getByRole("button", { name: list.moveYes(1) }).click();
	await expect(page.getByRole("heading", { name: /1 inscription sera déplacée/ })).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	// The list reads itself again until it is done.
	await expect(page.getByRole("heading", { name: list.moved(1) })).toBeVisible({ timeout: 50_000 });
	await emailTo(email, /8\sdécembre/);
	await page.getByRole("link", { name: deeds.moveBack }).click();
	await expect(page.getByRole("radio", { name: /1er décembre/ })).toBeChecked();
});

test("the keyboard finds, walks and ticks the list; its keys can be seen and turned off", async ({
	page,
}) => {
	// A keyboard comes with a wide screen; a telephone's list has no box for the whole page.
	await page.setViewportSize({ width: 1280, height: 800 });
	await openList(page);
	await expect(page.locator("#chosen")).toBeHidden();
	await page.keyboard.press("j");
	await page.keyboard.press("j");
	await page.keyboard.press("x");
	await expect(page.locator("tbody tr").nth(1).getByRole("checkbox")).toBeChecked();
	await page.keyboard.press("k");
	await page.keyboard.press("x");
	await expect(page.locator("#chosen")).toContainText(list.count(2));
	await expectAccessible(page);
	await page.getByLabel(list.chooseAll).check();
	await expect(page.locator("tbody tr").last().getByRole("checkbox")).toBeChecked();
	await page.keyboard.press("?");
	await expect(page.getByRole("dialog")).toBeVisible();
	await expectAccessible(page);
	await page.getByLabel(list.keysOn).uncheck();
	await page.getByRole("button", { name: list.keysClose }).click();
	await page.keyboard.press("/");
	await expect(page.getByRole("searchbox")).not.toBeFocused();
	await page.getByRole("button", { name: list.keys }).click();
	await page.getByLabel(list.keysOn).check();
	await page.getByRole("button", { name: list.keysClose }).click();
	await page.keyboard.press("/");
	await expect(page.getByRole("searchbox")).toBeFocused();
});

test("a view of the list is an address", async ({ page }) => {
	await openList(page);
	await page.getByText(list.options).click();
	await page.getByLabel(list.language).selectOption("en");
	await page.getByLabel(list.sort).selectOption({ label: list.sorts.organization });
	await page.getByRole("button", { name: list.apply }).click();
	await expect(page).toHaveURL(/tri=organisation.*langue=en|langue=en.*tri=organisation/);
	await expect(page.getByRole("link", { name: "Wei-Ling Chen", exact: true })).toBeVisible();
	await expect(page.getByRole("link", { name: "Élodie Charbonneau", exact: true })).toBeHidden();
	await page.reload();
	await expect(page.getByLabel(list.language)).toHaveValue("en");
	await expectAccessible(page);
});

test("a list to import, and what is wrong with it, have no accessibility violation", async ({ page }) => {
	await openList(page);
	await page.getByRole("link", { name: importList.link }).click();
	await expectAccessible(page);
	const buffer = Buffer.from("Nom;Courriel\nZoé Roy;zoe.roy@exemple.ca\nGuy Roy;non\n");
	await page.getByLabel(importList.file).setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer });
	await page.getByRole("button", { name: importList.read }).click();
	await page.getByRole("button", { name: importList.quietly(1) }).click();
	await expect(page.getByRole("alert")).toContainText(importList.errors.wrongLines);
	await expectAccessible(page);
	await expectWithinWidth(page);
});
