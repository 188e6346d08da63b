import type { Page } from "playwright/test";
import { expect, expectAccessible, expectWithinWidth, words } from "./test.ts";

const t = words.fr.organizer;

/** A day of the calendar, so many days from now. */
function inDays(days: number): string {
	return new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);
}

const start = 40;

export async function press(page: Page, name: string): Promise<void> {
	await page.getByRole("button", { name, exact: true }).click();
}

export async function done(page: Page): Promise<void> {
	await expect(page.getByRole("status")).toBeVisible();
}

async function fillDate(page: Page, day: string, fields: Record<string, string>): Promise<void> {
	await page.locator("[name=date1]").fill(day);
	await page.locator("[name=start1]").fill("09:30");
	await page.locator("[name=end1]").fill("16:30");
	for (const [name, value] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(value);
	await page.locator("[name=published]").check();
}

async function repeat(page: Page, rhythm: string, fields: Record<string, string>): Promise<void> {
	await page.getByRole("link", { name: t.attendees.edit }).click();
	await page.getByRole("link", { name: t.repeat.link }).click();
	await page.getByLabel(rhythm).check();
	for (const [name, value] of Object.entries(fields))
		await page.locator(`[name=${name}]:visible`).fill(value);
	await press(page, t.repeat.preview);
}

/**
 * Sets twenty dates of two workshops up through the pages, on a site that has nothing: ten in a room of 12 in Laval, ten
 * online with 30 seats. `page` is signed in as the owner.
 */
export async function setUpSeason(page: Page, url: string): Promise<void> {
	await page.goto(`${url}/organizer`);
	await expect(page.getByText(t.sessions.none)).toBeVisible();
	await expectAccessible(page);

	// A workshop: published only with its French, seen before it is saved.
	await page.getByRole("link", { name: t.sessions.newWorkshop }).click();
	await page.locator("[name=titleFr]").fill("Sécurité des comptes");
	await page.locator("[name=descriptionFr]").fill("Des mots de passe **solides**.");
	await page.locator("[name=summaryEn]").fill("Accounts that hold.");
	await page.locator("[name=published]").check();
	await press(page, t.workshops.preview);
	await expect(page.locator(".notice strong")).toHaveText("solides");
	await press(page, t.workshops.save);
	await expect(page.getByRole("alert")).toContainText(t.workshops.errors.frenchFirst);
	await page.locator("[name=summaryFr]").fill("Des comptes qui tiennent.");
	await press(page, t.workshops.save);
	await done(page);

	// Ten weeks of it.
	await page.getByRole("link", { name: t.workshops.addSession }).click();
	await fillDate(page, inDays(start), { place: "Laval", capacity: "12", minimum: "4", price: "150" });
	await press(page, t.session.save);
	await done(page);
	await repeat(page, t.repeat.rhythms["7"], { first: inDays(start), count: "10" });
	await expect(page.getByText(t.repeat.leftOut.exists)).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await press(page, t.repeat.make(9));
	await expect(page.getByRole("status")).toHaveText(t.repeat.done(9));
	await expect(page.locator("tbody tr")).toHaveCount(10);

	// A second workshop like the first, every two weeks, then on chosen days.
	await page.getByRole("link", { name: t.workshops.duplicate }).click();
	await page.locator("[name=titleFr]").fill("Présence en ligne");
	await page.locator("[name=published]").check();
	await press(page, t.workshops.save);
	await done(page);
	await page.getByRole("link", { name: t.workshops.addSession }).click();
	await page.getByLabel(t.session.online, { exact: true }).check();
	await fillDate(page, inDays(start + 1), { joinUrl: "https://visio.exemple.ca/a", capacity: "30" });
	await press(page, t.session.save);
	await done(page);
	const online = page.url().split("?")[0]!;
	await repeat(page, t.repeat.rhythms["14"], { first: inDays(start + 15), count: "4" });
	await press(page, t.repeat.make(4));
	await done(page);
	await page.goto(online);
	const chosen = { on1: inDays(start + 2), on2: inDays(start + 3), on3: inDays(start + 4) };
	await repeat(page, t.repeat.rhythms.chosen, { ...chosen, on4: inDays(start + 5), on5: inDays(start + 6) });
	await press(page, t.repeat.make(5));
	await expect(page.locator("tbody tr")).toHaveCount(10);

	await page.goto(`${url}/organizer`);
	await expect(page.locator("tbody tr")).toHaveCount(20);
	await page.goto(url);
	await expect(page.locator("ol.season > li")).toHaveCount(20);
	await expect(page.getByText(words.fr.seats.tentative(4))).toHaveCount(10);
}
