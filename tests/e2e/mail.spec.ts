import { asOrganizer, expect, expectAccessible, test, words } from "./test.ts";

/* The mail side of the back office: reminders, messages to attendees, addresses that bounce, the firm's own words. */
const t = words.fr.organizer;

test.use({ expectedStatuses: [400] });

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
	await page.getByRole("button", { name: t.session.save }).click();
	await expect(page.getByRole("alert")).toContainText(t.session.errors.reminderDays);
	await days.fill("3");
	await page.getByLabel(t.session.reminder.unit).selectOption("days");
	await page.getByRole("button", { name: t.session.save }).click();
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
	await page.goto("/organizer/emails/blocked");
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.emails.blocked.title);
	await expectAccessible(page);
});
