import type { Page } from "playwright/test";
import { givenDates } from "./given.ts";
import {
	emailTo,
	expect,
	expectAccessible,
	expectWithinWidth,
	freshEmail,
	signUp,
	test,
	words,
} from "./test.ts";

test.use({ expectedStatuses: [400, 404, 409], javaScriptEnabled: false });

// Each makes a workshop of its own first.
test.slow();

/** The link to their own page, as the email to this address has it. */
async function linkIn(address: string, subject: RegExp): Promise<string> {
	const mail = await emailTo(address, subject);
	return new URL(/https?:\S+\/(?:ma-place|my-seat|mon-groupe|my-group)\/\S+/.exec(mail.text)![0]).pathname;
}

function heading(page: Page) {
	return page.getByRole("heading", { level: 1 });
}

/** Signs somebody up for the first date, and returns the path of their own page. */
async function givenPlace(page: Page, register: string, email: string, name = "Zoé Roy"): Promise<string> {
	await page.goto(register);
	await signUp(page, "fr", { name, email });
	await expect(heading(page)).not.toHaveText(words.fr.register.title);
	return linkIn(email, /confirmée|Liste d’attente/);
}

for (const locale of ["fr", "en"] as const) {
	const t = words[locale];

	test(`a list is pasted, looked at and sent; the contact has a page of their group, in ${locale}`, async ({
		page,
		browser,
	}) => {
		const { slug } = await givenDates(browser);
		const [contact, colleague] = [freshEmail(), freshEmail()];
		await page.goto(locale === "fr" ? `/ateliers/${slug}/inscription` : `/en/workshops/${slug}/register`);
		const { colleagues } = t.register;
		await page.getByText(colleagues.open).click();
		await page.getByText(colleagues.paste, { exact: true }).click();
		await page
			.getByLabel(colleagues.list, { exact: true })
			.fill(`Côté, Noé; ${colleague}\n<b>שרה</b> 🎉\nPas Complet <pas-un-courriel@>`);
		await signUp(page, locale, { name: "Anaïs Bélanger", email: contact });
		// The list becomes rows; nothing has been sent.
		const notice = page.getByRole("status");
		await expect(notice).toHaveText(`${colleagues.notSent} ${colleagues.pasted(3)}`);
		await expect(notice).toBeFocused();
		await expect(notice).toBeInViewport();
		await expect(page.locator("#name2")).toHaveValue("Noé Côté");
		await expect(page.locator("#email2")).toHaveValue(colleague);
		await expect(page.locator("#name3")).toHaveValue("b שרה /b 🎉");
		await page.locator("#email4").fill("pas-un-courriel@");
		await page.getByRole("button", { name: t.register.submit }).click();
		await expect(page.getByRole("alert")).toContainText(colleagues.errors.emailInvalid(4));
		await page.locator("#email4").fill("");
		await page.getByRole("button", { name: t.register.submit }).click();
		await expect(heading(page)).toHaveText(t.booked.groupTitle(4, 0));
		await expect(page.locator(".ticket")).toContainText("Noé Côté");

		await emailTo(colleague, /Place confirmée|Seat confirmed/);
		await page.goto(await linkIn(contact, locale === "fr" ? /Inscription de 4/ : /Registration for 4/));
		await page.getByLabel(t.group.pick("Noé Côté")).check();
		await page.getByRole("button", { name: t.group.cancel }).click();
		await expect(heading(page)).toHaveText(t.group.cancelTitle(1));
		await page.getByRole("button", { name: t.group.cancelYes }).click();
		await expect(heading(page)).toHaveText(t.booked.groupTitle(3, 0));
		await emailTo(colleague, /annulée|cancelled/);
	});
}

test("an address or a name without a break is read whole on a phone", async ({ page, browser }) => {
	const { register } = await givenDates(browser, { price: "125" });
	const email = `${"prenom.nom.de.famille.".repeat(3)}${freshEmail()}`;
	await page.goto(register);
	await page.getByText(words.fr.register.colleagues.open).click();
	await page.locator("#name2").fill("Wolfeschlegelsteinhausen".repeat(3));
	await signUp(page, "fr", { name: "Zoé Roy", email });
	await expect(heading(page)).toHaveText(words.fr.booked.groupTitle(2, 0));
	// What the ticket's edge cuts off widens no page.
	const cut = () => page.locator(".ticket dl").evaluate((list) => list.scrollWidth - list.clientWidth);
	expect(await cut()).toBe(0);
	await expectWithinWidth(page);
	await expect(page.getByRole("term").filter({ hasText: "Prix" })).toHaveText(
		words.fr.amounts.beforeTaxes(2),
	);
	await page.goto(await linkIn(email, /Inscription de 2/));
	await expectWithinWidth(page);
	await page.goto(await linkIn(email, /confirmée/));
	expect(await cut()).toBe(0);
	await expectWithinWidth(page);
	await page.goto("about:blank");
	await page.setContent((await emailTo(email, /Inscription de 2/)).html);
	await expectWithinWidth(page);
});

test("a list too long is refused with everything kept", async ({ page, browser }) => {
	const { register } = await givenDates(browser);
	const { colleagues, errors } = words.fr.register;
	await page.goto(register);
	await page.getByText(colleagues.open).click();
	await page.getByText(colleagues.paste, { exact: true }).click();
	const list = Array.from({ length: 500 }, (_, n) => `Personne ${n} <p${n}@exemple.ca>`).join("\n");
	await page.getByLabel(colleagues.list, { exact: true }).fill(list);
	await page.getByRole("button", { name: colleagues.pasteGo }).click();
	await expect(page.getByRole("alert")).toContainText(errors.tooManyPeople);
	await expect(page.getByLabel(colleagues.list, { exact: true })).toHaveValue(list);
});

test("what a list became is in view where it was added", async ({ page, browser }) => {
	const { register } = await givenDates(browser);
	const { colleagues } = words.fr.register;
	await page.goto(register);
	await page.getByText(colleagues.open).click();
	await page.getByText(colleagues.paste, { exact: true }).click();
	await page.getByLabel(colleagues.list, { exact: true }).fill("Zoé Roy <zoe@exemple.ca>");
	await page.getByRole("button", { name: colleagues.pasteGo }).click();
	await expect(page.getByRole("status")).toHaveText(colleagues.pasted(1));
	await expect(page.getByRole("status")).toBeInViewport();
	await expect(page.locator("#name2")).toBeInViewport();
});

test("a group larger than the seats left is split, in the order it was named", async ({ page, browser }) => {
	const { register } = await givenDates(browser, { capacity: "2" });
	await page.goto(register);
	await page.getByText(words.fr.register.colleagues.open).click();
	await page.locator("#name2").fill("Deux");
	await page.getByRole("button", { name: words.fr.register.colleagues.add }).click();
	await expect(page.locator("#name3")).toBeFocused();
	await expect(page.locator("#name3")).toBeInViewport();
	await page.locator("#name3").fill("Trois");
	await signUp(page, "fr", { name: "Un", email: freshEmail() });
	await expect(heading(page)).toHaveText(words.fr.filled.partyTitle);
	await page.getByRole("button", { name: words.fr.filled.split(2) }).click();
	await expect(heading(page)).toHaveText(words.fr.booked.groupTitle(2, 1));
});

test("somebody moves to the other date; their calendar entry moves with them", async ({ page, browser }) => {
	const { register } = await givenDates(browser);
	const email = freshEmail();
	const place = await givenPlace(page, register, email);
	const first = await emailTo(email, /confirmée/);
	await page.goto(place);
	await page.getByRole("link", { name: /^Passer au/ }).click();
	await page.getByRole("button", { name: words.fr.manage.switch.submit }).click();
	await expect(page.getByRole("status")).toHaveText(words.fr.manage.saved);
	const moved = await emailTo(email, /Nouvelle date/);
	const line = (calendar: string | undefined, name: string) =>
		new RegExp(`^${name}:(.*)$`, "m").exec(calendar!)?.[1];
	expect(line(moved.calendar, "UID")).toBe(line(first.calendar, "UID"));
	expect(Number(line(moved.calendar, "SEQUENCE"))).toBeGreaterThan(Number(line(first.calendar, "SEQUENCE")));
	await expect(page.getByRole("link", { name: /^Passer au/ })).toBeVisible();
});

test("two tabs that switch at once end in one place", async ({ page, browser }) => {
	const { register } = await givenDates(browser);
	const place = await givenPlace(page, register, freshEmail());
	const other = await page.context().newPage();
	for (const tab of [page, other]) await tab.goto(`${place}/changer`);
	const { submit } = words.fr.manage.switch;
	await Promise.all([page, other].map((tab) => tab.getByRole("button", { name: submit }).click()));
	for (const tab of [page, other]) {
		await tab.goto(place);
		await expect(heading(tab)).toHaveText(words.fr.manage.confirmed);
	}
});

test("a seat is handed over: the giver is told, the receiver has a link of their own", async ({
	page,
	browser,
}) => {
	const { register } = await givenDates(browser);
	const { give } = words.fr.manage;
	const [giver, receiver] = [freshEmail(), freshEmail()];
	const place = await givenPlace(page, register, giver);
	await page.goto(place);
	await page.getByRole("link", { name: give.title }).click();
	await page.getByLabel(give.name).fill("Lan Nguyễn");
	await page.getByLabel(give.email).fill(giver.toUpperCase());
	await page.getByRole("button", { name: give.submit }).click();
	await expect(page.getByRole("alert")).toContainText(give.errors.yourself);
	await page.getByLabel(give.email).fill(receiver);
	await page.getByRole("button", { name: give.submit }).click();
	await expect(heading(page)).toHaveText(words.fr.manage.given);
	expect((await emailTo(giver, /cédée/)).calendar).toContain("METHOD:CANCEL");
	await page.goto(await linkIn(receiver, /confirmée/));
	await expect(heading(page)).toHaveText(words.fr.manage.confirmed);
});

test("a seat given to somebody who has one is answered alike, and freed", async ({ page, browser }) => {
	const { register } = await givenDates(browser);
	const { give } = words.fr.manage;
	const known = freshEmail();
	await givenPlace(page, register, known, "Déjà Là");
	const place = await givenPlace(page, register, freshEmail());
	await page.goto(`${place}/ceder`);
	await page.getByLabel(give.name).fill("Déjà Là");
	await page.getByLabel(give.email).fill(known);
	await page.getByRole("button", { name: give.submit }).click();
	await expect(heading(page)).toHaveText(words.fr.manage.given);
	await emailTo(known, /déjà sur la liste/);
});

test("with another address the old link dies, and a lost one is asked for by email", async ({
	page,
	browser,
}) => {
	const { register } = await givenDates(browser);
	const { correct } = words.fr.manage;
	const [old, right] = [freshEmail(), freshEmail()];
	const place = await givenPlace(page, register, old);
	await page.goto(place);
	await page.getByRole("link", { name: correct.title }).click();
	await page.getByLabel(correct.name).fill("Zoé Roy-Côté");
	await page.getByLabel(correct.locale).selectOption("en");
	await page.getByRole("button", { name: correct.submit }).click();
	await expect(page.getByRole("status")).toHaveText(words.fr.manage.saved);
	await page.goto(`${place}/corriger`);
	await page.getByLabel(correct.email, { exact: true }).fill(right);
	await page.getByRole("button", { name: correct.submit }).click();
	await expect(heading(page)).toHaveText(correct.movedTitle);
	await emailTo(old, /Adresse corrigée|Address corrected/);
	expect((await page.goto(place))?.status()).toBe(404);
	await page.goto(await linkIn(right, /Seat confirmed/));
	await expect(heading(page)).toHaveText(words.en.manage.confirmed);

	await page.goto("/lien-perdu");
	for (const address of [freshEmail(), right]) {
		await page.goto("/lien-perdu");
		await page.getByLabel(words.fr.lostLink.email).fill(address);
		await page.getByRole("button", { name: words.fr.lostLink.submit }).click();
		await expect(heading(page)).toHaveText(words.fr.lostLink.doneTitle);
	}
	expect(await linkIn(right, /Your link/)).toContain("/my-seat/");
});

test("a freed seat is offered; it is taken, or passed on and asked for again", async ({ page, browser }) => {
	const { register } = await givenDates(browser, { capacity: "1", waitlistMode: "offer" });
	const { manage } = words.fr;
	const [holder, second, third] = [freshEmail(), freshEmail(), freshEmail()];
	const place = await givenPlace(page, register, holder);
	const seconds = await givenPlace(page, register, second, "Deuxième");
	const thirds = await givenPlace(page, register, third, "Troisième");
	await page.goto(`${place}/annuler`);
	await page.getByRole("button", { name: manage.cancelYes }).click();

	await emailTo(second, /vous est offerte/);
	await page.goto(seconds);
	await expect(heading(page)).toHaveText(manage.offered);
	await page.getByRole("link", { name: manage.leave }).click();
	await expect(heading(page)).toHaveText(manage.leaveTitle);
	await expect(page.getByText(manage.leaveOfferLede)).toBeVisible();
	await page.getByRole("link", { name: manage.leaveNo }).click();
	await page.getByRole("button", { name: manage.decline }).click();
	await expect(heading(page)).toHaveText(manage.declined);
	await emailTo(third, /vous est offerte/);
	await page.getByRole("button", { name: manage.back }).click();
	await expect(heading(page)).toHaveText(manage.waitlisted);

	await page.goto(thirds);
	const stale = await page.context().newPage();
	await stale.goto(thirds);
	await page.getByRole("button", { name: manage.accept }).click();
	await expect(heading(page)).toHaveText(manage.confirmed);
	expect((await emailTo(third, /confirmée/)).calendar).toContain("METHOD:PUBLISH");
	// The other tab still shows the offer: passing now changes nothing, and the page says how things stand.
	await stale.getByRole("button", { name: manage.decline }).click();
	await expect(heading(stale)).toHaveText(manage.confirmed);
});

test.describe("with JavaScript", () => {
	test.use({ javaScriptEnabled: true });

	test("a group that is refused, then booked, has no accessibility violation", async ({ page, browser }) => {
		const { register } = await givenDates(browser);
		await page.goto(register);
		await page.getByText(words.fr.register.colleagues.open).click();
		await page.locator("#name2").fill("Noé Côté");
		await page.locator("#email2").fill("pas-un-courriel");
		await signUp(page, "fr", { name: "Zoé Roy", email: freshEmail() });
		await expect(page.getByRole("alert")).toBeVisible();
		await expectAccessible(page);
		await expectWithinWidth(page);
		await page.locator("#email2").fill("");
		await page.getByRole("button", { name: words.fr.register.submit }).click();
		await expect(heading(page)).toHaveText(words.fr.booked.groupTitle(2, 0));
		await expectAccessible(page);
		await expectWithinWidth(page);
	});
});
