import { addressesOf, everyPage } from "./every-page.ts";
import { expect, expectWithinWidth, test } from "./test.ts";

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

/** What hides a part of its own words: text that is larger must push, and not be cut. */
function cutWords(): string[] {
	return [...document.querySelectorAll<HTMLElement>("body *")].flatMap((one) => {
		const { overflowX, overflowY, clipPath } = getComputedStyle(one);
		if (clipPath !== "none" || one.matches("input, select, textarea") || !one.checkVisibility()) return [];
		const cutAside = overflowX !== "visible" && one.scrollWidth > one.clientWidth + 1;
		const cutBelow = overflowY !== "visible" && one.scrollHeight > one.clientHeight + 1;
		return cutAside || cutBelow ? [one.outerHTML.slice(0, 120)] : [];
	});
}

test.describe(() => {
	test.use({ expectedStatuses: [404] });

	test("text twice as large is all there on every public page, and the page does not scroll sideways", async ({
		page,
	}) => {
		test.slow();
		for (const name of [...publicPages, ...faces]) {
			await page.goto(addressesOf(name)[0]!);
			await page.evaluate(() => {
				document.documentElement.style.fontSize = "200%";
				for (const details of document.querySelectorAll("details")) details.open = true;
			});
			await expectWithinWidth(page, 1280);
			await page.setViewportSize({ width: 1280, height: 800 });
			expect.soft(await page.evaluate(cutWords), name).toEqual([]);
		}
	});
});

/** Buttons and tags whose edge cannot be told from the page, where backgrounds are the system's. */
function edgeless(): string[] {
	return [...document.querySelectorAll(".button, .tag")].flatMap((one) => {
		const { borderTopWidth, borderTopStyle, borderTopColor, backgroundColor } = getComputedStyle(one);
		const { backgroundColor: paper } = getComputedStyle(document.body);
		const edge = borderTopStyle === "solid" && Number.parseFloat(borderTopWidth) >= 1;
		const seen = edge && ![paper, "rgba(0, 0, 0, 0)"].includes(borderTopColor);
		return seen || ![paper, "rgba(0, 0, 0, 0)"].includes(backgroundColor)
			? []
			: [`${borderTopColor} on ${paper}: ${one.outerHTML.slice(0, 120)}`];
	});
}

test("in colours of one's own, buttons and tags keep an edge, and the focus an outline", async ({ page }) => {
	await page.emulateMedia({ forcedColors: "active" });
	for (const name of ["", ...faces, "mon-groupe/:token", "ma-place/:token"]) {
		await page.goto(addressesOf(name)[0]!);
		expect(await page.locator(".button, .tag").count(), name).toBeGreaterThan(0);
		expect(await page.evaluate(edgeless), name).toEqual([]);
		for (let step = 0; step < 12; step += 1) {
			await page.keyboard.press("Tab");
			const outlined = await page.evaluate(() => {
				const focused = document.activeElement!;
				const shown = focused.closest(".session:has(a.whole:focus-visible), .choice") ?? focused;
				const { outlineStyle, outlineWidth } = getComputedStyle(shown);
				return focused === document.body || (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2);
			});
			expect(outlined, `${name}: ${await page.evaluate(() => document.activeElement!.outerHTML)}`).toBe(true);
		}
	}
});

test("what is too small, cut or without an edge is seen to be", async ({ page }) => {
	await page.emulateMedia({ forcedColors: "active" });
	await page.setContent(`
		<p><a href="/">Seul</a></p>
		<p>Dans une <a href="/">phrase</a>.</p>
		<button style="height: 40px; width: 80px">Petit</button>
		<p style="overflow: hidden; width: 3rem; white-space: nowrap">Des mots que personne ne lit</p>
		<span class="tag" style="forced-color-adjust: none">Complet</span>`);
	expect((await page.evaluate(smallTargets)).map((one) => one.replace(/^[^<]*/, ""))).toEqual([
		'<a href="/">Seul</a>',
		'<button style="height: 40px; width: 80px">Petit</button>',
	]);
	expect(await page.evaluate(cutWords)).toHaveLength(1);
	expect(await page.evaluate(edgeless)).toHaveLength(1);
});
