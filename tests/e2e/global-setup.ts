import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** Starts the site in a process that runs our sources as they are, and tells the tests where it is. */
export default async function globalSetup(): Promise<() => Promise<void>> {
	const mailbox = "test-results/site/mailbox.jsonl";
	const site = spawn(process.execPath, ["--import", "tsx", "tests/e2e/site.ts", mailbox], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const [line] = await Promise.race([
		once(createInterface(site.stdout), "line"),
		once(site, "exit").then(() => {
			throw new Error("The site of the browser tests did not start.");
		}),
	]);
	const { url, cookie, everyPage } = JSON.parse(line);
	process.env.SITE_URL = url;
	process.env.SITE_COOKIE = cookie;
	process.env.SITE_MAILBOX = mailbox;
	process.env.SITE_EVERY_PAGE = JSON.stringify(everyPage);
	return async () => {
		const exit = once(site, "exit");
		site.stdin.end();
		await exit;
	};
}
