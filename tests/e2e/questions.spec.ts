import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import type { Browser, Page } from "playwright/test";
import type { Locale } from "#app/domain/locale.ts";
import { givenDates } from "./given.ts";
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

// Each makes a workshop of its own first.
test.slow();

const t = words.fr.organizer.questions;

type Form = Record<string, string>;

const asked: Form[] = [
	{
		kind: "boolean",
		labelFr: "Avez-vous déjà une politique?",
		labelEn: "Do you have a policy?",
		required: "yes",
	},
	{ kind: "number", labelFr: "Combien de collègues?", labelEn: "How many colleagues?" },
	{ kind: "long", labelFr: "Qu’espérez-vous?", labelEn: "" },
	{
		kind: "choices",
		labelFr: "Vos réseaux",
		labelEn: "Your networks",
		addedFr: "Blogue\nForum\nVidéo",
		addedEn: "Blog\nForum\nVideo",
	},
	{
		kind: "choice",
		labelFr: "Votre repas",
		labelEn: "Your lunch",
		addedFr: "Végétarien\nVégane",
		addedEn: "Vegetarian\nVegan",
		askedAt: "after",
	},
	{ kind: "date", labelFr: "Arrivée en poste", labelEn: "First day at work", askedAt: "after" },
];

const labels = {
	fr: asked.map(({ labelFr }) => labelFr!),
	en: asked.map(({ labelFr, labelEn }) => labelEn || labelFr!),
};

/** A published workshop with dates of its own, that asks questions of each kind but a line. */
async function givenAskingWorkshop(
	browser: Browser,
	changes: { capacity?: string; questions?: Form[] } = {},
) {
	const { capacity = "20", questions = asked } = changes;
	const { slug, workshop, sessions } = await givenDates(browser, { capacity }, async (send, made) => {
		for (const question of questions) {
			await send(`${made}/questions/new`, { askedAt: "registration", ...question });
		}
	});
	return {
		workshop,
		session: `/organizer/sessions/${sessions[0]}`,
		form: { fr: `/ateliers/${slug}/inscription`, en: `/en/workshops/${slug}/register` } satisfies Record<
			Locale,
			string
		>,
	};
}

async function manageUrl(email: string): Promise<string> {
	const mail = await emailTo(email, /confirmée|confirmed|Liste d’attente|Waitlist/i);
	return /https?:\S+\/(?:ma-place|my-seat)\/\S+/.exec(mail.text)![0];
}

function group(page: Page, name: string) {
	return page.getByRole("group", { name });
}

for (const locale of ["fr", "en"] as const) {
	for (const javaScriptEnabled of [true, false]) {
		test.describe(`${locale}, JavaScript ${javaScriptEnabled ? "on" : "off"}`, () => {
			test.use({ javaScriptEnabled });

			test("questions are answered at sign-up and after, corrected from one’s link, and exported", async ({
				page,
				browser,
			}) => {
				const { form, session } = await givenAskingWorkshop(browser);
				const w = words[locale].questions;
				const [policy, colleagues, hope, networks, lunch, firstDay] = labels[locale] as [
					string,
					string,
					string,
					string,
					string,
					string,
				];
				const [forum, video, vegan] =
					locale === "fr" ? ["Forum", "Vidéo", "Végane"] : ["Forum", "Video", "Vegan"];
				const email = freshEmail();
				await page.goto(form[locale]);
				expect(await page.locator("[required]").count()).toBe(0);
				if (locale === "en") await expect(page.getByText(hope)).toHaveAttribute("lang", "fr");
				await page.getByLabel(colleagues).fill("beaucoup");
				await page.getByLabel(hope).fill("<b>Tout</b>\nمرحبا 👩🏽‍🏫");
				await page.getByLabel(forum!).check();
				await page.getByLabel(video!).check();
				await signUp(page, locale, { name: "Zoé Roy", email });

				const summary = page.getByRole("alert");
				await expect(summary.getByRole("link")).toHaveText([
					w.errors.missing(policy),
					w.errors.number(colleagues),
				]);
				await summary.getByRole("link").first().click();
				const yes = group(page, policy).getByLabel(w.yes);
				await expect(yes).toBeFocused();
				await expect(group(page, policy)).toHaveAccessibleDescription(w.errors.missing(policy));
				await expect(page.getByLabel(colleagues)).toHaveValue("beaucoup");
				await expect(page.getByLabel(hope)).toHaveValue("<b>Tout</b>\nمرحبا 👩🏽‍🏫");
				await expect(page.getByLabel(forum!)).toBeChecked();
				await expect(page.getByLabel(video!)).toBeChecked();

				await group(page, policy).getByLabel(w.no).check();
				await page.getByLabel(colleagues).fill("1 234,5");
				await page.getByRole("button", { name: words[locale].register.submit }).click();
				await expect(page.getByRole("heading", { level: 1 })).toHaveText(words[locale].booked.confirmedTitle);
				expect(await page.content()).not.toContain("Tout");

				const booked = page.url();
				await page.getByLabel(vegan!).check();
				await page.getByLabel(firstDay).fill("2024-05-01");
				await page.getByRole("button", { name: w.after.save }).click();
				await expect(page.getByRole("status")).toHaveText(w.after.saved);
				// What was answered is shown to its person alone.
				await page.goto(booked);
				await expect(page.getByLabel(vegan!)).not.toBeChecked();
				expect(await page.content()).not.toContain("2024-05-01");

				await page.goto(await manageUrl(email));
				const own = page.locator("#answers");
				const shown = (label: string) => own.locator("dl > div").filter({ hasText: label }).locator("dd");
				await expect(shown(policy)).toHaveText(w.no);
				await expect(shown(lunch)).toHaveText(vegan!);
				await expect(shown(firstDay)).toHaveText(
					locale === "fr" ? "mercredi 1er mai 2024" : "Wednesday, May 1, 2024",
				);
				await own.getByText(w.own.edit).click();
				await own.getByLabel(colleagues).fill("");
				await own.getByLabel(forum!).uncheck();
				await group(page, lunch).getByLabel(w.noAnswer).check();
				await own.getByRole("button", { name: w.own.save }).click();
				await expect(page.getByRole("status")).toHaveText(w.own.saved);
				await expect(shown(networks)).toHaveText(video!);
				await expect(shown(lunch)).toHaveCount(0);
				await expect(shown(colleagues)).toHaveCount(0);

				await asOrganizer(page);
				await page.goto(session);
				const [csv] = await Promise.all([
					page.waitForEvent("download"),
					page.getByRole("link", { name: words.fr.organizer.attendees.csv }).click(),
				]);
				const rows: Record<string, string>[] = parse(readFileSync(await csv.path()), {
					bom: true,
					delimiter: ";",
					columns: true,
				});
				expect(rows.find((row) => row.Courriel === email)).toMatchObject({
					[labels.fr[0]!]: "Non",
					[labels.fr[1]!]: "",
					[labels.fr[3]!]: "Vidéo",
					[labels.fr[4]!]: "",
					[labels.fr[5]!]: "2024-05-01",
				});
			});
		});
	}
}

test("an address already registered meets the same questions and the same thanks, and changes nothing", async ({
	page,
	browser,
}) => {
	const { form } = await givenAskingWorkshop(browser, { questions: asked.slice(4) });
	const w = words.fr.questions;
	const email = freshEmail();
	const pages: string[] = [];
	for (const meal of ["Végétarien", "Végane"]) {
		await page.goto(form.fr);
		await signUp(page, "fr", { name: "Zoé Roy", email });
		await page.getByLabel(meal).check();
		await page.getByRole("button", { name: w.after.save }).click();
		await expect(page.getByRole("status")).toHaveText(w.after.saved);
		const thanked = await page.locator("main").innerText();
		await page.goto(page.url().replace(/\?.*/, ""));
		await expect(page.getByLabel(meal)).not.toBeChecked();
		const reference = await page.locator(".reference").innerText();
		pages.push(`${thanked}\n${await page.locator("main").innerText()}`.replaceAll(reference, "REFERENCE"));
	}
	expect(pages[1]).toBe(pages[0]);
	await page.goto(await manageUrl(email));
	await expect(page.locator("#answers dd")).toHaveText(["Végétarien"]);
});

test("a date that fills meanwhile loses no answer", async ({ page, browser }) => {
	const { form } = await givenAskingWorkshop(browser, { capacity: "1" });
	const w = words.fr.questions;
	const email = freshEmail();
	await page.goto(form.fr);
	const other = await page.context().newPage();
	await other.goto(form.fr);
	await group(other, labels.fr[0]!).getByLabel(w.yes).check();
	await signUp(other, "fr", { name: "Lan Nguyễn", email: freshEmail() });
	await expect(other.locator(".reference")).toBeVisible();

	await group(page, labels.fr[0]!).getByLabel(w.yes).check();
	await page.getByLabel("Blogue").check();
	await page.getByLabel("Vidéo").check();
	await page.getByLabel(labels.fr[2]!).fill("Deux\nlignes");
	await signUp(page, "fr", { name: "Zoé Roy", email });
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.filled.title);
	await page.getByRole("button", { name: words.fr.filled.change }).click();
	await expect(page.getByLabel("Blogue")).toBeChecked();
	await expect(page.getByLabel("Forum")).not.toBeChecked();
	await expect(page.getByLabel(labels.fr[2]!)).toHaveValue("Deux\nlignes");
	await expect(group(page, labels.fr[0]!).getByLabel(w.yes)).toBeChecked();
	await page.getByRole("button", { name: words.fr.register.submit }).click();
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(words.fr.booked.waitlistedTitle);
	await page.goto(await manageUrl(email));
	await expect(page.locator("#answers dd")).toHaveText([w.yes, "Deux\nlignes", "Blogue et Vidéo"]);
});

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("an organizer adds, translates, orders and archives questions", async ({ page, browser }) => {
		const { workshop } = await givenAskingWorkshop(browser, { questions: asked.slice(0, 2) });
		await asOrganizer(page);
		await page.goto(workshop);
		await page.getByRole("link", { name: t.manage }).click();
		await page.getByRole("link", { name: t.add }).click();
		await page.locator("[name=labelFr]").fill("Votre repas");
		await page.locator("[name=kind]").selectOption("choice");
		await page.locator("[name=addedFr]").fill("Végétarien");
		await page.getByRole("button", { name: t.save }).click();
		await expect(page.getByRole("alert")).toContainText(t.errors.tooFew);
		await expect(page.locator("[name=labelFr]")).toHaveValue("Votre repas");
		await page.locator("[name=addedFr]").fill("Végétarien\nVégane");
		await page.getByRole("button", { name: t.save }).click();
		await expect(page.getByRole("status")).toHaveText(t.saved);

		const rows = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: t.archive }) });
		await expect(rows).toHaveCount(3);
		await expect(rows.nth(2)).toContainText(words.fr.organizer.workshops.toTranslate);
		await page.getByRole("link", { name: "Votre repas" }).click();
		await page.locator("[name=labelEn]").fill("Your lunch");
		await page.locator("[name='fr.vegetarien']").fill("Sans viande");
		await page.locator("[name='en.vegetarien']").fill("No meat");
		await page.locator("[name='en.vegane']").fill("Vegan");
		await page.getByRole("button", { name: t.save }).click();
		await expect(rows.nth(2)).toContainText("Sans viande / Végane");
		await expect(rows.nth(2)).not.toContainText(words.fr.organizer.workshops.toTranslate);

		await page.getByRole("button", { name: t.upFor("Votre repas") }).click();
		await expect(rows.nth(1)).toContainText("Votre repas");
		await page.getByRole("button", { name: t.archiveFor("Votre repas") }).click();
		await expect(rows).toHaveCount(2);
		await expect(page.getByRole("heading", { name: t.archived })).toBeVisible();
		await page.getByRole("button", { name: t.restoreFor("Votre repas") }).click();
		await expect(rows.nth(2)).toContainText("Votre repas");
	});

	test("the kind of a question that was answered is no longer asked for", async ({ page, browser }) => {
		const { workshop, form } = await givenAskingWorkshop(browser, { questions: asked.slice(0, 1) });
		await page.goto(form.fr);
		await page.getByLabel(words.fr.questions.yes).check();
		await signUp(page, "fr", { name: "Zoé Roy", email: freshEmail() });
		await asOrganizer(page);
		await page.goto(`${workshop}/questions`);
		await page.getByRole("link", { name: labels.fr[0] }).click();
		await expect(page.getByText(t.fields.kindFrozen)).toBeVisible();
		await expect(page.locator("select[name=kind]")).toHaveCount(0);
		await page.locator("[name=labelFr]").fill("Une politique?");
		await page.getByRole("button", { name: t.save }).click();
		await expect(page.getByRole("link", { name: "Une politique?" })).toBeVisible();
	});
});

test("the pages with questions have no accessibility violation", async ({ page, browser }) => {
	const { workshop, form } = await givenAskingWorkshop(browser);
	const email = freshEmail();
	await page.goto(form.fr);
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByLabel(labels.fr[1]!).fill("x");
	await signUp(page, "fr", { name: "Zoé Roy", email });
	await expect(page.getByRole("alert")).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByLabel(labels.fr[1]!).fill("");
	await group(page, labels.fr[0]!).getByLabel(words.fr.questions.no).check();
	await page.getByRole("button", { name: words.fr.register.submit }).click();
	await expect(page.locator(".reference")).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.goto(await manageUrl(email));
	await page.getByText(words.fr.questions.own.edit).click();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await asOrganizer(page);
	await page.goto(`${workshop}/questions`);
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.getByRole("link", { name: labels.fr[3] }).click();
	await expectAccessible(page);
	await expectWithinWidth(page);
});
