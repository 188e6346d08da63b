import type { Browser } from "playwright/test";
import { expect, expectAccessible, expectWithinWidth, freshEmail, signUp, test, words } from "./test.ts";

test.use({ expectedStatuses: [409] });

/*
 * The demo's policy day has two seats left in each run: one project takes them in French and another would find none,
 * so this runs once.
 */
test("two people, one seat: the second is offered the list with everything kept", async ({
	browser,
}, info) => {
	test.skip(info.project.name !== "phone", "the seats are there once");
	const path = "/ateliers/une-politique-des-medias-sociaux-qui-sera-lue/inscription";
	const people = await Promise.all([1, 2, 3].map(() => visitor(browser)));
	await Promise.all(people.map(({ page }) => page.goto(path)));
	for (const { page, email } of people) await signUp(page, "fr", { name: "Maude Lavallée", email });
	const [first, second, third] = people;
	await expect(first!.page.locator("h1")).toHaveText(words.fr.booked.confirmedTitle);
	await expect(second!.page.locator("h1")).toHaveText(words.fr.booked.confirmedTitle);

	const { page, email } = third!;
	await expect(page.locator("h1")).toHaveText(words.fr.filled.title);
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByRole("button", { name: words.fr.filled.change }).click();
	await expect(page.getByLabel(words.fr.register.email, { exact: true }).first()).toHaveValue(email);
	await page.getByRole("button", { name: words.fr.workshop.joinWaitlist }).click();
	await expect(page.locator("h1")).toHaveText(words.fr.booked.waitlistedTitle);
	await expect(page.locator(".lede")).toHaveText("Vous êtes au 1er rang.");
	for (const { context } of people) await context.close();
});

async function visitor(browser: Browser) {
	const context = await browser.newContext({
		baseURL: process.env.SITE_URL,
		viewport: { width: 360, height: 740 },
	});
	return { context, page: await context.newPage(), email: freshEmail() };
}
