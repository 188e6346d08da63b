import { addressesOf, everyPage } from "./every-page.ts";
import { expect, test } from "./test.ts";

/* What every public page owes to thumbs, to large text and to colours of one's own. */

const publicPages = everyPage().filter((name) => !name.startsWith("organizer"));
const faces = [
	"ateliers/les-medias-sociaux-en-entreprise",
	"ateliers/les-medias-sociaux-en-entreprise/inscription",
];

/** Buttons and what stands like them are for a thumb; a link in a sentence is as high as its line (WCAG 2.2, 2.5.8). */
function smallTargets(): string[] {
	const controls = document.querySelectorAll<HTMLElement>(
		"a[href], button, input, select, textarea, summary",
	);
	return [...controls].flatMap((control) => {
		if (control.matches("[type=hidden], [tabindex='-1'], .skip") || !control.checkVisibility()) return [];
		const { parentElement: parent } = control;
		const isLink = control.matches("a:not(.button)");
		const aside = parent?.textContent?.trim() !== control.textContent?.trim();
		if (isLink && aside && getComputedStyle(control).display === "inline" && !control.matches(".whole"))
			return [];
		const area = control.matches(".whole")
			? control.closest(".session")!
			: (control.closest("label") ?? control);
		const { width, height } = area.getBoundingClientRect();
		const least = isLink && !control.closest("nav, .masthead") ? 24 : 48;
		const tooSmall = height < least - 0.5 || width < Math.min(least, 44) - 0.5;
		return tooSmall
			? [`${Math.round(width)} × ${Math.round(height)} ${control.outerHTML.slice(0, 120)}`]
			: [];
	});
}

test.describe(() => {
	test.use({ expectedStatuses: [404] });

	test("what is tapped on a public page is as large as a thumb needs, at 360 px", async ({ page }) => {
		test.slow();
		for (const name of [...publicPages, ...faces]) {
			await page.goto(addressesOf(name)[0]!);
			await page.evaluate(() => {
				for (const details of document.querySelectorAll("details")) details.open = true;
			});
			expect.soft(await page.evaluate(smallTargets), name).toEqual([]);
		}
	});
});
