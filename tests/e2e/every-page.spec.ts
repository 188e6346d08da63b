import { addressesOf, asOwnerOfFilledSite, everyPage } from "./every-page.ts";
import { expect, expectAccessible, expectContrast, expectWithinWidth, lookTest as test } from "./test.ts";

/* Each route that is a page is looked at, a new one before it is thought of. `faces` are what a page becomes besides. */

/** The pages that say no. All others answer 200. */
const refusals: Record<string, number> = {
	"refus/:status": 404,
	"en/refus/:status": 404,
	"cette-page-n-existe-pas": 404,
};

/** Shown for somebody confirmed, and for others: on the list, offered a seat, cancelled, in a group. */
const shownForAll = ["inscriptions/:token", "ma-place/:token"];
const faces = [
	"ateliers/les-medias-sociaux-en-entreprise",
	"ateliers/les-medias-sociaux-en-entreprise/inscription",
	"ateliers/mots-de-passe-comptes-et-habitudes/inscription",
	"en/workshops/social-media-at-work",
	"en/workshops/social-media-at-work/register",
	"cette-page-n-existe-pas",
	"organizer/settings/incidents/new",
	"organizer/workshops/new",
	"organizer/workshops?archives",
	"organizer/workshops/:workshopId/questions/new",
	"organizer/sessions/:sessionId?onglet=attente",
	"organizer/sessions/:sessionId?onglet=annulees",
	"organizer/sessions/:sessionId/check-in?q=personne-de-ce-nom",
	"organizer/attendees?q=personne-de-ce-nom",
];

for (const name of [...everyPage(), ...faces]) {
	test.describe(() => {
		const refusal = refusals[name];
		test.use({ expectedStatuses: refusal ? [refusal] : [] });

		test(`/${name} has no accessibility violation in light or dark, and does not scroll sideways at 320 px`, async ({
			page,
		}) => {
			if (!name.startsWith("organizer/sign-in")) await asOwnerOfFilledSite(page);
			const addresses = addressesOf(name);
			for (const address of shownForAll.includes(name) ? addresses : addresses.slice(0, 1)) {
				// What fades from one colour to the other would be read half-way.
				await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
				expect((await page.goto(address))!.status(), address).toBe(refusal ?? 200);
				expect(page.url()).toBe(address);
				// What is laid out in a row or in a ticket is a list without bullets.
				for (const list of await page.locator(":is(.masthead, .ticket) ul").all())
					await expect(list).toHaveCSS("list-style-type", "none");
				await expectWithinWidth(page);
				await page.evaluate(shorten);
				await expectAccessible(page);
				await page.emulateMedia({ colorScheme: "dark" });
				await expectContrast(page);
			}
		});
	});
}

test("no organizer page scrolls sideways at 320 px for whoever reads it in English", async ({ page }) => {
	test.slow();
	await asOwnerOfFilledSite(page, "en");
	await page.setViewportSize({ width: 320, height: 640 });
	for (const name of everyPage().filter((one) => /^organizer(?!\/sign-in)/.test(one))) {
		await page.goto(addressesOf(name)[0]!, { waitUntil: "domcontentloaded" });
		await expect(page.locator("html"), name).toHaveAttribute("lang", "en-CA");
		await expectWithinWidth(page);
	}
});

/** The rows of a long list are alike, and each of their words takes its time. */
function shorten(): void {
	for (const row of document.querySelectorAll(":is(tr, li):nth-child(n + 12)")) row.remove();
}
