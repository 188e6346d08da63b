import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright/test";
import { qrCode } from "#app/exports/qr-code.server.ts";
import { fakeCamera } from "./camera.ts";
import { givenDates } from "./given.ts";
import {
	asOrganizer,
	emailTo,
	expect,
	expectAccessible,
	expectWithinWidth,
	freshEmail,
	test,
	words,
} from "./test.ts";

const { checkIn: t, attendees } = words.fr.organizer;
const { scan } = t;
const directory = join("test-results", "camera", `${process.pid}`);
mkdirSync(directory, { recursive: true });
const camera = fakeCamera(directory);
// Without a film there is no camera: whichever test of a worker comes first has one.
camera.show(null);
const found = JSON.parse(process.env.PRESENCE_BROWSER!);

test.use({
	viewport: { width: 360, height: 640 },
	launchOptions: { ...found, args: [...found.args, ...camera.args] },
});

/** The doors of two dates. Returns the first's address, and the drawing of each person's code, by name. */
async function givenDoors(browser: Browser, here: string[], elsewhere: string[] = []) {
	const { sessions } = await givenDates(browser);
	const context = await browser.newContext({ baseURL: process.env.SITE_URL });
	const page = await context.newPage();
	await asOrganizer(page);
	const codes: Record<string, string> = {};
	for (const [index, names] of [here, elsewhere].entries()) {
		for (const name of names) await addPerson(page, sessions[index]!, name);
		const html = await (await page.request.get(doorOf(sessions[index]!))).text();
		for (const [, code, name] of html.matchAll(/data-code="(\w+)".*?<b>(.*?)<\/b>/g))
			codes[name!] = qrCode(code!).path;
	}
	await context.close();
	return { door: doorOf(sessions[0]!), session: sessions[0]!, codes };
}

function doorOf(session: string): string {
	return `/organizer/sessions/${session}/check-in`;
}

async function addPerson(page: Page, session: string, name: string, changes: Record<string, string> = {}) {
	const person = { name, email: freshEmail(), phone: "", organization: "", locale: "fr", note: "" };
	const answer = await page.request.post(`/organizer/sessions/${session}/registrations/new`, {
		form: { key: randomUUID(), ...person, ...changes },
		headers: { Origin: process.env.SITE_URL! },
		maxRedirects: 0,
	});
	expect(answer.status(), await answer.text()).toBe(303);
}

function row(page: Page, name: string) {
	return page.locator(".guest", { hasText: name });
}

function scanned(page: Page) {
	return page.locator("[data-scanned]");
}

/** Opens the door and its camera, which sees these codes. */
async function openCamera(page: Page, door: string, ...codes: (string | null)[]) {
	camera.show(...codes);
	await asOrganizer(page);
	await page.goto(door);
	await page.getByRole("button", { name: scan.open }).click();
	await expect(page.getByRole("region", { name: scan.title })).toBeVisible();
}

/** The film is read when the camera is opened. */
async function showAnother(page: Page, code: string) {
	await page.getByRole("button", { name: scan.close }).click();
	camera.show(code);
	await page.getByRole("button", { name: scan.open }).click();
}

test("what the page of somebody shows is what the camera of the door reads", async ({ page, browser }) => {
	const { door, session } = await givenDoors(browser, []);
	const email = freshEmail();
	await asOrganizer(page);
	await addPerson(page, session, "Zoé Œuvrard", { email, notify: "yes" });
	await page.goto(/https?:\S+\/ma-place\/\S+/.exec((await emailTo(email, /./)).text)![0]);
	const code = page.getByRole("img", { name: words.fr.manage.doorCode.of("Zoé Œuvrard") });
	// Weeks ahead, it is folded.
	await expect(code).toBeHidden();
	await page.getByText(words.fr.manage.doorCode.title).click();
	await expect(code).toBeVisible();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await openCamera(page, door, await code.locator("path").getAttribute("d"));
	await expect(row(page, "Zoé Œuvrard")).toContainText(/Présente, .*\d+\sh/);
});

test("codes are read one after the other without a tap, by the site’s own reader, and noted as taps are", async ({
	page,
	browser,
}) => {
	const { door, codes } = await givenDoors(browser, ["Zoé Œuvrard", "Guy Roy"]);
	const readers: string[] = [];
	page.on("worker", (worker) => readers.push(new URL(worker.url()).pathname));
	await openCamera(page, door, codes["Zoé Œuvrard"]!, codes["Guy Roy"]!);
	await expect(row(page, "Zoé Œuvrard")).toContainText(/Présente, .*\d+\sh/);
	await expect(row(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await expect(page.getByText("2 / 2")).toBeVisible();
	expect(await page.evaluate(() => "BarcodeDetector" in window)).toBe(false);
	expect(readers).toEqual([expect.stringMatching(/^\/assets\/qr-decoder-[\w-]+\.js$/)]);

	// A tap on the row takes back, as ever, and the name search is at hand.
	await page.getByRole("button", { name: scan.close }).click();
	await expect(page.getByRole("button", { name: scan.open })).toBeFocused();
	await row(page, "Guy Roy").click();
	await expect(page.getByText("1 / 2")).toBeVisible();
	await page.getByRole("searchbox").fill("guy");
	await expect(row(page, "Zoé Œuvrard")).toBeHidden();
});

test("what is shown is said in a colour and in words: here, of another date, or not to be found", async ({
	page,
	browser,
}) => {
	const { door, codes } = await givenDoors(browser, ["Zoé Œuvrard"], ["Paul Gagnon"]);
	await page.addInitScript(() => {
		Object.defineProperty(navigator, "vibrate", {
			value: (pattern: unknown) => document.documentElement.setAttribute("data-felt", String(pattern)),
		});
	});
	await openCamera(page, door, codes["Zoé Œuvrard"]!);
	await expect(scanned(page)).toHaveText("Zoé Œuvrard Présente");
	await expect(scanned(page)).toHaveClass("ok");
	await expect(page.getByRole("status")).toHaveText("Zoé Œuvrard, Présente");
	await expect(page.locator("html")).toHaveAttribute("data-felt", "60");
	await expectAccessible(page);
	await expectWithinWidth(page);

	// Nobody is taken back by their code.
	await page.getByRole("button", { name: scan.open }).click();
	await expect(scanned(page)).toHaveText(/^Zoé Œuvrard Déjà présente, .*\d+\sh/);
	await expect(scanned(page)).toHaveClass("warn");
	await expect(page.getByRole("status")).toHaveText(/^Zoé Œuvrard, Déjà présente, /);
	await expect(row(page, "Zoé Œuvrard")).toHaveAttribute("aria-pressed", "true");

	await showAnother(page, codes["Paul Gagnon"]!);
	await expect(scanned(page)).toHaveText(/^Paul Gagnon Inscrite le .*, à 13\sh$/);
	await expect(scanned(page)).toHaveClass("warn");
	await expect(page.getByRole("status")).toHaveText(/^Paul Gagnon, Inscrite le /);

	// Of the right shape, and signed by nobody.
	await showAnother(page, qrCode("7KQ2M4TD7KQ2M4TD1").path);
	await expect(scanned(page)).toHaveText(scan.unknown);
	await expect(scanned(page)).toHaveClass("bad");
	await expectAccessible(page);
	await expect(page.getByText("1 / 1")).toBeVisible();
	await page.emulateMedia({ colorScheme: "dark" });
	await expectAccessible(page);
});

test("the browser’s own reader is used where there is one that works", async ({ page, browser }) => {
	const { door } = await givenDoors(browser, ["Guy Roy"]);
	await page.addInitScript(() => {
		class BarcodeDetector {
			async detect(picture: unknown) {
				const code = document.querySelector<HTMLElement>(".guest")!.dataset.code;
				return picture instanceof HTMLVideoElement ? [{ rawValue: code }] : [];
			}
		}
		Object.assign(window, { BarcodeDetector });
	});
	const readers: unknown[] = [];
	page.on("worker", (worker) => readers.push(worker));
	await openCamera(page, door, null);
	await expect(row(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	expect(readers).toEqual([]);
});

test("out of reach of the site, who is on the list is known by their code, and waits on the phone; others are to be searched for", async ({
	page,
	browser,
	problems,
}) => {
	const { door, codes } = await givenDoors(browser, ["Guy Roy"], ["Paul Gagnon"]);
	await openCamera(page, door, null);
	await page.getByRole("button", { name: scan.close }).click();
	await page.route(`**${door}*`, (route) => route.abort("internetdisconnected"));
	camera.show(codes["Guy Roy"]!);
	await page.getByRole("button", { name: scan.open }).click();
	await expect(scanned(page)).toContainText("Guy Roy");
	await expect(page.getByText(t.unsentCount(1)).first()).toBeVisible();
	await expect(row(page, "Guy Roy")).toContainText(t.unsent);
	await showAnother(page, codes["Paul Gagnon"]!);
	await expect(scanned(page)).toHaveText(scan.unknownHere);
	// What is no code of the site's is not even asked about.
	await showAnother(page, qrCode("https://exemple.ca/menu").path);
	await expect(scanned(page)).toHaveText(scan.unknown);
	await page.unroute(`**${door}*`);
	await page.evaluate(() => dispatchEvent(new Event("online")));
	await expect(row(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	expect(problems.every((problem) => problem.includes("ERR_INTERNET_DISCONNECTED"))).toBe(true);
	problems.length = 0;
});

test("somebody who is not on the page is found and noted, and the page stays as it was", async ({
	page,
	browser,
}) => {
	const { door, codes } = await givenDoors(browser, ["Guy Roy", "Zoé Œuvrard"]);
	await openCamera(page, `${door}?q=zoe`, codes["Guy Roy"]!);
	await expect(scanned(page)).toHaveText("Guy Roy Présente");
	await expect(page.getByText("1 / 2")).toBeVisible();
	await expect(page.locator(".guest")).toHaveText([/Zoé Œuvrard/]);
});

test("what another door saw first is said once the site has told", async ({ page, browser }) => {
	const { door, codes } = await givenDoors(browser, ["Guy Roy"]);
	await asOrganizer(page);
	await page.goto(door);
	// From here on this phone hears nothing but the answers to what it sends.
	await page.route("**/check-in*", (route) =>
		route.request().method() === "GET" && route.request().resourceType() === "fetch"
			? route.fulfill({ status: 503, body: "" })
			: route.continue(),
	);
	const fields = await row(page, "Guy Roy").evaluate((button) =>
		Object.fromEntries(new FormData((button as HTMLButtonElement).form!)),
	);
	const noted = await page.request.post(door, {
		form: { ...(fields as Record<string, string>), seen: "present", operation: randomUUID(), waited: "120" },
		headers: { Origin: process.env.SITE_URL! },
	});
	expect(noted.ok()).toBe(true);
	await expect(row(page, "Guy Roy")).toHaveAttribute("aria-pressed", "false");
	camera.show(codes["Guy Roy"]!);
	await page.getByRole("button", { name: scan.open }).click();
	await expect(scanned(page)).toHaveText(/^Guy Roy Déjà présente, .*\d+\sh/);
	await expect(scanned(page)).toHaveClass("warn");
});

test("a code that is typed, or that a reader types, finds its holder, and says where else somebody is expected", async ({
	page,
	browser,
}) => {
	const { door } = await givenDoors(browser, ["Guy Roy", "Zoé Œuvrard"]);
	await asOrganizer(page);
	await page.goto(door);
	const code = (await row(page, "Guy Roy").getAttribute("data-code"))!;
	await page.getByRole("searchbox").fill(code.toLowerCase());
	await expect(row(page, "Zoé Œuvrard")).toBeHidden();
	await expect(row(page, "Guy Roy")).toBeVisible();
	await page.getByRole("searchbox").press("Enter");
	await expect(page).toHaveURL(/[?&]q=/);
	await expect(page.locator(".guest")).toHaveText([/Guy Roy/]);
});

test("where nothing can be kept on the phone, a code says to touch the name", async ({ page, browser }) => {
	const { door, codes } = await givenDoors(browser, ["Guy Roy"]);
	await page.addInitScript(() => {
		Storage.prototype.setItem = () => {
			throw new Error("full");
		};
	});
	await openCamera(page, door, codes["Guy Roy"]!);
	await expect(scanned(page)).toHaveText(`Guy Roy ${scan.notKept}`);
	await expect(scanned(page)).toHaveClass("bad");
});

test("on a phone held sideways, what became of a code is on the screen", async ({ page, browser }) => {
	await page.setViewportSize({ width: 740, height: 360 });
	const { door, codes } = await givenDoors(browser, ["Guy Roy"]);
	await openCamera(page, door, codes["Guy Roy"]!);
	await expect(scanned(page)).toHaveText("Guy Roy Présente");
	await expect(scanned(page)).toBeInViewport({ ratio: 1 });
});

test("the camera is off once it is closed, and while the page is hidden", async ({ page, browser }) => {
	const { door } = await givenDoors(browser, ["Guy Roy"]);
	await page.addInitScript(() => {
		const tracks: MediaStreamTrack[] = [];
		const { getUserMedia } = MediaDevices.prototype;
		MediaDevices.prototype.getUserMedia = async function (asked) {
			const stream = await getUserMedia.call(this, asked);
			tracks.push(...stream.getTracks());
			return stream;
		};
		Object.assign(window, { live: () => tracks.filter(({ readyState }) => readyState === "live").length });
	});
	const live = () => page.evaluate(() => (window as unknown as { live(): number }).live());
	const hide = (hidden: boolean) =>
		page.evaluate((hidden) => {
			Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
			document.dispatchEvent(new Event("visibilitychange"));
		}, hidden);
	await openCamera(page, door, null);
	await expect.poll(live).toBe(1);
	// Asked for twice, it is on once.
	await page.getByRole("button", { name: scan.open }).dblclick();
	await expect.poll(live).toBe(1);
	await hide(true);
	await expect.poll(live).toBe(0);
	await hide(false);
	await expect.poll(live).toBe(1);
	await page.getByRole("button", { name: scan.close }).click();
	await expect.poll(live).toBe(0);
	await hide(false);
	expect(await live()).toBe(0);
});

test("a camera that is refused, or does not start, is told in a sentence, and names can be searched", async ({
	page,
	browser,
}) => {
	const { door } = await givenDoors(browser, ["Guy Roy"]);
	await page.addInitScript(() => {
		MediaDevices.prototype.getUserMedia = async () => {
			const name = location.hash === "#busy" ? "NotReadableError" : "NotAllowedError";
			throw new DOMException("no", name);
		};
	});
	await openCamera(page, door, null);
	await expect(scanned(page)).toHaveText(scan.refused);
	await expect(page.getByRole("status")).toHaveText(scan.refused);
	await expect(page.locator("video")).toBeHidden();
	await expectAccessible(page);
	await expectWithinWidth(page);
	await page.evaluate(() => history.replaceState(null, "", "#busy"));
	await page.getByRole("button", { name: scan.open }).click();
	await expect(scanned(page)).toHaveText(scan.failed);
	await page.getByRole("button", { name: scan.close }).click();
	await page.getByRole("searchbox").fill("guy");
	await expect(row(page, "Guy Roy")).toBeVisible();
});

test("where there is no camera, or no script, nothing offers one", async ({ page, browser }) => {
	const { door } = await givenDoors(browser, ["Guy Roy"]);
	await page.addInitScript(() => {
		MediaDevices.prototype.enumerateDevices = async () => [];
	});
	await asOrganizer(page);
	await page.goto(door);
	await row(page, "Guy Roy").click();
	await expect(row(page, "Guy Roy")).toContainText(/Présente, .*\d+\sh/);
	await expect(page.getByRole("button", { name: scan.open })).toBeHidden();
	const context = await browser.newContext({ baseURL: process.env.SITE_URL, javaScriptEnabled: false });
	const plain = await context.newPage();
	await asOrganizer(plain);
	await plain.goto(door);
	await expect(plain.getByRole("button", { name: attendees.searchGo })).toBeVisible();
	await expect(plain.getByRole("button", { name: scan.open })).toBeHidden();
	await expect(plain.locator("video")).toBeHidden();
	await context.close();
});
