import { existsSync } from "node:fs";
import { chromium, type LaunchOptions } from "playwright";

const systemBrowsers = [
	"/usr/bin/chromium",
	"/usr/bin/chromium-browser",
	"/usr/bin/google-chrome",
	"/usr/bin/microsoft-edge",
	"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];

/**
 * The first Chromium that really starts: `CHROMIUM_PATH`, Playwright's own, the one that npm brings for Linux, then the
 * machine's. The first three are headless builds: a desktop's Chromium takes two to three times as long for each page.
 * Throws a sentence that says how to get one.
 */
export async function findBrowser(): Promise<LaunchOptions> {
	for await (const candidate of candidates()) {
		const options = { ...candidate, args: [...quiet, ...(candidate.args ?? [])] };
		try {
			const browser = await chromium.launch(options);
			await browser.close();
			return options;
		} catch {
			// The next one.
		}
	}
	throw new Error(
		"No Chromium starts on this machine. Run `npx playwright install chromium`, or set CHROMIUM_PATH.",
	);
}

async function* candidates(): AsyncGenerator<LaunchOptions> {
	// Root cannot use Chromium's sandbox; these pages are our own.
	const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
	if (process.env.CHROMIUM_PATH) yield { executablePath: process.env.CHROMIUM_PATH, args };
	yield { args };
	if (process.platform === "linux" && process.arch === "x64") {
		// Read when the package is imported: it then unpacks the libraries that a bare machine lacks.
		process.env.AWS_LAMBDA_JS_RUNTIME ??= "nodejs22.x";
		const { default: bundled } = await import("@sparticuz/chromium");
		bundled.setGraphicsMode = false;
		// Made for one page at a time: in a single process, a context that closes takes the browser with it. And the
		// browser is to hold the pages to their own policies.
		const unwanted =
			/^--(single-process|no-zygote|in-process-gpu|disable-web-security|allow-running-insecure-content)$/;
		const args = [...bundled.args.filter((arg) => !unwanted.test(arg)), "--disable-gpu"];
		yield { executablePath: await bundled.executablePath(), args };
	}
	for (const executablePath of systemBrowsers) if (existsSync(executablePath)) yield { executablePath, args };
}
