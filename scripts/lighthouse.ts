import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { chromium } from "playwright";
import { openDatabase } from "#db/client.server.ts";
import { freePort } from "#tests/app-process.ts";
import { findBrowser } from "#tests/browser.ts";
import { type FilledSite, startFilledSite } from "#tests/http/filled-site.ts";
import { startTestPostgres } from "#tests/postgres.ts";

/*
 * npm run lighthouse: the built app, filled with the demo, on the phone that Lighthouse plays. Accessibility and best
 * practices must be perfect on each page, SEO where a page may be indexed; the performance of an attendee's page is 99 at
 * least. A machine that is busy with something else makes a page slow and never a slow one fast: the best of
 * three counts.
 */
const version = "12.8.2";
const leastPerformance = 0.99;
const mostTries = 3;
const workshop = "ateliers/les-medias-sociaux-en-entreprise";
const pages: { route: string; path?: string; indexed?: true }[] = [
	{ route: "", indexed: true },
	{ route: "en", indexed: true },
	{ route: "ateliers/:slug", path: `/${workshop}`, indexed: true },
	{ route: "en/workshops/:slug", path: "/en/workshops/social-media-at-work", indexed: true },
	{ route: "ateliers/:slug/inscription", path: `/${workshop}/inscription` },
	{ route: "ma-place/:token" },
	{ route: "organizer" },
	{ route: "organizer/sessions/:sessionId" },
];

type Category = "performance" | "accessibility" | "best-practices" | "seo";
type Result = {
	categories: Record<Category, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
	audits: Record<string, { score: number | null; title: string }>;
};

const run = promisify(execFile);

async function measure(site: FilledSite, address: string, cookie: string, port: number): Promise<Result> {
	const { stdout } = await run(
		"npm",
		[
			...["exec", "--yes", `--package=lighthouse@${version}`, "--", "lighthouse"],
			...[site.app.url + address, `--port=${port}`, "--output=json", "--quiet", "--chrome-flags=--headless"],
			`--extra-headers=${JSON.stringify(address.startsWith("/organizer") ? { Cookie: cookie } : {})}`,
		],
		{ maxBuffer: 64 * 1024 * 1024 },
	);
	return JSON.parse(stdout);
}

function isFast({ categories }: Result): boolean {
	return (categories.performance.score ?? 0) >= leastPerformance;
}

/** What keeps a category from being perfect, by the titles of its audits. */
function missedIn({ categories, audits }: Result, category: Category): string[] {
	const { score, auditRefs } = categories[category];
	if (score === 1) return [];
	const failed = auditRefs.filter(({ id, weight }) => weight > 0 && audits[id]?.score !== 1);
	return failed.map(({ id }) => `${category}: ${audits[id]?.title} (${id})`);
}

const postgres = await startTestPostgres();
const url = await postgres.createDatabase("lighthouse");
const { db, close } = openDatabase({ connectionString: url });
const site = await startFilledSite({ db, url, drop: close });
const port = await freePort();
const options = await findBrowser();
const args = [...(options.args ?? []), `--remote-debugging-port=${port}`];
const browser = await chromium.launch({ ...options, args });
let missed = 0;
try {
	const cookie = await site.ownerCookie("fr");
	console.log("performance  accessibility  best practices  SEO  page");
	for (const { route, path, indexed } of pages) {
		const address = path ?? site.addresses.find((one) => one.route === route)!.address;
		const forAttendees = !address.startsWith("/organizer");
		const again = () => measure(site, address, cookie, port);
		// It may not even load in the time that it has.
		let result = await again().catch(again);
		for (let tries = 1; forAttendees && !isFast(result) && tries < mostTries; tries += 1) {
			const other = await again().catch(() => null);
			if (other && isFast(other)) result = other;
		}
		const score = (category: Category) => Math.round((result.categories[category].score ?? 0) * 100);
		const columns = [
			String(score("performance")).padStart(11),
			String(score("accessibility")).padStart(13),
			String(score("best-practices")).padStart(14),
			(indexed ? String(score("seo")) : "–").padStart(3),
		];
		console.log(`${columns.join("  ")}  /${route}`);
		if (forAttendees && !isFast(result)) {
			missed += 1;
			console.log(`  performance: below ${leastPerformance * 100} in ${mostTries} tries`);
		}
		const asked: Category[] = ["accessibility", "best-practices", ...(indexed ? (["seo"] as const) : [])];
		for (const line of asked.flatMap((category) => missedIn(result, category))) {
			missed += 1;
			console.log(`  ${line}`);
		}
	}
} finally {
	await browser.close();
	await site.close();
	await postgres.stop();
}
console.log(missed === 0 ? "Every score is what it must be." : `${missed} are missed.`);
process.exit(missed === 0 ? 0 : 1);
