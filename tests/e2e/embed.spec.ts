import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "playwright/test";
import { paths } from "#app/paths.ts";
import { asOrganizer, expect, expectAccessible, test, words } from "./test.ts";

/* A blog of another origin, whose page holds what an organizer copied: a number where the site has a name. */
let blog: Server;
let pasted = "";
test.beforeAll(async () => {
	blog = createServer((_, response) => {
		response.setHeader("Content-Type", "text/html; charset=utf-8");
		response.end(`<!doctype html><html lang="fr"><title>Le blogue</title><h1>Le blogue</h1>${pasted}`);
	}).listen(0, "127.0.0.1");
	await new Promise((resolve) => blog.once("listening", resolve));
});
test.afterAll(() => {
	blog.close();
});

function blogUrl(): string {
	return `http://127.0.0.1:${(blog.address() as AddressInfo).port}/`;
}

const code = words.fr.organizer.embed;

async function chosenSnippet(page: Page): Promise<string> {
	await asOrganizer(page);
	await page.goto(paths.organizer.embed());
	await page.getByLabel(code.workshop, { exact: true }).selectOption({ index: 1 });
	await page.getByRole("button", { name: code.show }).click();
	await expect(page).toHaveURL(/atelier=./);
	return page.getByLabel(code.code).inputValue();
}

/** How high the frame is, and how high what is in it. */
async function heights(page: Page) {
	const frame = page.locator("iframe").first();
	const inside = frame.contentFrame().locator("html");
	return {
		frame: (await frame.boundingBox())!.height,
		inside: Math.ceil((await inside.boundingBox())!.height),
	};
}

test("a page of another site shows the dates at their height, and a click leads to the workshop", async ({
	page,
}) => {
	pasted = await chosenSnippet(page);
	await page.goto(blogUrl());
	const frame = page.locator("iframe");
	const dates = frame.contentFrame();
	await expect(dates.getByRole("listitem").first()).toBeVisible();
	for (const width of [360, 900, 320]) {
		await page.setViewportSize({ width, height: 740 });
		await expect(async () => {
			const { frame, inside } = await heights(page);
			expect(frame).toBe(inside);
			expect(frame).not.toBe(600);
		}).toPass();
	}
	const title = await dates.getByRole("heading", { level: 2 }).first().textContent();
	await dates.getByRole("link").first().click();
	await expect(page).toHaveURL(/\/ateliers\/.*date=/);
	await expect(page.getByRole("heading", { level: 1 })).toHaveText(title!);
	await page.goBack();
	await expect(page.getByRole("heading", { name: "Le blogue" })).toBeVisible();
});

test("the frame says its height again where the script comes after it, and hears of it from nobody else", async ({
	page,
}) => {
	const [frame, script] = (await chosenSnippet(page)).split("\n");
	pasted = frame!.replace('loading="lazy"', "");
	await page.goto(blogUrl());
	await expect(page.locator("iframe").contentFrame().getByRole("listitem").first()).toBeVisible();
	expect((await heights(page)).frame).toBe(600);
	await page.evaluate((html) => {
		const { src } = new DOMParser().parseFromString(html, "text/html").querySelector("script")!;
		document.head.append(Object.assign(document.createElement("script"), { src }));
	}, script!);
	await expect.poll(async () => (await heights(page)).frame).not.toBe(600);
	const { inside } = await heights(page);
	await page.evaluate(() => {
		const stranger = document.body.appendChild(document.createElement("iframe"));
		stranger.srcdoc = "<script>parent.postMessage({ height: 5 }, '*'); parent.heard = true</script>";
	});
	await page.waitForFunction(() => "heard" in window);
	expect((await heights(page)).frame).toBe(inside);
	await expect(page.locator("iframe").nth(1)).not.toHaveAttribute("style");
});

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("the frame scrolls, and leads to the workshop too", async ({ page }) => {
		pasted = await chosenSnippet(page);
		await page.goto(blogUrl());
		expect((await page.locator("iframe").boundingBox())!.height).toBe(600);
		await page.locator("iframe").contentFrame().getByRole("link").first().click();
		await expect(page).toHaveURL(/\/ateliers\/.*date=/);
	});
});

test("no other page of the site shows in a frame", async ({ page, problems }) => {
	pasted = `<iframe src="${process.env.SITE_URL}/" title="La liste"></iframe>`;
	await page.goto(blogUrl());
	await expect.poll(() => problems.join()).toContain("frame-ancestors 'none'");
	await expect(page.locator("iframe").contentFrame().getByRole("heading")).toHaveCount(0);
	problems.splice(0);
});

test("what is to be pasted is copied with one button, and the preview is the frame itself", async ({
	page,
	context,
}) => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	const snippet = await chosenSnippet(page);
	await page.getByRole("button", { name: code.copy }).click();
	await expect(page.getByRole("button", { name: code.copied })).toBeVisible();
	expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(snippet);
	const preview = page.locator("iframe").contentFrame();
	await expect(preview.getByRole("listitem").first()).toBeVisible();
	await expectAccessible(page);
});
