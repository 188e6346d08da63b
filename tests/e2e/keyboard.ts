import { expect, type Locator, type Page } from "playwright/test";

const mostStops = 80;

/** Presses Tab, or Shift+Tab, until this has the focus. Wherever the focus stops on the way, it can be seen. */
export async function walkTo(page: Page, target: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
	await expect(target).toBeVisible();
	for (let stop = 0; stop < mostStops; stop += 1) {
		await page.keyboard.press(key);
		const { name, ...seen } = await page.evaluate(lookAtFocus);
		expect(seen, name).toEqual({ outlined: true, uncovered: true });
		if (await target.evaluate((element) => element === document.activeElement)) return;
	}
	throw new Error(`${key} does not lead to ${target}`);
}

/** Whether the focus is outlined, a choice or a session being so as a whole, and not all behind something else. */
function lookAtFocus(): { name: string; outlined: boolean; uncovered: boolean } {
	const focused = document.activeElement ?? document.body;
	let outlined = false;
	for (let element: Element | null = focused; element; element = element.parentElement) {
		const { outlineStyle, outlineWidth } = getComputedStyle(element);
		outlined ||= outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
	}
	const { left, right, top, bottom } = focused.getBoundingClientRect();
	const uncovered = [0.1, 0.5, 0.9].some((part) => {
		const shown = document.elementFromPoint((left + right) / 2, top + (bottom - top) * part);
		return focused.contains(shown) || Boolean(shown?.closest("label")?.contains(focused));
	});
	return { name: focused.outerHTML.slice(0, 120), outlined, uncovered };
}
