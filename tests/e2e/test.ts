import { readFileSync } from "node:fs";
import { test as base, expect, type Page } from "playwright/test";
import type { Locale } from "#app/domain/locale.ts";
import { en } from "#app/i18n/en.ts";
import { fr } from "#app/i18n/fr.ts";

export { expect };

/** An error of a page or in its console fails the test, but for the statuses that a test asks for. */
export const test = base.extend<{ expectedStatuses: number[]; problems: string[] }>({
	expectedStatuses: [[], { option: true }],
	problems: async ({ browserName: _ }, use) => use([]),
	page: async ({ page, expectedStatuses, problems }, use) => {
		noteProblems(page, expectedStatuses, problems);
		await use(page);
		expect(problems).toEqual([]);
	},
});

/** The same with one page for all the tests of a worker, whose process is started once. They look, and change nothing. */
export const lookTest = test.extend<object, { onePage: Page }>({
	onePage: [
		async ({ browser }, use) => {
			const page = await browser.newPage({ viewport: { width: 360, height: 740 }, hasTouch: true });
			await use(page);
			await page.close();
		},
		{ scope: "worker" },
	],
	page: async ({ onePage, expectedStatuses, problems }, use) => {
		await onePage.context().clearCookies();
		onePage.removeAllListeners();
		noteProblems(onePage, expectedStatuses, problems);
		await use(onePage);
		expect(problems).toEqual([]);
	},
});

function noteProblems(page: Page, expectedStatuses: number[], problems: string[]): void {
	page.on("pageerror", (error) => problems.push(error.message));
	page.on("console", (message) => {
		// The tests' own tools knock at the frame that shows an email, and are refused as anyone is.
		if (message.type() !== "error" || message.text().startsWith("Blocked script execution")) return;
		const status = Number(/status of (\d{3})/.exec(message.text())?.[1]);
		if (!expectedStatuses.includes(status)) problems.push(message.text());
	});
}

export const words = { fr, en } as const;
export const listPath: Record<Locale, string> = { fr: "/", en: "/en" };

/** An address that nobody else in this run has. */
export function freshEmail(): string {
	return `essai.${Date.now().toString(36)}.${Math.random().toString(36).slice(2, 8)}@exemple.ca`;
}

/** Signs this page's browser in as the owner, whom all tests share: what a person chooses for themselves stays as it is. */
export async function asOrganizer(page: Page): Promise<void> {
	const [name = "", value = ""] = process.env.SITE_COOKIE!.split("=");
	await page.context().addCookies([{ name, value, url: process.env.SITE_URL! }]);
}

/** Signs in as an organizer who was invited, with the code that comes by email. `url` is the address of the sign-in page. */
export async function enterByCode(page: Page, url: string, email: string): Promise<void> {
	const { signIn } = fr.organizer;
	await page.goto(url);
	await page.getByLabel(signIn.email).fill(email);
	await page.getByRole("button", { name: signIn.send }).click();
	const code = /^\d{6}/.exec((await emailTo(email, /code de connexion/)).subject)![0];
	await page.getByLabel(signIn.code).fill(code);
	await page.getByRole("button", { name: signIn.enter }).click();
	await expect(page).not.toHaveURL(/sign-in/);
}

export type Mail = { to: string[]; subject: string; text: string; html: string; calendar?: string };

/** Waits for an email to this address whose subject matches, as it was received by a mail server. */
export async function emailTo(address: string, subject: RegExp): Promise<Mail> {
	let found: Mail | undefined;
	await expect(() => {
		const lines = readFileSync(process.env.SITE_MAILBOX!, "utf8").split("\n").filter(Boolean);
		const mails = lines.map((line) => JSON.parse(line) as Mail);
		found = mails.findLast((mail) => mail.to.includes(address) && subject.test(mail.subject));
		expect(found, `an email to ${address} about ${subject}`).toBeDefined();
	}).toPass({ timeout: 15_000 });
	return found!;
}

/** Fills the sign-up form of the page and sends it. */
export async function signUp(
	page: Page,
	locale: Locale,
	person: { name: string; email: string },
): Promise<void> {
	const { register, workshop } = words[locale];
	// Colleagues have fields of the same names: the first are the contact's.
	await page.getByLabel(register.name, { exact: true }).first().fill(person.name);
	await page.getByLabel(register.email, { exact: true }).first().fill(person.email);
	const wait = page.getByRole("button", { name: workshop.joinWaitlist });
	await page.getByRole("button", { name: register.submit }).or(wait).click();
}

/** Reflow (WCAG 2.2, 1.4.10): the page is no wider than its window. What scrolls in a frame of its own may be wider. */
export async function expectWithinWidth(page: Page, width = 320): Promise<void> {
	const before = page.viewportSize()!;
	await page.setViewportSize({ width, height: 640 });
	const tooWide = () =>
		page.evaluate(() => {
			const { scrollWidth, clientWidth } = document.documentElement;
			if (scrollWidth <= clientWidth) return [];
			return [...document.querySelectorAll("body *")]
				.filter((one) => one.getBoundingClientRect().right > clientWidth)
				.map((one) => one.outerHTML.slice(0, 120));
		});
	// A page that reads itself again meanwhile is looked at once more.
	await expect.poll(() => tooWide().catch(String), { timeout: 2000 }).toEqual([]);
	await page.setViewportSize(before);
}

const axeSource = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
const everyRule = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** WCAG 2.2 AA by axe: no violation, whatever its weight. */
export async function expectAccessible(page: Page): Promise<void> {
	await page.evaluate(axeSource);
	expect(await violationsOf(page, everyRule)).toEqual([]);
}

/** What other colours may change on a page that was found accessible: axe is there still. */
export async function expectContrast(page: Page): Promise<void> {
	expect(await violationsOf(page, ["color-contrast"])).toEqual([]);
}

type Violation = { id: string; nodes: { html: string }[] };
type Axe = { run(context: object, options: object): Promise<{ violations: Violation[] }> };

/** No frame is looked into. */
async function violationsOf(page: Page, runOnly: string[]): Promise<string[]> {
	const { violations } = await page.evaluate((runOnly) => {
		const { axe } = window as unknown as { axe: Axe };
		return axe.run({ exclude: ["iframe"] }, { runOnly, resultTypes: ["violations"] });
	}, runOnly);
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
}
