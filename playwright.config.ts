import { defineConfig } from "playwright/test";
import { findBrowser } from "./tests/browser.ts";

// Each worker reads this file: the browser is looked for once.
process.env.PRESENCE_BROWSER ??= JSON.stringify(await findBrowser());
const launchOptions = JSON.parse(process.env.PRESENCE_BROWSER);

export default defineConfig({
	testDir: "tests/e2e",
	globalSetup: "./tests/e2e/global-setup.ts",
	outputDir: "test-results/playwright",
	fullyParallel: true,
	forbidOnly: Boolean(process.env.CI),
	workers: 2,
	timeout: 30_000,
	expect: { timeout: 7_000 },
	reporter: process.env.CI ? [["list"]] : [["line"]],
	// The address is known once the global setup has run, which is before any worker reads this.
	use: {
		baseURL: process.env.SITE_URL,
		launchOptions,
		screenshot: "only-on-failure",
	},
	projects: [
		{ name: "phone", use: { viewport: { width: 360, height: 740 }, hasTouch: true } },
		// What a wide screen lays out otherwise; the rest behaves the same and is driven once, as most people do.
		{
			name: "desktop",
			testMatch: /(attendee|organizer)\.spec\.ts/,
			use: { viewport: { width: 1280, height: 800 } },
		},
	],
});
