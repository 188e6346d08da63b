import { Hono } from "hono";
import { compress } from "hono/compress";
import { expect, test } from "vitest";
import { createAdmission } from "#app/http/admission.server.ts";
import { createPageCache } from "#app/http/page-cache.server.ts";

function aClock() {
	let at = 0;
	return { now: () => at, pass: (ms: number) => (at += ms) };
}

/** A site that counts how often it renders. */
function aSite(status: 200 | 503 = 200) {
	const clock = aClock();
	const rendered = { times: 0 };
	const pages = createPageCache(clock.now);
	const site = new Hono().use(pages.keep).all("*", async (c) => {
		rendered.times += 1;
		await new Promise((resolve) => setTimeout(resolve, 5));
		return c.html(`<p>${rendered.times}</p>`, status);
	});
	const get = async (path: string, headers: Record<string, string> = {}) =>
		(await site.request(path, { headers })).text();
	return { clock, rendered, site, get, find: pages.find };
}

test("many who ask for the list at once get the first rendering's page or one of their own, and then one page for a second", async () => {
	const { clock, rendered, get } = aSite();
	const pages = await Promise.all(Array.from({ length: 50 }, () => get("/")));
	expect(new Set(pages)).toEqual(new Set(["<p>1</p>"]));
	clock.pass(999);
	expect(await get("/")).toBe("<p>1</p>");
	clock.pass(1);
	expect(await get("/")).toBe("<p>2</p>");
	expect(rendered.times).toBe(2);
});

test("another address, another encoding and an organizer's cookie each have their own answer", async () => {
	const { rendered, get } = aSite();
	await get("/");
	await get("/?page=2");
	await get("/en");
	await get("/integrer");
	await get("/integrer?atelier=x");
	await get("/", { "Accept-Encoding": "gzip" });
	await get("/", { Cookie: "organizer=x" });
	await get("/", { Cookie: "organizer=x" });
	expect(rendered.times).toBe(8);
	await get("/integrer?atelier=x");
	await get("/en");
	expect(rendered.times).toBe(8);
});

test("nobody gets a page that was compressed in a way that only somebody else accepts", async () => {
	const pages = createPageCache();
	const site = new Hono()
		.use(pages.keep)
		.use(compress())
		.get("*", (c) => c.html("page ".repeat(1000)));
	const encodingFor = async (accepted?: string) => {
		const headers = accepted === undefined ? undefined : { "Accept-Encoding": accepted };
		return (await site.request("/", { headers })).headers.get("Content-Encoding");
	};
	const asked = ["deflate", undefined, "*", "GZIP", "gzip;q=0", "gzip, deflate, br", "identity", undefined];
	const answered: (string | null)[] = [];
	for (const accepted of asked) answered.push(await encodingFor(accepted));
	expect(answered).toEqual(["deflate", null, "gzip", "gzip", null, "gzip", null, null]);
});

test("a page in memory is found for a second, by whoever asks for the very same without a cookie", async () => {
	const { clock, get, find } = aSite();
	const asked = { method: "GET", url: "/?page=2", headers: {} };
	const text = (request: typeof asked) => {
		const page = find(request);
		return page && new TextDecoder().decode(page.body);
	};
	expect(text(asked)).toBeUndefined();
	await get("/?page=2");
	expect(text(asked)).toBe("<p>1</p>");
	expect(find(asked)?.headers["content-type"]).toMatch(/^text\/html/);
	for (const other of [
		{ method: "HEAD" },
		{ method: "POST" },
		{ url: "/" },
		{ url: "//exemple.ca/?page=2" },
		{ url: "http://exemple.ca/?page=2" },
		{ headers: { cookie: "organizer=x" } },
		{ headers: { "accept-encoding": "gzip" } },
	])
		expect(find({ ...asked, ...other })).toBeUndefined();
	clock.pass(1000);
	expect(text(asked)).toBeUndefined();
});

test("a personal page, a form, a failure and a POST are never kept", async () => {
	const { rendered, get, site } = aSite();
	for (const path of ["/inscriptions/x", "/ateliers/a/inscription", "/ma-place/x", "/organizer"]) {
		await get(path);
		await get(path);
	}
	await site.request("/", { method: "POST" });
	await site.request("/", { method: "POST" });
	expect(rendered.times).toBe(10);
	const failing = aSite(503);
	await Promise.all([failing.get("/"), failing.get("/")]);
	expect((await failing.site.request("/")).status).toBe(503);
});

test("addresses made up by the thousand do not fill the memory", async () => {
	const { get, rendered } = aSite();
	await Promise.all(Array.from({ length: 300 }, (_, n) => get(`/?x=${n}`)));
	await get("/?x=299");
	expect(rendered.times).toBe(301);
});

const limits = {
	calm: { withinMs: 1000, least: 64 },
	flood: { withinMs: 150, least: 10 },
	patienceMs: 500,
	most: 4000,
};

/** A site under a second's worth after the other of arrivals and answers, spread evenly. */
function aRush() {
	const clock = aClock();
	const admission = createAdmission(limits, clock.now);
	let underWay = 0;
	let refused = 0;
	/** Returns the most that were under way at the second's end, and how many were refused. */
	function second(arrivals: number, answers: number): { most: number; refused: number } {
		let most = 0;
		refused = 0;
		let [due, done] = [0, 0];
		for (let ms = 0; ms < 1000; ms += 1) {
			clock.pass(1);
			for (due += arrivals / 1000; due >= 1; due -= 1) {
				if (admission.enter()) underWay += 1;
				else refused += 1;
			}
			for (done += answers / 1000; done >= 1; done -= 1) {
				if (underWay === 0) continue;
				admission.leave();
				underWay -= 1;
			}
			if (ms > 900) most = Math.max(most, underWay);
		}
		return { most, refused };
	}
	const burst = (size: number) => {
		const entered = Array.from({ length: size }, () => admission.enter()).filter(Boolean).length;
		underWay += entered;
		return entered;
	};
	return { second, burst };
}

test("everyone of a burst is let in, up to the most, whatever the pace of a quiet hour was", () => {
	expect(aRush().burst(5000)).toBe(4000);
	const { second, burst } = aRush();
	for (let n = 0; n < 5; n += 1) second(8, 1000);
	expect(burst(500)).toBe(500);
});

test("in a flood, as many are under way as the last pace answers in time; once it is over, a burst is welcome again", () => {
	const { second, burst } = aRush();
	second(1000, 1000);
	for (let n = 0; n < 4; n += 1) second(3000, 1000);
	expect(second(3000, 1000).most).toBeLessThanOrEqual(150);
	expect(second(3000, 1000).most).toBeGreaterThan(100);
	for (let n = 0; n < 6; n += 1) second(1000, 2000);
	second(0, 1000);
	expect(burst(300)).toBe(300);
});

test("a line that grows slowly is held to its second too", () => {
	const { second } = aRush();
	for (let n = 0; n < 60; n += 1) expect(second(1100, 1000).most).toBeLessThan(1700);
	expect(second(1100, 1000).most).toBeLessThanOrEqual(150);
});

test("a steady crowd waits its turn however slow the answers, and a stall turns nobody away", () => {
	const clock = aClock();
	const admission = createAdmission(limits, clock.now);
	for (let n = 0; n < 64; n += 1) expect(admission.enter()).toBe(true);
	for (let batch = 0; batch < 200; batch += 1) {
		clock.pass(batch % 50 === 49 ? 3000 : 400);
		// Whoever is answered makes room for the next, as in a line of people.
		for (let n = 0; n < 16; n += 1) admission.leave();
		for (let n = 0; n < 16; n += 1) expect(admission.enter()).toBe(true);
	}
});

test("people who keep coming while nothing is answered for two seconds all wait it out", () => {
	const { second } = aRush();
	for (let n = 0; n < 2; n += 1) second(300, 250);
	for (const answers of [250, 0, 0, 250, 250]) expect(second(90, answers).refused).toBe(0);
});
