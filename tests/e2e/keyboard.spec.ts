import { inviteOrganizer } from "./given.ts";
import { walkTo } from "./keyboard.ts";
import { emailTo, expect, expectAccessible, freshEmail, test, words } from "./test.ts";

/*
 * Nothing here is clicked, filled or given the focus: after the first address, there is only the keyboard. A page as
 * narrow as a phone's is also what a wide screen shows at 400 %.
 */
test("a focus that cannot be seen is seen to be", async ({ page }) => {
	const bare = "<style>* { outline: none; }</style><a href='/'>Un</a> <a href='/'>Deux</a>";
	const cover = "<a href='/'>Un</a> <a href='/'>Deux</a><p style='position: fixed; inset: 0; margin: 0'></p>";
	for (const [content, missing] of [
		[bare, '"outlined": false'],
		[cover, '"uncovered": false'],
	] as const) {
		await page.setContent(content);
		const walk = walkTo(page, page.getByRole("link", { name: "Deux" }));
		await expect(walk).rejects.toThrow(missing);
	}
});

test("keyboard alone goes from the list to a seat, and gives it back", async ({ page }) => {
	const { skip, workshop, register, interest, booked, manage } = words.fr;
	const email = freshEmail();
	const heading = page.getByRole("heading", { level: 1 });
	const { keyboard } = page;

	await page.goto("/");
	await walkTo(page, page.getByRole("link", { name: skip }));
	await keyboard.press("Enter");
	await expect(page.locator("main")).toBeFocused();
	await walkTo(page, page.getByRole("link", { name: /médias sociaux en entreprise/ }).first());
	await keyboard.press("Enter");
	await walkTo(page, page.getByRole("link", { name: workshop.register, exact: true }).first());
	await keyboard.press("Enter");

	await expect(heading).toHaveText(register.title);
	const dates = page.getByRole("radio");
	await walkTo(page, dates.first());
	await keyboard.press("ArrowDown");
	await expect(dates.nth(1)).toBeChecked();
	await keyboard.press("ArrowUp");
	await expect(dates.first()).toBeChecked();
	// Others take the seats of the first.
	await keyboard.press("ArrowDown");
	const name = page.getByLabel(register.name, { exact: true }).first();
	await walkTo(page, page.getByLabel(register.email, { exact: true }).first());
	await keyboard.type(email);
	await walkTo(page, name, "Shift+Tab");
	await keyboard.type("Guy St-Onge");
	const news = page.getByRole("checkbox", { name: interest.consent("Formation Exemple inc.") });
	await walkTo(page, news);
	await keyboard.press("Space");
	await expect(news).toBeChecked();
	await walkTo(page, page.getByRole("button", { name: register.submit }));
	await keyboard.press("Enter");
	await expect(heading).toHaveText(booked.confirmedTitle);
	await expectAccessible(page);

	const mail = await emailTo(email, /confirmée/);
	await page.goto(/https?:\S+\/ma-place\/\S+/.exec(mail.text)![0]);
	await walkTo(page, page.getByRole("link", { name: manage.cancel }));
	await keyboard.press("Enter");
	await walkTo(page, page.getByRole("button", { name: manage.cancelYes }));
	await keyboard.press("Space");
	await expect(heading).toHaveText(manage.cancelled);
});

test("keyboard alone signs an organizer in, and leads to a person of a list", async ({ page }) => {
	const { signIn, attendeeList: list } = words.fr.organizer;
	const email = await inviteOrganizer(page);
	const heading = page.getByRole("heading", { level: 1 });
	const { keyboard } = page;
	await page.setViewportSize({ width: 1280, height: 800 });

	await page.goto("/organizer/sign-in");
	await walkTo(page, page.getByLabel(signIn.email));
	await keyboard.type(email);
	await keyboard.press("Enter");
	const code = /^\d{6}/.exec((await emailTo(email, /code de connexion/)).subject)![0];
	await expect(page.getByLabel(signIn.code)).toBeFocused();
	await keyboard.type(code);
	await keyboard.press("Enter");

	await walkTo(page, page.getByRole("link", { name: /1er décembre/ }).first());
	await keyboard.press("Enter");
	await expect(heading).toHaveText(/1er\sdécembre/);
	await walkTo(page, page.getByLabel(list.choose("Anaïs Bélanger")));
	await keyboard.press("Space");
	await expect(page.locator("#chosen")).toContainText(list.count(1));
	const cancel = page.locator("#chosen").getByRole("button", { name: list.cancel, exact: true });
	await walkTo(page, cancel);
	await keyboard.press("Enter");
	await expect(heading).toHaveText(list.cancelTitle(1));
});
