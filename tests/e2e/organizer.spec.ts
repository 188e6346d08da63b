import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { readXlsx } from "hucre";
import type { Page } from "playwright/test";
import {
	asOrganizer,
	emailTo,
	expect,
	expectAccessible,
	expectWithinWidth,
	freshEmail,
	signUp,
	test,
	words,
} from "./test.ts";

test.use({ expectedStatuses: [400, 404, 409] });

const t = words.fr.organizer;
const course = "/ateliers/reveler-le-potentiel-social-de-votre-equipe";

test("a code by email lets an organizer in, once, and signing out ends it", async ({ page }, info) => {
	// Codes are limited by address: once for all the projects.
	test.skip(info.project.name !== "phone", "once is enough");
	await page.goto("/organizer/emails");
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.signIn.title);
	await page.getByLabel(t.signIn.email).fill("Responsable@exemple.ca");
	await page.getByRole("button", { name: t.signIn.send }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.signIn.codeTitle);
	await expectAccessible(page);
	await expectWithinWidth(page);
	const mail = await emailTo("responsable@exemple.ca", /code de connexion/);
	const code = /\b\d{6}\b/.exec(mail.subject)![0];

	const field = page.getByLabel(t.signIn.code);
	await expect(field).toHaveAttribute("autocomplete", "one-time-code");
	await field.fill(code === "000000" ? "111111" : "000000");
	await page.getByRole("button", { name: t.signIn.enter }).click();
	await expect(page.getByRole("alert")).toContainText(t.signIn.errors.code);
	await page.getByLabel(t.signIn.code).fill(code);
	await page.getByRole("button", { name: t.signIn.enter }).click();
	await expect(page).toHaveURL(/\/organizer\/emails/);

	await page.getByRole("button", { name: t.nav.signOut }).click();
	await page.goto("/organizer");
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.signIn.title);
});

test("an address that nobody has gets the same page", async ({ page }) => {
	await page.goto("/organizer/sign-in");
	await page.getByLabel(t.signIn.email).fill(freshEmail());
	await page.getByRole("button", { name: t.signIn.send }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.signIn.codeTitle);
});

test("every organizer address asks a stranger to sign in, `.data` and files included", async ({
	request,
}) => {
	const id = "01a20c4e-c370-711d-9369-2be1b1057a8f";
	const paths = [
		"/organizer",
		"/organizer/workshops",
		"/organizer/workshops/new",
		`/organizer/workshops/${id}/questions`,
		`/organizer/workshops/${id}/questions/new`,
		`/organizer/workshops/${id}/sessions/new`,
		`/organizer/sessions/${id}`,
		`/organizer/sessions/${id}/edit`,
		`/organizer/sessions/${id}/cancel`,
		`/organizer/sessions/${id}/repeat`,
		`/organizer/sessions/${id}/attendees.csv`,
		`/organizer/sessions/${id}/attendees.xlsx`,
		`/organizer/sessions/${id}/registrations/${id}/cancel`,
		"/organizer/emails",
		`/organizer/emails/${id}`,
		`/organizer/emails/${id}/body`,
		"/organizer/settings",
	];
	for (const path of paths) {
		const page = await request.get(path, { maxRedirects: 0 });
		expect(page.status(), path).toBe(302);
		expect(page.headers().location).toMatch(/^\/organizer\/sign-in/);
		const data = await request.get(`${path}.data`, { maxRedirects: 0 });
		expect(await data.text(), path).not.toMatch(/exemple\.ca|titleFr/);
		const sent = await request.post(path, {
			form: {},
			headers: { Origin: process.env.SITE_URL! },
			maxRedirects: 0,
		});
		expect([302, 405], `${path} ${sent.status()}`).toContain(sent.status());
	}
});

/** Somebody's row: other columns, which each organizer chooses, may name them too. */
function listed(page: Page, name: string) {
	return page.getByRole("link", { name, exact: true });
}

test("the list of a date is searched without accents, and exported with them", async ({ page }) => {
	await asOrganizer(page);
	await page.goto("/organizer");
	await expectAccessible(page);
	await page
		.getByRole("link", { name: /1er décembre/ })
		.first()
		.click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(/1er\sdécembre/);
	await expect(page.getByText(/sur 30/).first()).toBeVisible();
	await expectAccessible(page);

	await page.getByRole("searchbox").fill("TREMBLAY noe");
	await page.getByRole("button", { name: t.attendees.searchGo, exact: true }).click();
	await expect(listed(page, "Noé Côté-Tremblay")).toBeVisible();
	await expect(listed(page, "Anaïs Bélanger")).toBeHidden();
	await page.getByRole("searchbox").fill("personne-de-ce-nom");
	await page.getByRole("button", { name: t.attendees.searchGo, exact: true }).click();
	await page.getByRole("link", { name: t.attendees.showAll }).click();
	await expect(listed(page, "Anaïs Bélanger")).toBeVisible();

	const [csv] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("link", { name: t.attendees.csv }).click(),
	]);
	const bytes = readFileSync(await csv.path());
	expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
	const rows: Record<string, string>[] = parse(bytes, { bom: true, delimiter: ";", columns: true });
	expect(rows.find((row) => row.Courriel === "lan.nguyen@example.com")?.Nom).toBe("Lan Nguyễn");

	const [xlsx] = await Promise.all([
		page.waitForEvent("download"),
		page.getByRole("link", { name: t.attendees.xlsx }).click(),
	]);
	const [sheet] = (await readXlsx(readFileSync(await xlsx.path()))).sheets;
	expect(sheet!.rows.some(([name]) => name === "Anaïs Bélanger")).toBe(true);
	expect(sheet!.rows).toHaveLength(rows.length + 1);
});

test("a person who is taken off the list is told, and no personal link is shown to organizers", async ({
	page,
}) => {
	const email = freshEmail();
	const name = `Réjean Paré ${email.slice(6, 14)}`;
	await page.goto(`${course}/inscription`);
	await signUp(page, "fr", { name, email });
	await expect(page.locator(".reference")).toBeVisible();
	await emailTo(email, /confirmée/);

	await asOrganizer(page);
	await page.goto("/organizer/emails");
	await expectAccessible(page);
	await page
		.getByRole("link", { name: /Révéler le potentiel/ })
		.first()
		.click();
	const frame = page.frameLocator("iframe");
	await expect(frame.getByRole("heading", { level: 1 })).toBeVisible();
	expect(await page.content()).not.toMatch(/ma-place\/|my-seat\/|\{\{manage_url\}\}/);
	const body = await (await page.request.get(`${page.url()}/body`)).text();
	expect(body).not.toMatch(/ma-place\/|my-seat\/|\{\{manage_url\}\}/);
	await expectAccessible(page);

	await page.goto("/organizer");
	await page
		.getByRole("link", { name: /10 février/ })
		.first()
		.click();
	await page.getByRole("link", { name: t.attendees.cancelFor(name) }).click();
	await page.getByRole("button", { name: t.attendees.cancelYes }).click();
	await page.getByRole("link", { name: new RegExp(t.attendees.tabs.cancelled) }).click();
	await expect(listed(page, name)).toBeVisible();
	await emailTo(email, /annulée/);
});

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("a workshop and its date are made, published, and seen by everyone", async ({ page }, info) => {
		const title = `Vidéo courte, ${info.project.name} ${Date.now().toString(36)}`;
		await asOrganizer(page);
		await page.goto("/organizer/workshops");
		await page.getByRole("link", { name: t.workshops.new }).first().click();
		await page.locator("[name=titleEn]").fill(`Short video ${title}`);
		await page.locator("button:not([form])", { hasText: t.workshops.save }).last().click();
		await expect(page.getByRole("alert")).toContainText(t.workshops.errors.title);
		await expect(page.locator("[name=titleEn]")).toHaveValue(`Short video ${title}`);
		await page.locator("[name=titleFr]").fill(title);
		await page.locator("[name=descriptionFr]").fill("**Une heure**, <b>sans balise</b>.");
		await page.locator("[name=published]").check();
		await page.locator("button", { hasText: t.workshops.save }).last().click();
		await expect(page.getByRole("status")).toContainText(t.workshops.saved);

		await page.getByRole("link", { name: t.workshops.addSession }).first().click();
		const inAMonth = new Date(Date.now() + 30 * 24 * 3600 * 1000).toISOString().slice(0, 10);
		await page.locator("[name=date1]").fill(inAMonth);
		await page.locator("[name=start1]").fill("13:00");
		await page.locator("[name=end1]").fill("12:00");
		await page.locator("[name=place]").fill("Laval");
		await page.locator("[name=capacity]").fill("5");
		await page.locator("[name=published]").check();
		await page.locator("button", { hasText: t.session.save }).last().click();
		await expect(page.getByRole("alert")).toContainText(t.session.errors.order);
		await page.locator("[name=end1]").fill("14:00");
		await page.locator("button", { hasText: t.session.save }).last().click();
		await expect(page.getByRole("status")).toContainText(t.session.saved);

		await page.goto("/");
		await page.getByRole("link", { name: title }).click();
		await expect(page.locator(".prose strong")).toHaveText("Une heure");
		await expect(page.getByText("<b>sans balise</b>")).toBeVisible();
		await page.getByRole("link", { name: words.fr.workshop.register, exact: true }).click();
		await signUp(page, "fr", { name: "Heather Pritchard", email: freshEmail() });
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.booked.confirmedTitle);
	});
});

test("the forms of a workshop and of its dates have no accessibility violation", async ({ page }) => {
	await asOrganizer(page);
	await page.goto("/organizer/workshops");
	await expectAccessible(page);
	await page.getByRole("link", { name: "Une politique des médias sociaux qui sera lue" }).click();
	await expectAccessible(page);
	await page.getByRole("link", { name: t.workshops.addSession }).first().click();
	await expectAccessible(page);
});

test("the firm's name and address are the site's", async ({ page }, info) => {
	test.skip(info.project.name !== "phone", "one site, one firm");
	await asOrganizer(page);
	await page.goto("/organizer/settings");
	await expectAccessible(page);
	const postal = page.locator("[name=postalAddress]");
	await postal.fill("1, place Ville-Marie, Montréal");
	await page.getByRole("button", { name: t.settings.save }).click();
	await expect(page.getByRole("status")).toContainText(t.settings.saved);
	await page.goto("/en");
	await expect(page.getByRole("contentinfo")).toContainText("1, place Ville-Marie");
});
