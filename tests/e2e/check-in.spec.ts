import { randomUUID } from "node:crypto";
import type { Browser, Page, Route } from "playwright/test";
import { asNewOrganizer, givenDates } from "./given.ts";
import { asOrganizer, expect, expectAccessible, expectWithinWidth, freshEmail, test, words } from "./test.ts";

const { attendees, checkIn: t, nav } = words.fr.organizer;
const phone = { width: 360, height: 640 };

test.use({ viewport: phone });

/** The check-in page of a date far off, which organizers may open ahead of its day: no other test meets it on the dashboard. */
async function givenDoor(browser: Browser): Promise<string> {
	const { sessions } = await givenDates(browser);
	const context = await browser.newContext({ baseURL: process.env.SITE_URL });
	const page = await context.newPage();
	await asOrganizer(page);
	for (const name of ["Zoé Œuvrard", "Guy Roy", "Anaïs Bélanger"]) await addPerson(page, sessions[0]!, name);
	await context.close();
	return `/organizer/sessions/${sessions[0]}/check-in`;
}

async function addPerson(page: Page, session: string, name: string) {
	const answer = await page.request.post(`/organizer/sessions/${session}/registrations/new`, {
		form: {
			key: randomUUID(),
			name,
			email: freshEmail(),
			phone: "",
			organization: "Coop Nord",
			locale: "fr",
			note: "",
		},
		headers: { Origin: process.env.SITE_URL! },
		maxRedirects: 0,
	});
	expect(answer.status(), await answer.text()).toBe(303);
}

function guest(page: Page, name: string) {
	return page.getByRole("button", { name });
}

test("who comes is noted with a thumb, and taken back; the page stays where it is, and lit", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await page.addInitScript(() => {
		const request = async (kind: string) => document.documentElement.setAttribute("data-lit", kind);
		Object.defineProperty(navigator, "wakeLock", { value: { request } });
	});
	await asOrganizer(page);
	await page.goto(door);
	const address = page.url();
	await expect(page.getByText("0 / 3")).toBeVisible();
	await expect(page.locator("html")).toHaveAttribute("data-lit", "screen");

	await guest(page, "Zoé Œuvrard").click();
	await expect(guest(page, "Zoé Œuvrard")).toContainText(/Présente, .*\d+\sh/);
	await expect(guest(page, "Zoé Œuvrard")).toHaveAttribute("aria-pressed", "true");
	await expect(page.getByText("1 / 3")).toBeVisible();
	await expect(page.getByRole("status").filter({ hasText: "Zoé Œuvrard, Présente" })).toBeAttached();
	expect((await guest(page, "Zoé Œuvrard").boundingBox())!.height).toBeGreaterThanOrEqual(64);
	await expectAccessible(page);
	await expectWithinWidth(page);

	// What is typed narrows the list at once, whatever the accents and the order.
	await page.getByRole("searchbox").fill("oeuvrard zoe");
	await expect(guest(page, "Guy Roy")).toBeHidden();
	await guest(page, "Zoé Œuvrard").click();
	await expect(page.getByText("0 / 3")).toBeVisible();
	await expect(guest(page, "Zoé Œuvrard")).toContainText(t.note);
	await expect(page.getByRole("status")).toHaveText(`Zoé Œuvrard, ${t.takenBack}`);
	await expect(guest(page, "Guy Roy")).toBeHidden();
	await page.getByRole("searchbox").fill("roy");
	await expect(page.getByRole("status")).toHaveText(t.found(1));
	// A reference as it is printed, and as it is typed by whoever hears it.
	const printed = /[0-9A-Z]{4}-[0-9A-Z]{4}-1/.exec(await guest(page, "Guy Roy").innerText())![0];
	for (const typed of [printed, printed.toLowerCase().replaceAll("-", "").replaceAll("0", "o")]) {
		await page.getByRole("searchbox").fill(typed);
		await expect(page.locator(".guest:visible")).toHaveText([/Guy Roy/]);
	}
	await page.getByRole("searchbox").fill("personne");
	await expect(page.getByText(t.notFound).first()).toBeVisible();
	await expect(page.getByRole("status")).toHaveText(t.notFound);
	expect(page.url()).toBe(address);

	// What another phone notes comes by itself.
	await page.getByRole("searchbox").fill("");
	const other = await (await browser.newContext({ viewport: phone })).newPage();
	await asOrganizer(other);
	await other.goto(address);
	await guest(other, "Guy Roy").click();
	await expect(guest(other, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await other.context().close();
});

test.describe(() => {
	test.use({ expectedStatuses: [403] });

	test("somebody at the door is led to the meetings of the day, and to no list before it", async ({
		page,
		browser,
	}) => {
		const door = await givenDoor(browser);
		await asNewOrganizer(page, "door");
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.title);
		await expect(page.getByRole("link", { name: nav.attendees })).toHaveCount(0);
		await expectAccessible(page);
		await expectWithinWidth(page);
		await page.goto(door);
		await expect(page.getByText(/^L’accueil ouvre le/)).toBeVisible();
		await expect(guest(page, "Guy Roy")).toHaveCount(0);
		await expectAccessible(page);
		expect((await page.goto(door.replace("/check-in", "")))!.status()).toBe(403);
	});
});

/** Answers the taps of a page with this, instead of the site. */
async function answerTaps(page: Page, door: string, answer: Parameters<Route["fulfill"]>[0]) {
	await page.route(`**${door}*`, (route) =>
		route.request().method() === "POST" ? route.fulfill(answer) : route.continue(),
	);
}

test("what a public network answers in the site's place is not taken for the site: the tap waits", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await asOrganizer(page);
	await page.goto(door);
	await answerTaps(page, door, { status: 200, contentType: "text/html", body: "<p>Bienvenue au café</p>" });
	await guest(page, "Guy Roy").click();
	await guest(page, "Zoé Œuvrard").click();
	await expect(page.getByText(t.unsentCount(2)).first()).toBeVisible();
	await expect(page.getByText("2 / 3 présentes")).toBeVisible();
	// The door's home sends them too, and so does any page of the door.
	await page.goto("/organizer/check-in");
	await expect(page.getByText(t.unsentCount(2)).first()).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.unroute(`**${door}*`);
	await page.evaluate(() => dispatchEvent(new Event("online")));
	await expect(page.getByText(t.unsentCount(2))).toHaveCount(0);
	await page.goto(door);
	await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await expect(page.getByText("2 / 3 présentes")).toBeVisible();
});

test.describe(() => {
	test.use({ expectedStatuses: [403] });

	test("a tap that the site refuses is kept and told by name, until it is said to be settled", async ({
		page,
		browser,
	}) => {
		const door = await givenDoor(browser);
		await asOrganizer(page);
		await page.goto(door);
		await answerTaps(page, door, {
			status: 403,
			contentType: "text/html",
			headers: { "X-Request-Id": "the-site" },
			body: "",
		});
		await guest(page, "Guy Roy").click();
		await guest(page, "Zoé Œuvrard").click();
		const told = page.getByText(t.refused("Guy Roy, Zoé Œuvrard"));
		await expect(told).toBeVisible();
		await expect(guest(page, "Guy Roy")).toContainText(t.note);
		await expect(page.getByText("0 / 3")).toBeVisible();
		await expectAccessible(page);
		await expectWithinWidth(page);
		await page.goto("/organizer/check-in");
		await expect(told).toBeVisible();
		await expectAccessible(page);
		await page.getByRole("button", { name: t.settled }).click();
		await expect(told).toBeHidden();
		await page.reload();
		await expect(page.getByRole("heading", { level: 1 })).toHaveText(t.title);
		await expect(page.getByRole("button", { name: t.settled })).toBeHidden();
		expect(await page.evaluate(() => Object.values(localStorage))).toEqual(["[]"]);
	});
});

test("whoever has no seat here any more is named, on the next page too, until a tap once that can have been read", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await asOrganizer(page);
	await page.goto(door);
	const person = (await guest(page, "Guy Roy").getAttribute("id"))!.slice(2);
	await page.evaluate(
		({ id, other }) => {
			const field = document.querySelector<HTMLInputElement>(`form:has(#p-${id}) [name=person]`)!;
			field.value = other;
		},
		{ id: person, other: randomUUID() },
	);
	await guest(page, "Guy Roy").click();
	await expect(page.getByRole("alert")).toHaveText(t.goneOf("Guy Roy"));
	await guest(page, "Zoé Œuvrard").click();
	await expect(guest(page, "Zoé Œuvrard")).toContainText(/Présente, .*\d+\sh/);
	await expect(page.getByText(t.goneOf("Guy Roy"))).toBeVisible();
	await page.reload();
	await expect(page.getByRole("alert")).toHaveText(t.goneOf("Guy Roy"));
	await page.waitForTimeout(5_000);
	await guest(page, "Zoé Œuvrard").click();
	await expect(page.getByText(t.goneOf("Guy Roy"))).toBeHidden();
});

test.describe(() => {
	test.use({ expectedStatuses: [409] });

	test("what one person left unsent is not sent under the name of whoever signs in after them", async ({
		page,
		browser,
		problems,
	}) => {
		const door = await givenDoor(browser);
		await asOrganizer(page);
		await page.goto(door);
		await page.route(`**${door}*`, (route) =>
			route.request().method() === "POST" ? route.abort("internetdisconnected") : route.continue(),
		);
		await guest(page, "Guy Roy").click();
		await expect(page.getByText(t.unsentCount(1)).first()).toBeVisible();
		const other = await page.context().newPage();
		await asNewOrganizer(other);
		await other.close();
		await page.unroute(`**${door}*`);
		const again = page.waitForEvent("load");
		await page.evaluate(() => dispatchEvent(new Event("online")));
		await again;
		await expect(page.getByText("0 / 3")).toBeVisible();
		await asOrganizer(page);
		await page.reload();
		await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
		expect(problems.every((problem) => problem.includes("ERR_INTERNET_DISCONNECTED"))).toBe(true);
		problems.length = 0;
	});
});

test("a search that found nobody finds whoever signs up meanwhile, and a page is read anew once it is somebody else's", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await asOrganizer(page);
	await page.goto(`${door}?q=lise`);
	const unfound = page.getByText(t.notFound);
	await expect(unfound).toBeVisible();
	await addPerson(page, door.split("/")[3]!, "Lise Côté");
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await expect(guest(page, "Lise Côté")).toBeVisible();
	await expect(unfound).toBeHidden();
	const by = await page.locator("[data-door]").getAttribute("data-by");
	const other = await page.context().newPage();
	await asNewOrganizer(other);
	await other.close();
	const again = page.waitForEvent("load");
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await again;
	await expect(page.locator("[data-door]")).not.toHaveAttribute("data-by", by!);
});

test("a browser that lacks what newer ones have notes all the same, without leaving the page", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await page.addInitScript(() => {
		Object.defineProperty(AbortSignal, "timeout", { value: undefined });
		Object.defineProperty(SubmitEvent.prototype, "submitter", { value: undefined });
		Object.defineProperty(crypto, "randomUUID", { value: undefined });
	});
	await asOrganizer(page);
	await page.goto(door);
	const address = page.url();
	await guest(page, "Guy Roy").click();
	await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	expect(page.url()).toBe(address);
});

test("where nothing can be kept on the phone, a tap is a form as without a script", async ({
	page,
	browser,
	problems,
}) => {
	const door = await givenDoor(browser);
	await page.addInitScript(() => {
		Object.defineProperty(window, "localStorage", {
			get() {
				throw new Error("nothing is kept");
			},
		});
	});
	await asOrganizer(page);
	await page.goto(door);
	await guest(page, "Guy Roy").click();
	await expect(page).toHaveURL(/#p-/);
	await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	expect(problems.every((problem) => problem.includes("nothing is kept"))).toBe(true);
	problems.length = 0;
});

test("what is read again leaves alone the rows that it says nothing new of, a finger on one, and a tap made since", async ({
	page,
	browser,
}) => {
	const door = await givenDoor(browser);
	await asOrganizer(page);
	await page.goto(door);
	const mark = (name: string) => guest(page, name).evaluate((row) => row.setAttribute("data-same", ""));
	for (const name of ["Guy Roy", "Zoé Œuvrard", "Anaïs Bélanger"]) await mark(name);
	await guest(page, "Anaïs Bélanger").click();
	await expect(guest(page, "Anaïs Bélanger")).toContainText(/Présente, .*\d+\sh/);
	await expect(guest(page, "Anaïs Bélanger")).not.toHaveAttribute("data-same");
	await expect(guest(page, "Guy Roy")).toHaveAttribute("data-same");

	// Another phone notes whom a finger is on here: what is lifted still is a tap, of what was seen.
	const other = await (await browser.newContext({ viewport: phone })).newPage();
	await asOrganizer(other);
	await other.goto(page.url());
	await guest(other, "Guy Roy").click();
	await expect(guest(other, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await other.context().close();
	await guest(page, "Guy Roy").hover();
	await page.mouse.down();
	const read = page.waitForResponse((answer) => answer.request().method() === "GET");
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await (await read).finished();
	await expect(guest(page, "Guy Roy")).toHaveAttribute("data-same");
	const tapped = page.waitForRequest((request) => request.method() === "POST");
	await page.mouse.up();
	expect((await tapped).postData()).toContain("seen=present");
	await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);

	// What was read before a tap and arrives after its answer does not show it undone.
	let held: Route | undefined;
	await page.route(`**${door}*`, async (route) => {
		if (held || route.request().method() === "POST" || route.request().redirectedFrom())
			return route.continue();
		held = route;
	});
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await expect.poll(() => held).toBeDefined();
	const stale = await held!.fetch();
	await guest(page, "Zoé Œuvrard").click();
	await expect(guest(page, "Zoé Œuvrard")).toContainText(/Présente, .*\d+\sh/);
	await page.evaluate(() => {
		const list = document.querySelector(".guests")!;
		const seen = () => list.querySelectorAll("[aria-pressed=true]").length;
		const look = () => seen() < 3 && console.error("A tap was shown undone.");
		new MutationObserver(look).observe(list, { subtree: true, childList: true, attributes: true });
	});
	await held!.fulfill({ response: stale });
	await page.unroute(`**${door}*`);
	const after = page.waitForResponse((answer) => answer.request().method() === "GET");
	await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
	await (await after).finished();
	await expect(page.getByText("3 / 3 présentes")).toBeVisible();
});

test("out of reach of the site, taps wait on the phone, even through a new page, and are sent once it answers", async ({
	page,
	browser,
	problems,
}) => {
	const door = await givenDoor(browser);
	await asOrganizer(page);
	await page.goto(door);
	await page.route(`**${door}*`, (route) =>
		route.request().method() === "POST" ? route.abort("internetdisconnected") : route.continue(),
	);
	await guest(page, "Guy Roy").click();
	await guest(page, "Anaïs Bélanger").click();
	await guest(page, "Zoé Œuvrard").click();
	await guest(page, "Zoé Œuvrard").click();
	await expect(page.getByText(t.unsentCount(4)).first()).toBeVisible();
	await expect(page.getByText("2 / 3")).toBeVisible();
	await expect(guest(page, "Guy Roy")).toContainText(t.unsent);
	await expectAccessible(page);
	await page.reload();
	await expect(guest(page, "Anaïs Bélanger")).toContainText(t.unsent);
	await page.unroute(`**${door}*`);
	await page.evaluate(() => dispatchEvent(new Event("online")));
	await expect(guest(page, "Anaïs Bélanger")).toContainText(/Présente, .*\d+\sh/);
	await expect(page.getByText(t.unsent)).toHaveCount(0);
	await page.reload();
	await expect(page.getByText("2 / 3")).toBeVisible();
	expect(problems.every((problem) => problem.includes("ERR_INTERNET_DISCONNECTED"))).toBe(true);
	problems.length = 0;
});

test.describe("without JavaScript", () => {
	test.use({ javaScriptEnabled: false });

	test("a search and a tap are forms, which lead back to the same search and person", async ({
		page,
		browser,
	}) => {
		const door = await givenDoor(browser);
		await asOrganizer(page);
		await page.goto(door);
		await page.getByRole("searchbox").fill("roy");
		await page.getByRole("button", { name: attendees.searchGo }).click();
		await expect(guest(page, "Zoé Œuvrard")).toHaveCount(0);
		await guest(page, "Guy Roy").click();
		await expect(page).toHaveURL(/q=roy#p-/);
		await expect(guest(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
		await expect(guest(page, "Guy Roy")).toBeInViewport();
		await expect(page.getByText("1 / 3")).toBeVisible();
		await guest(page, "Guy Roy").click();
		await expect(guest(page, "Guy Roy")).toContainText(t.note);
		await page.getByRole("link", { name: attendees.showAll }).first().click();
		await expect(guest(page, "Zoé Œuvrard")).toBeVisible();
		await expectWithinWidth(page);
	});
});
