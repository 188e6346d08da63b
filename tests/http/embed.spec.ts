import { afterAll, beforeAll, expect, test } from "vitest";
import { en } from "#app/i18n/en.ts";
import { fr } from "#app/i18n/fr.ts";
import { paths } from "#app/paths.ts";
import { saveWorkshop } from "#app/use-cases/save-workshop.server.ts";
import { scheduleSession } from "#app/use-cases/schedule-session.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { aMeeting, aSession, aWorkshop, givenWorkshop } from "#tests/fixtures.ts";
import { problemsOfPage } from "#tests/html-rules.ts";
import { routes } from "#tests/routes.ts";
import { weighPage } from "#tests/weigh.ts";
import { type FilledSite, startFilledSite } from "./filled-site.ts";

let site: FilledSite;
beforeAll(async () => {
	site = await startFilledSite(await createTestDatabase());
});
afterAll(() => site.close());

async function ask(address: string, headers: Record<string, string> = {}) {
	const answer = await fetch(site.app.url + address, { headers, redirect: "manual" });
	return { status: answer.status, headers: answer.headers, html: await answer.text() };
}

/** A published workshop with this many dates to come. */
async function givenDates(titleFr: string, count: number) {
	const workshop = aWorkshop({ titleFr, titleEn: "" });
	const id = await givenWorkshop(site.db, workshop);
	for (let day = 0; day < count; day += 1) {
		const at = new Date(Date.now() + (5 + day) * 24 * 3600_000).toISOString().slice(0, 10);
		await scheduleSession(site.db, id, aSession({ meetings: [aMeeting(at)] }), null, new Date());
	}
	return { id, workshop };
}

const rows = (html: string) => [...html.matchAll(/class="whole" href="([^"]+)"/g)].map(([, href]) => href!);

test("any site may frame the dates to come, and no other page of this one", async () => {
	const Cookie = await site.ownerCookie("fr");
	const framed = new Set<string>();
	for (const { route, address } of site.addresses) {
		const { headers } = await ask(address, { Cookie });
		const policy = headers.get("Content-Security-Policy") ?? "";
		const ancestors = /frame-ancestors ([^;]+)/.exec(policy)?.[1];
		if (ancestors === "*") framed.add(route);
		else {
			expect(["'none'", "'self'"], address).toContain(ancestors);
			expect(headers.get("X-Frame-Options"), address).toBe(ancestors === "'none'" ? "DENY" : "SAMEORIGIN");
		}
	}
	expect([...framed].sort()).toEqual(["en/embed", "integrer"]);
	expect(site.addresses.length).toBeGreaterThanOrEqual(routes.length - 1);
});

test.each(["fr", "en"] as const)(
	"the frame in %s does nothing but lead to the site, and weighs 8 kB at most",
	async (locale) => {
		const { status, headers, html } = await ask(paths.embed(locale));
		expect(status).toBe(200);
		expect(headers.get("X-Frame-Options")).toBeNull();
		expect(headers.get("Set-Cookie")).toBeNull();
		expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
		const policy = headers.get("Content-Security-Policy")!;
		expect(policy).toContain("default-src 'none'");
		expect(policy).toContain("form-action 'none'");
		expect(policy).not.toMatch(/unsafe|https?:/);
		expect(html).toContain('<meta name="robots" content="noindex"/>');
		expect(html).toContain('<base target="_top"/>');
		expect(html).not.toMatch(/<form|style=/);
		expect(problemsOfPage(html)).toEqual([]);
		expect(rows(html).length).toBeGreaterThan(3);
		for (const row of rows(html))
			expect(row).toMatch(locale === "fr" ? /^\/ateliers\// : /^\/en\/workshops\//);
		const weights = await weighPage(html, site.app.url);
		expect([...weights.keys()].sort()).toEqual(["css", "html", "js"]);
		expect([...weights.values()].reduce((sum, bytes) => sum + bytes)).toBeLessThan(8_000);
	},
);

test("the script that other sites load may be loaded by them, and weighs 1 kB at most", async () => {
	const { status, headers, html } = await ask(paths.embedScript());
	expect(status).toBe(200);
	expect(headers.get("Content-Type")).toContain("javascript");
	expect(headers.get("Cross-Origin-Resource-Policy")).toBe("cross-origin");
	expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
	expect(html.length).toBeLessThan(1_000);
	expect((await ask("/enhance.js")).headers.get("Cross-Origin-Resource-Policy")).toBe("same-origin");
});

test("a cookie changes nothing of what is shown", async () => {
	const { html } = await ask(paths.embed("fr"));
	const read = await ask(paths.embed("fr"), { Cookie: await site.ownerCookie("en") });
	expect(read.html).toBe(html);
	expect(read.headers.get("Set-Cookie")).toBeNull();
});

test("a frame may be about one workshop, shows its next ten dates, and still does once the address has changed", async () => {
	const { id, workshop } = await givenDates("Onze soirées", 11);
	const address = paths.embed("fr", { workshop: workshop.slugFr });
	const { html } = await ask(address);
	expect(rows(html)).toHaveLength(10);
	expect(html.match(/Onze soirées/g)).toHaveLength(10);
	const renamed = { ...workshop, slugFr: `${workshop.slugFr}-autre` };
	expect(await saveWorkshop(site.db, renamed, { id, revision: 1 }, null, new Date())).toMatchObject({
		ok: true,
	});
	const later = await ask(`${address}&couleurs=claires`);
	expect(later.status).toBe(200);
	expect(rows(later.html)[0]).toContain(renamed.slugFr);
	expect(later.html).toContain('<html lang="fr-CA" class="claires">');
	const english = await ask(paths.embed("en", { workshop: workshop.slugEn }));
	expect(english.html).toContain('<span lang="fr">Onze soirées</span>');
	expect(english.html).toContain('<html lang="en-CA">');
});

test("a workshop without dates, and one that nobody knows, say so and lead on", async () => {
	const { workshop } = await givenDates("Rien encore", 0);
	const empty = await ask(paths.embed("fr", { workshop: workshop.slugFr }));
	expect(empty.status).toBe(200);
	const unknown = await ask(paths.embed("en", { workshop: "<script>" }));
	expect(unknown.status).toBe(404);
	for (const [{ html, headers }, t, locale] of [
		[empty, fr, "fr"],
		[unknown, en, "en"],
	] as const) {
		expect(html).toContain(t.workshop.noDates);
		expect(html).toContain(`<a href="${paths.interest(locale)}">`);
		expect(html).toContain(`<a href="${paths.list(locale)}">`);
		expect(problemsOfPage(html)).toEqual([]);
		expect(headers.get("Content-Security-Policy")).toContain("frame-ancestors *");
		expect(html).not.toContain("<script>");
	}
	const strange = await ask(`${paths.embed("fr")}?couleurs=%22%3E&atelier=`);
	expect(strange.status).toBe(200);
	expect(strange.html).toContain('<html lang="fr-CA">');
});

test("a refusal in the frame leads out of it", async () => {
	const { status, html } = await ask(`${paths.embed("fr")}?atelier=%00`);
	expect(status).toBe(404);
	expect(html).toContain('<base target="_top"/>');
});

test("an organizer is given the frame of what they choose, its text escaped", async () => {
	const { workshop } = await givenDates('Le « "oui" » & le <non>', 1);
	const Cookie = await site.ownerCookie("en");
	const all = (await ask(paths.organizer.embed(), { Cookie })).html;
	expect(all).toContain(`<iframe class="embedded" src="${paths.embed("fr", { colours: "claires" })}"`);
	const one = await ask(`${paths.organizer.embed()}?atelier=${workshop.slugFr}&langue=en&couleurs=`, {
		Cookie,
	});
	const pasted = decoded(/<textarea[^>]*>(.*?)<\/textarea>/s.exec(one.html)![1]!);
	expect(pasted).toContain(
		`<iframe src="${site.app.url}${paths.embed("en", { workshop: workshop.slugEn })}" title="Le « &quot;oui&quot; » &amp; le &lt;non&gt; · `,
	);
	expect(pasted).toContain(`<script src="${site.app.url}/embed.js" async></script>`);
	const copied = decoded(/data-copy="([^"]*)"/.exec(one.html)![1]!);
	expect(copied).toBe(pasted);
	const strange = await ask(`${paths.organizer.embed()}?atelier=nul&langue=xx&couleurs=%3Cb%3E`, { Cookie });
	expect(strange.html).toContain(`src="${paths.embed("fr")}"`);
});

function decoded(html: string): string {
	const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#x27": "'" };
	return html.replaceAll(/&(amp|lt|gt|quot|#x27);/g, (_, name: string) => entities[name]!);
}
