import type { Page } from "playwright/test";
import { type RunningApp, signInByConsole, startApp } from "../app-process.ts";
import { startTestPostgres, type TestPostgres } from "../postgres.ts";
import { press, setUpSeason } from "./set-up-season.ts";
import { expect, expectAccessible, freshEmail, test, words } from "./test.ts";

/*
 * A season of twenty dates, set up through the pages on a site that has nothing: its own database and its own app.
 */
test.use({ expectedStatuses: [400, 409] });
test.describe.configure({ mode: "serial", timeout: 120_000 });

const t = words.fr.organizer;
let postgres: TestPostgres;
let app: RunningApp;
let cookie: string;

test.beforeAll(async ({ browserName: _ }, info) => {
	info.setTimeout(120_000);
	postgres = await startTestPostgres();
	app = await startApp({ DATABASE_URL: await postgres.createDatabase("season") });
	cookie = await signInByConsole(app);
});

test.afterAll(async () => {
	await app?.stop();
	await postgres?.stop();
});

test.beforeEach(async ({ page }) => {
	const [name = "", value = ""] = cookie.split("=");
	await page.context().addCookies([{ name, value, url: app.url }]);
});

async function open(page: Page, path: string): Promise<void> {
	await page.goto(app.url + path);
}

test("twenty dates are set up from nothing, through the pages alone", async ({ page }) => {
	await setUpSeason(page, app.url);
});

test("the person who holds a date is told of its new place, and an organizer who comes second sees both versions", async ({
	page,
	browser,
}) => {
	await open(page, "/");
	await page.getByRole("link", { name: "Sécurité des comptes" }).first().click();
	await page.getByRole("link", { name: words.fr.workshop.register, exact: true }).click();
	await page.locator("[name=name]").fill("Zoé Roy");
	await page.locator("[name=email]").fill(freshEmail());
	await press(page, words.fr.register.submit);
	await expect(page.locator(".reference")).toBeVisible();

	await open(page, "/organizer");
	await page.locator("tbody a").first().click();
	await page.getByRole("link", { name: t.attendees.edit }).click();
	await expectAccessible(page);
	const second = await (
		await browser.newContext({ storageState: await page.context().storageState() })
	).newPage();
	await second.goto(page.url());

	await page.locator("[name=place]").fill("Longueuil");
	await press(page, t.session.saveAndTell(1));
	await expect(page.getByRole("status")).toContainText(t.session.told(1));
	await second.locator("[name=place]").fill("Brossard");
	await press(second, t.session.saveQuietly);
	await expect(second.getByRole("alert")).toContainText(t.session.conflict);
	await expect(second.locator("[name=place]")).toHaveValue("Brossard");
	await expect(second.locator(".stored")).toContainText("Longueuil");
	await second.context().close();

	await open(page, "/organizer/emails");
	await page.getByRole("link", { name: /^Changement/ }).click();
	const mail = page.frameLocator("iframe");
	await expect(mail.getByText("Laval")).toBeVisible();
	await expect(mail.getByText("Longueuil").first()).toBeVisible();
});

test("a cancelled date says so to everyone, and its workshop can be put away and come back", async ({
	page,
}) => {
	await open(page, "/organizer");
	await page.locator("tbody a").first().click();
	await page.getByRole("link", { name: t.attendees.edit }).click();
	await page.getByRole("link", { name: t.cancelSession.link }).click();
	await expectAccessible(page);
	await page.locator("[name=en]").fill("Sorry!");
	await press(page, t.cancelSession.yes(1));
	await expect(page.getByRole("alert")).toContainText(t.cancelSession.errors.french);
	await page.locator("[name=fr]").fill("Toutes nos excuses.");
	await press(page, t.cancelSession.yes(1));
	await expect(page.getByRole("status")).toContainText(t.session.told(1));
	await page.getByRole("link", { name: new RegExp(t.attendees.tabs.cancelled) }).click();
	await expect(page.getByText("Zoé Roy")).toBeVisible();

	await open(page, "/");
	await expect(page.locator("ol.season > li").first()).toContainText(words.fr.seats.cancelled);
	await open(page, "/organizer/workshops");
	await page.getByRole("link", { name: "Présence en ligne" }).click();
	await expectAccessible(page);
	await press(page, t.workshops.archive);
	await open(page, "/");
	await expect(page.locator("ol.season > li")).toHaveCount(10);
	await open(page, "/organizer/workshops?archives");
	await expectAccessible(page);
	await page.getByRole("link", { name: "Présence en ligne" }).click();
	await expect(page.locator("tbody tr")).toHaveCount(10);
	await press(page, t.workshops.unarchive);
	await expect(page.getByText(t.workshops.archived, { exact: true })).toBeHidden();
});

test("the first page says what waits, and draws the season, on a phone as on a desk, light and dark", async ({
	page,
}) => {
	for (const [width, colorScheme] of [
		[360, "light"],
		[1440, "dark"],
	] as const) {
		await page.setViewportSize({ width, height: 800 });
		await page.emulateMedia({ colorScheme });
		await open(page, "/organizer");
		const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
		expect(overflow).toBeLessThanOrEqual(0);
		await expectAccessible(page);
	}
});
