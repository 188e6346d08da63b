import { randomUUID } from "node:crypto";
import type { Browser, Page } from "playwright/test";
import { asNewOrganizer, givenDates } from "./given.ts";
import { asOrganizer, expect, expectAccessible, expectWithinWidth, freshEmail, test, words } from "./test.ts";

const { attendees, checkIn: t, nav } = words.fr.organizer;
const phone = { width: 360, height: 640 };

test.use({ viewport: phone });

/** The check-in page of a date far off, which organizers may open ahead of its day: no other test meets it on the dashboard. */
async function givenDoor(browser: Browser): Promise<string> {
	const { sessions } = await givenDates(browser);
	const context = await browser.newContext({ baseURL: process.env.SITE_URL });
	const page = await context.newPage();
	await asOrganizer(page);
	for (const name of ["Zoé Œuvrard", "Guy Roy", "Anaïs Bélanger"]) {
		const answer = await page.request.post(`/organizer/sessions/${sessions[0]}/registrations/new`, {
			form: {
				key: randomUUID(),
				name,
				email: freshEmail(),
				phone: "",
				organization: "Coop Nord",
				locale: "fr",
				note: "",
			},
			headers: { Origin: process.env.SITE_URL! },
			maxRedirects: 0,
		});
		expect(answer.status(), await answer.text()).toBe(303);
	}
	await context.close();
	return `/organizer/sessions/${sessions[0]}/check-in`;
}

function guest(page: Page, name: string) {
	return page.getByRole("button", { name });
}

test("who comes is noted with a thumb, and taken back; the page stays where it is, and lit", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await page.addInitScript(() => {
		const request = async (kind: string) => document.documentElement.setAttribute("data-lit", kind);
		Object.defineProperty(navigator, "wakeLock", { value: { request } });
	});
	await asOrganizer(page);
	await page.goto(door);
	const address = page.url();
	await expect(page.getByText("0 / 3")).toBeVisible();
	await expect(page.locator("html")).toHaveAttribute("data-lit", "screen");

	await guest(page, "Zoé Œuvrard").click();
	await expect(guest(page, "Zoé Œuvrard")).toContainText(/Présente, .*\d+\sh/);
	await expect(guest(page, "Zoé Œuvrard")).toHaveAttribute("aria-pressed", "true");
	await expect(page.getByText("1 / 3")).toBeVisible();
	await expect(page.getByRole("status").filter({ hasText: "Zoé Œuvrard, Présente" })).toBeAttached();
	expect((await guest(page, "Zoé Œuvrard").boundingBox())!.height).toBeGreaterThanOrEqual(64);
	await expectAccessible(page);
	await expectWithinWidth(page);

	// What is typed narrows the list at once, whatever the accents and the order.
	await page.getByRole("searchbox").fill("oeuvrard zoe");
	await expect(guest(page, "Guy Roy")).toBeHidden();
	await guest(page, "Zoé Œuvrard").click();
	await expect(page.getByText("0 / 3")).toBeVisible();
	await expect(guest(page, "Zoé Œuvrard")).toContainText(t.note);
	await expect(guest(page, "Guy Roy")).toBeHidden();
	await page.getByRole("searchbox").fill("personne");
	await expect(page.getByText(t.notFound)).toBeVisible();
	expect(page.url()).toBe(address);

	// What another phone notes comes by itself.
	await page.getByRole("searchbox").fill("");
	const other = await (await browser.newContext({ viewport: phone })).newPage();
	await asOrganizer(other);
	await other.goto(address);
	await guest(other, "Guy Roy").click();
	await expect(guest(other, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await other.context().close();
});

test.describe(() => {
	test.use({ expectedStatuses: [403] });

	test("somebody at the door is led to the meetings of the day, and to no list before it", async ({
		page,
		browser,
	}) => {
		const door = await givenDoor(browser);
		await asNewOrganizer(page, "door");
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.title);
		await expect(page.getByRole("link", { name: nav.attendees })).toHaveCount(0);
		await expectAccessible(page);
		await expectWithinWidth(page);
		await page.goto(door);
		await expect(page.getByText(/^L’accueil ouvre le/)).toBeVisible();
		await expect(guest(page, "Guy Roy")).toHaveCount(0);
		await expectAccessible(page);
		expect((await page.goto(door.replace("/check-in", "")))!.status()).toBe(403);
	});
});

test("out of reach of the site, taps wait on the phone, even through a new page, and are sent once it answers", async ({
	page,
	browser,
	problems,
}) => {
	const door = await givenDoor(browser);
	await asOrganizer(page);
	await page.goto(door);
	await page.route(`**${door}*`, (route) =>
		route.request().method() === "POST" ? route.abort("internetdisconnected") : route.continue(),
	);
	await guest(page, "Guy Roy").click();
	await guest(page, "Anaïs Bélanger").click();
	await guest(page, "Zoé Œuvrard").click();
	await guest(page, "Zoé Œuvrard").click();
	await expect(page.getByText(t.unsentCount(4))).toBeVisible();
	await expect(page.getByText("2 / 3")).toBeVisible();
	await expect(guest(page, "Guy Roy")).toContainText(t.unsent);
	await expectAccessible(page);
	await page.reload();
	await expect(guest(page, "Anaïs Bélanger")).toContainText(t.unsent);
	await page.unroute(`**${door}*`);
	await page.evaluate(() => dispatchEvent(new Event("online")));
	await expect(guest(page, "Anaïs Bélanger")).toContainText(/Présente, .*\d+\sh/);
	await expect(page.getByText(t.unsent)).toHaveCount(0);
	await page.reload();
	await expect(page.getByText("2 / 3")).toBeVisible();
	expect(problems.every((problem) => problem.includes("ERR_INTERNET_DISCONNECTED"))).toBe(true);
	problems.length = 0;
});

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("a search and a tap are forms, which lead back to the same search and person", async ({
		page,
		browser,
	}) => {
		const door = await givenDoor(browser);
		await asOrganizer(page);
		await page.goto(door);
		await page.getByRole("searchbox").fill("roy");
		await page.getByRole("button", { name: attendees.searchGo }).click();
		await expect(guest(page, "Zoé Œuvrard")).toHaveCount(0);
		await guest(page, "Guy Roy").click();
		await expect(page).toHaveURL(/q=roy#p-/);
		await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
		await expect(guest(page, "Guy Roy")).toBeInViewport();
		await expect(page.getByText("1 / 3")).toBeVisible();
		await guest(page, "Guy Roy").click();
		await expect(guest(page, "Guy Roy")).toContainText(t.note);
		await page.getByRole("link", { name: attendees.showAll }).first().click();
		await expect(guest(page, "Zoé Œuvrard")).toBeVisible();
		await expectWithinWidth(page);
	});
});
