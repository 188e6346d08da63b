import type { APIRequestContext } from "playwright/test";
import { expect, expectAccessible, expectWithinWidth, freshEmail, signUp, test, words } from "./test.ts";

test.use({ expectedStatuses: [400, 404, 409] });

const slug = "/ateliers/les-medias-sociaux-en-entreprise";

for (const colorScheme of ["light", "dark"] as const) {
	test.describe(`in ${colorScheme} colours`, () => {
		test.use({ colorScheme });

		test("the pages that people reach by a form have no accessibility violation", async ({ page }) => {
			await page.goto(`${slug}/inscription`);
			await page.getByRole("button", { name: words.fr.register.submit }).click();
			await expect(page.getByRole("alert")).toBeVisible();
			await expectAccessible(page);
			await expectWithinWidth(page);
			await page.getByLabel(/8\sdécembre/).check();
			await signUp(page, "fr", { name: "Maïté L’Écuyer", email: freshEmail() });
			await expect(page.locator(".reference")).toBeVisible();
			await expectAccessible(page);
			await expectWithinWidth(page);
		});
	});
}

test("every page says what it may do, and nothing outside is loaded", async ({ page, request }) => {
	const outside: string[] = [];
	page.on("request", (sent) => {
		if (!sent.url().startsWith(process.env.SITE_URL!)) outside.push(sent.url());
	});
	await page.goto("/");
	expect(outside).toEqual([]);
	const headers = (await request.get("/")).headers();
	expect(headers["content-security-policy"]).toContain("default-src 'none'");
	expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
	expect(headers["content-security-policy"]).not.toContain("unsafe");
	expect(headers["referrer-policy"]).toBe("same-origin");
	expect(headers["x-content-type-options"]).toBe("nosniff");
	expect(headers["x-powered-by"]).toBeUndefined();
	expect(headers["set-cookie"]).toBeUndefined();
});

test("a page that breaks its own policy is seen to, by each test", async ({ page, problems }) => {
	const broken = `<script>document.title = "mal"</script><b style="color: red">mal</b>
		<script src="https://mal.example/x.js"></script><img src="https://mal.example/x.png" alt="">`;
	await page.route("/", async (route) => {
		const response = await route.fetch();
		const body = (await response.text()).replace("</main>", `${broken}</main>`);
		await route.fulfill({ response, body });
	});
	await page.goto("/");
	for (const refused of [/inline script/, /inline style/, /x\.js/, /x\.png/])
		expect(problems).toContainEqual(expect.stringMatching(refused));
	for (const problem of problems.splice(0)) expect(problem).toContain("Content Security Policy");
});

test("links never follow the name that a client calls this host", async ({ request }) => {
	const response = await request.get("/", {
		headers: { "X-Forwarded-Host": "mal.example", Host: "mal.example" },
	});
	const html = await response.text();
	expect(html).toContain(`<link rel="canonical" href="${process.env.SITE_URL}/"/>`);
	expect(html).not.toContain("mal.example");
});

test("a subscribed calendar, a feed and a picture are what they say", async ({ request }) => {
	const calendar = await request.get("/ateliers.ics");
	expect(calendar.headers()["content-type"]).toContain("text/calendar");
	expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR[\s\S]*SUMMARY:Les médias sociaux/);
	const feed = await request.get("/en/workshops.atom");
	expect(await feed.text()).toContain("<title>Social media at work: safety, good sense and presence");
	const image = /property="og:image" content="([^"]+)"/.exec(await (await request.get(slug)).text())![1]!;
	const picture = await request.get(image);
	expect(picture.headers()["content-type"]).toBe("image/png");
	expect((await picture.body()).subarray(1, 4).toString()).toBe("PNG");
});

test.describe("bad input", () => {
	async function form(request: APIRequestContext) {
		const html = await (await request.get(`${slug}/inscription`)).text();
		const key = /name="key" value="([^"]+)"/.exec(html)![1]!;
		const date = [...html.matchAll(/name="date"[^>]* value="([^"]+)"/g)].at(-1)![1]!;
		return { date, key, name: "Zoé Roy", email: freshEmail(), organization: "" };
	}
	const own = { Origin: "" };
	test.beforeAll(() => {
		own.Origin = process.env.SITE_URL!;
	});
	const send = async (request: APIRequestContext, changes: Record<string, string>, headers = own) => {
		const response = await request.post(`${slug}/inscription`, {
			form: { ...(await form(request)), ...changes },
			headers,
			maxRedirects: 0,
		});
		return { status: response.status(), html: await response.text() };
	};

	test("a good form from this site is answered with a redirect", async ({ request }) => {
		expect((await send(request, {})).status).toBe(303);
	});

	for (const [name, changes, status, sentence] of [
		["an unknown session", { date: "01a20c4e-c370-711d-9369-2be1b1057a8f" }, 409, "Choisissez une date"],
		["a session that is no session", { date: "demain" }, 400, "Choisissez une date"],
		["a malformed address", { email: "zoe@@exemple" }, 400, "Entrez un courriel complet"],
		[
			"an address of 300 characters",
			{ email: `${"a".repeat(290)}@exemple.ca` },
			400,
			"Entrez un courriel complet",
		],
		[
			"an address with a second one in it",
			{ email: "a@exemple.ca,b@exemple.ca" },
			400,
			"Entrez un courriel complet",
		],
		[
			"an address with a header in it",
			{ email: "a@exemple.ca\r\nBcc: b@exemple.ca" },
			400,
			"Entrez un courriel complet",
		],
		["a name of 10 kB", { name: "é".repeat(10_000) }, 400, "200 caractères"],
		["no name", { name: "  \u00a0 " }, 400, "Entrez votre nom complet"],
		[
			"a tampered key",
			{ key: "01a20c4e-c370-711d-9369-2be1b1057a8f.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" },
			400,
			"Rien n’est perdu",
		],
		["a filled trap", { website: "https://exemple.ca" }, 400, "Le dernier champ doit rester vide"],
	] as const) {
		test(`${name} is refused with a sentence`, async ({ request }) => {
			const answer = await send(request, changes);
			expect(answer.status).toBe(status);
			expect(answer.html).toContain(sentence);
			if (!("name" in changes)) expect(answer.html).toContain("Zoé Roy");
		});
	}

	test("a hostile name is shown as text", async ({ request }) => {
		const answer = await send(request, { name: '"><script>alert(1)</script>', email: "" });
		expect(answer.html).not.toContain("<script>alert");
		expect(answer.html).toContain("&lt;script&gt;");
	});

	test("what no form sends, and addresses that are none, have a page too", async ({ request }) => {
		for (const path of [
			"/?atelier=%00",
			"/ateliers/a%00b",
			`${slug}/inscription.data`,
			"/en.data",
			"/_root.data",
		]) {
			const answer = await request.get(path);
			expect(answer.status(), path).toBe(404);
			expect(await answer.text(), path).not.toContain("rencontre.exemple.ca");
		}
		for (const type of ["multipart/form-data; boundary=x", "application/json", "text/plain"]) {
			const answer = await request.post(`${slug}/inscription`, {
				data: "x",
				headers: { ...own, "Content-Type": type },
			});
			expect(answer.status(), type).toBe(400);
			expect(await answer.text()).toContain(words.fr.refused[400].title);
		}
	});

	test("the link of an online session is on no public page", async ({ request }) => {
		for (const path of ["/", slug, `${slug}/inscription`, "/ateliers.ics", "/ateliers.atom"]) {
			expect(await (await request.get(path)).text(), path).not.toContain("rencontre.exemple.ca");
		}
	});

	test("an over-long body, a wrong method, another site and a forged link each have a page", async ({
		request,
	}) => {
		const tooLong = await request.post(`${slug}/inscription`, {
			form: { ...(await form(request)), organization: "x".repeat(300_000) },
			headers: own,
		});
		expect(tooLong.status()).toBe(413);
		expect(await tooLong.text()).toContain(words.fr.refused[413].title);
		const method = await request.fetch("/en", { method: "DELETE", headers: own });
		expect(method.status()).toBe(405);
		expect(method.headers().allow).toBe("GET, HEAD, POST");
		expect(await method.text()).toContain(words.en.refused[405].title);
		const noAction = await request.post("/", { form: {}, headers: own });
		expect(noAction.status()).toBe(405);
		for (const headers of [
			{ Origin: "https://mal.example" },
			{ Origin: "null" },
			{ "Sec-Fetch-Site": "cross-site" },
			{},
		]) {
			const answer = await send(request, {}, headers as typeof own);
			expect(answer.status).toBe(403);
			expect(answer.html).toContain(words.fr.refused[403].title);
		}
		for (const path of [
			"/ma-place/01a20c4e-c370-711d-9369-2be1b1057a8f.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
			"/ma-place/%00",
			"/inscriptions/x",
			"/ateliers/rien",
			"/dates/1/image.png",
		]) {
			const answer = await request.get(path);
			expect(answer.status(), path).toBe(404);
			const { link, 404: unknown } = words.fr.refused;
			const { title } = /01a20c4e|inscriptions/.test(path) ? link : unknown;
			expect(await answer.text(), path).toContain(title);
		}
	});
});
