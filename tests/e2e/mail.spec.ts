import { asOrganizer, expect, expectAccessible, expectWithinWidth, test, words } from "./test.ts";

/* The mail side of the back office: reminders, messages to attendees, addresses that bounce, the firm's own words. */
const t = words.fr.organizer;

test.use({ expectedStatuses: [400] });
test.slow();

test("an organizer says when people are reminded, and is told what cannot be", async ({ page }, info) => {
	test.skip(info.project.name !== "phone", "one date, and two who change it at once are told so");
	await asOrganizer(page);
	await page.goto("/organizer/workshops");
	await page.getByRole("link", { name: "Une politique des médias sociaux qui sera lue" }).click();
	const days = page.getByLabel(t.session.reminder.days);
	await page.getByRole("link", { name: t.workshops.addSession }).first().click();
	await expect(days).toHaveValue("1");
	await expect(page.getByLabel(t.session.reminder.time)).toHaveValue("10:00");
	await page.goBack();
	await page.getByRole("link", { name: /202\d/ }).first().click();
	await page.getByRole("link", { name: t.attendees.edit }).click();
	await days.fill("40");
	await page.getByRole("button", { name: t.session.saveQuietly }).click();
	await expect(page.getByRole("alert")).toContainText(t.session.errors.reminderDays);
	await days.fill("3");
	await page.getByLabel(t.session.reminder.unit).selectOption("days");
	await page.getByRole("button", { name: t.session.saveQuietly }).click();
	await expect(page.getByRole("status")).toContainText(t.session.saved);
	await page.getByRole("link", { name: t.attendees.edit }).click();
	await expect(days).toHaveValue("3");
	await expect(page.getByLabel(t.session.reminder.unit)).toHaveValue("days");
});

test("an organizer sees that mail goes out, what the server says, and what others read of the domain", async ({
	page,
}) => {
	await asOrganizer(page);
	await page.goto("/organizer/settings");
	await page.getByRole("link", { name: t.settings.checkDelivery }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.delivery.title);
	await page.getByRole("button", { name: t.delivery.test }).click();
	await expect(page.getByRole("status")).toContainText(
		"Le serveur a pris le message pour responsable@exemple.ca",
	);
	await expect(page.getByRole("status")).toContainText("250");
	// Without a network the records are unknown, and are said to be.
	await page.getByRole("link", { name: t.delivery.checkDomain }).click();
	await expect(page.getByText("_dmarc.exemple.ca")).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.goto("/organizer/emails/blocked");
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.emails.blocked.title);
	await expectAccessible(page);
	await page.goto("/organizer/settings/me");
	await expect(page.getByLabel(t.own.address)).toHaveValue(/\/calendriers\/.+\/seances\.ics$/);
	await expectAccessible(page);
});

test("an organizer writes to the people of a search: variables checked, both languages seen, sent, undone", async ({
	page,
}) => {
	const words = t.message;
	await asOrganizer(page);
	await page.goto("/organizer");
	await page
		.getByRole("link", { name: /8 décembre/ })
		.first()
		.click();
	await page.getByRole("searchbox").fill("a");
	await page.getByRole("button", { name: t.attendees.searchGo, exact: true }).click();
	await page.getByRole("link", { name: words.title }).click();
	await expect(page.getByLabel(words.to)).toHaveValue("view");
	await expect(page.getByText(words.selection)).toContainText("« a »");
	await page.goto(page.url().split("?")[0]!);
	await expect(page.getByLabel(words.to)).toHaveValue("confirmed");
	await page.goBack();
	await page.getByLabel(`${words.subject}, ${words.french}`).fill("Bonjour {{prenom}}");
	await page.getByLabel(`${words.body}, ${words.french}`).fill("Bonjour {{name}}, voici **le plan**.");
	await page.getByRole("button", { name: words.preview }).click();
	await expect(page.getByRole("alert")).toContainText(words.errors.variables);
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByLabel(`${words.subject}, ${words.french}`).fill("Le plan de la journée");
	await page.getByRole("button", { name: words.preview }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText("Le plan de la journée");
	await expect(page.frameLocator("iframe").first().locator("strong")).toHaveText("le plan");
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByRole("button", { name: words.try }).click();
	await expect(page.getByText(words.tried("responsable@exemple.ca"))).toBeVisible();
	await page.getByRole("button", { name: /^Envoyer à \d+ personnes$/ }).click();
	await expect(page.getByText(/^Départ dans \d+ secondes$/)).toBeVisible();
	await page.getByRole("button", { name: words.undo }).click();
	await expect(page.getByText(words.phases.stopped)).toBeVisible();
});

test("an organizer words an email, is told of a variable that does not exist, and goes back to the original", async ({
	page,
}, info) => {
	test.skip(info.project.name !== "phone", "one site, one text");
	const words = t.emailTexts;
	await asOrganizer(page);
	await page.goto("/organizer/emails");
	await page.getByRole("link", { name: t.emails.texts }).click();
	await expectAccessible(page);
	await page.getByRole("link", { name: words.kinds.cancellation }).last().click();
	await page.getByLabel(words.subject).fill("Goodbye {{prenom}}");
	await page.getByRole("button", { name: words.save }).click();
	await expect(page.getByRole("alert")).toContainText(words.errors.variables);
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByLabel(words.subject).fill("Goodbye {{name}}");
	await page.getByLabel(words.heading).fill("Goodbye for now");
	await page.getByRole("button", { name: words.preview }).click();
	await expect(page.frameLocator("iframe").getByRole("heading", { level: 1 })).toHaveText("Goodbye for now");
	await page.getByRole("button", { name: words.save }).click();
	await expect(page.getByText(words.saved)).toBeVisible();
	await expect(page.frameLocator("iframe").getByRole("heading", { level: 1 })).toHaveText("Goodbye for now");
	await page.getByRole("button", { name: words.reset }).click();
	await expect(page.getByLabel(words.subject)).toHaveValue(/\{\{session\}\}/);
});
