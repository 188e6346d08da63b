import type { Locale } from "#app/domain/locale.ts";
import { emailTo, expect, expectAccessible, freshEmail, listPath, signUp, test, words } from "./test.ts";

test.use({ expectedStatuses: [400, 404, 409] });

const titles: Record<Locale, string> = {
	fr: "Révéler le potentiel social de votre équipe",
	en: "Unlock your team’s social potential",
};

for (const locale of ["fr", "en"] as const) {
	const t = words[locale];

	test(`from the list to a seat, then to a free one again, in ${locale}`, async ({ page }) => {
		const email = freshEmail();
		await page.goto(listPath[locale]);
		await expect(page).toHaveTitle(new RegExp(t.list.title));
		await page.getByRole("link", { name: titles[locale] }).click();
		await page.getByRole("link", { name: t.workshop.register, exact: true }).click();
		await signUp(page, locale, { name: "Éloïse Tremblay-Nguyễn", email });

		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.booked.confirmedTitle);
		await expect(page.getByText(email)).toBeVisible();
		await expect(page.getByText(/^(Un rappel partira|A reminder will leave on) .+/)).toBeVisible();
		await expect(page.locator(".reference")).toHaveText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
		const reference = await page.locator(".reference").innerText();
		expect(await page.content()).not.toMatch(/ma-place|my-seat/);
		await page.reload();
		await expect(page.locator(".reference")).toHaveText(reference);

		const mail = await emailTo(email, new RegExp(titles[locale].slice(0, 12)));
		expect(mail.text).toContain(reference);
		expect(mail.calendar).toMatch(/METHOD:PUBLISH/);
		const manageUrl = /https?:\S+\/(?:ma-place|my-seat)\/\S+/.exec(mail.text)![0];

		await page.goto(manageUrl);
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.manage.confirmed);
		await page.getByRole("link", { name: t.manage.cancel }).click();
		await page.getByRole("button", { name: t.manage.cancelYes }).click();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.manage.cancelled);

		const goodbye = await emailTo(email, locale === "fr" ? /annulée/ : /cancelled/i);
		expect(goodbye.calendar).toMatch(/METHOD:CANCEL/);
		expect(goodbye.calendar).toMatch(/SEQUENCE:1/);
		await page.goBack();
		await page.reload();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.manage.cancelled);
	});

	test.describe("without JavaScript", () => {
		test.use({ javaScriptEnabled: false });

		test(`a mistake is named above and beside its field, nothing is lost, and the seat is had, in ${locale}`, async ({
			page,
		}) => {
			const email = freshEmail();
			await page.goto(listPath[locale]);
			await page.getByRole("link", { name: titles[locale] }).click();
			await page.getByRole("link", { name: t.workshop.register, exact: true }).click();
			await signUp(page, locale, { name: "Noé Côté", email: "noe(at)exemple.ca" });

			await expect(page).toHaveTitle(new RegExp(`^${t.errorPrefix.trim()}`));
			const summary = page.getByRole("alert");
			await expect(summary).toContainText(t.register.errors.emailInvalid);
			const field = page.getByLabel(t.register.email, { exact: true }).first();
			await expect(field).toHaveAccessibleDescription(new RegExp(t.register.errors.emailInvalid));
			await expect(field).toHaveValue("noe(at)exemple.ca");
			await expect(page.getByLabel(t.register.name).first()).toHaveValue("Noé Côté");
			await summary.getByRole("link").click();
			await expect(field).toBeFocused();

			await field.fill(email);
			await page.getByRole("button", { name: t.register.submit }).click();
			await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.booked.confirmedTitle);
		});
	});

	test(`a full date takes people on its list, in ${locale}`, async ({ page }) => {
		const email = freshEmail();
		const slug =
			locale === "fr"
				? "/ateliers/mots-de-passe-comptes-et-habitudes"
				: "/en/workshops/passwords-accounts-and-habits";
		await page.goto(slug);
		await page.getByRole("link", { name: t.workshop.joinWaitlist, exact: true }).click();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.workshop.joinWaitlist);
		await expect(page.getByRole("button", { name: t.register.submit })).toBeHidden();
		await signUp(page, locale, { name: "Thomas-Élie Vézina", email });
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.booked.waitlistedTitle);

		const mail = await emailTo(email, locale === "fr" ? /Liste d’attente/ : /Waitlist/i);
		const manageUrl = /https?:\S+\/(?:ma-place|my-seat)\/\S+/.exec(mail.text)![0];
		await page.goto(manageUrl);
		await page.getByRole("link", { name: t.manage.leave }).click();
		await page.getByRole("button", { name: t.manage.leaveYes }).click();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.manage.cancelled);
	});

	test(`the other language is the same page, in ${locale}`, async ({ page }) => {
		await page.goto(listPath[locale]);
		await page.getByRole("link", { name: titles[locale] }).click();
		await page.getByRole("link", { name: t.otherLanguage, exact: true }).click();
		const other = locale === "fr" ? "en" : "fr";
		await expect(page.locator("html")).toHaveAttribute("lang", words[other].lang);
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(titles[other]);
	});
}

test("the same form sent twice is one booking, with one reference", async ({ page, context }) => {
	const email = freshEmail();
	await page.goto("/ateliers/les-medias-sociaux-en-entreprise/inscription");
	await page.getByLabel(/8\sdécembre/).check();
	const other = await context.newPage();
	await other.goto(page.url());
	const key = await page.locator("input[name=key]").inputValue();
	await other.locator("input[name=key]").evaluate((input, value) => {
		(input as HTMLInputElement).value = value;
	}, key);
	await other.getByLabel(/8\sdécembre/).check();
	const person = { name: "Zoé Roy", email };
	await Promise.all([signUp(page, "fr", person), signUp(other, "fr", person)]);
	await expect(page.locator(".reference")).toBeVisible();
	await expect(other.locator(".reference")).toHaveText(await page.locator(".reference").innerText());
	expect(other.url()).toBe(page.url());
});

test("a form kept open and changed after it was sent asks before it makes a second booking", async ({
	page,
}) => {
	const email = freshEmail();
	await page.goto("/ateliers/les-medias-sociaux-en-entreprise/inscription");
	const key = await page.locator("input[name=key]").inputValue();
	await page.getByLabel(/8\sdécembre/).check();
	await signUp(page, "fr", { name: "Zoé Roy", email });
	await expect(page.locator(".reference")).toBeVisible();
	await page.goBack();
	await page.locator("input[name=key]").evaluate((input, value) => {
		(input as HTMLInputElement).value = value;
	}, key);
	await page.getByLabel(/8\sdécembre/).check();
	await signUp(page, "fr", { name: "Zoé Roy-Gagnon", email });
	await expect(page.getByRole("alert")).toContainText("voulez-vous en faire une autre?");
	await expect(page.getByLabel(words.fr.register.name).first()).toHaveValue("Zoé Roy-Gagnon");
});

test("someone already registered is answered like anyone, and told by email alone", async ({ page }) => {
	const email = freshEmail();
	for (const name of ["Anaïs Bélanger", "A. Belanger"]) {
		await page.goto("/ateliers/les-medias-sociaux-en-entreprise/inscription");
		await page.getByLabel(/8\sdécembre/).check();
		await signUp(page, "fr", { name, email });
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.booked.confirmedTitle);
	}
	const mail = await emailTo(email, /déjà sur la liste/);
	expect(mail.text).toMatch(/ma-place/);
});

test("a mistyped address is corrected on the confirmation page, and the first link dies", async ({
	page,
}) => {
	const wrong = freshEmail();
	const right = freshEmail();
	const correct = words.fr.booked.correct;
	await page.goto("/ateliers/les-medias-sociaux-en-entreprise/inscription");
	await page.getByLabel(/8\sdécembre/).check();
	await signUp(page, "fr", { name: "Samira Ouellette", email: wrong });
	const dead = /https?:\S+\/ma-place\/\S+/.exec((await emailTo(wrong, /confirmée/)).text)![0];
	await page.getByText(correct.open).click();
	await page.getByLabel(correct.label).fill("samira");
	await page.getByRole("button", { name: correct.save }).click();
	await expect(page.getByRole("alert")).toContainText(correct.errors.emailInvalid);
	await expectAccessible(page);
	await page.getByLabel(correct.label).fill(right);
	await page.getByRole("button", { name: correct.save }).click();
	await expect(page.getByRole("status")).toHaveText(correct.done(right));
	await expect(page.locator(".steps")).toContainText(right);
	await expect(page.getByText(wrong)).toBeHidden();
	const alive = /https?:\S+\/ma-place\/\S+/.exec((await emailTo(right, /confirmée/)).text)![0];
	await emailTo(wrong, /Adresse corrigée/);
	await page.goto(dead);
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.refused.link.title);
	await expectAccessible(page);
	await page.getByRole("main").getByRole("link", { name: words.fr.lostLink.title }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.lostLink.title);
	await page.goto(alive);
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.manage.confirmed);
});
