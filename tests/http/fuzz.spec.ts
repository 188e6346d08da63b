import { request } from "node:http";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { signToken } from "#app/domain/token.server.ts";
import { createTestDatabase } from "#tests/database.ts";
import { builtRoutes, routeOf } from "#tests/routes.ts";
import { type FilledSite, purposeOf, siteSecret, startFilledSite } from "./filled-site.ts";
import { endsThings, filledIn, formsOf, kindOf, linksOf, type PageForm } from "./read-page.ts";

/*
 * Everything that a stranger or an organizer can send, sent wrong: each form that the site shows, its addresses, its
 * headers, and bytes that are no HTTP. Never a 500, never a wait, nothing that tells how the inside looks, and no log of
 * what was typed. The forms are found by walking the site: a new one is tried before it is thought of.
 *
 * FUZZ_SEED=7 FUZZ_RUNS=200 npx vitest run --project postgres tests/http/fuzz.spec.ts
 */
const seed = Number(process.env.FUZZ_SEED ?? 20_261_201);
const runs = Number(process.env.FUZZ_RUNS ?? 3);
const patienceMs = 10_000;

let site: FilledSite;
let forms: PageForm[] = [];

beforeAll(async () => {
	const environment = { BOOKINGS_PER_HOUR: "1000000", TRUST_PROXY_HOPS: "1" };
	site = await startFilledSite(await createTestDatabase(), environment);
	forms = await findForms();
}, 120_000);
afterAll(() => site.close());

/** What a form is a form of: its route and its fields. Those of a list of things are all the same one, however many rows it has. */
function formOf({ action, fields }: PageForm): string {
	const names = fields.map(({ name }) => name.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d+$/g, ""));
	return `${routeOf(action)?.path} ${[...new Set(names)].join()}`;
}

/** Each form of each page, once: those of the addresses that are known, and of the pages that these lead to. */
async function findForms(): Promise<PageForm[]> {
	const cookie = await site.ownerCookie("fr");
	const found = new Map<string, PageForm>();
	const waiting = site.addresses.map(({ address }) => ({ address, kind: kindOf(address) }));
	const walked = new Set<string>();
	for (let next = waiting.shift(); next; next = waiting.shift()) {
		const { address, kind } = next;
		if (walked.has(kind)) continue;
		walked.add(kind);
		// The page to sign in on is for whoever is not.
		const signedIn = address.startsWith("/organizer/sign-in") ? "" : cookie;
		const answer = await fetch(site.app.url + address, { headers: { Cookie: signedIn }, redirect: "manual" });
		const html = await answer.text();
		if (answer.status !== 200 || !html.startsWith("<!")) continue;
		if (address.startsWith("/organizer")) {
			// A list that is sorted or searched otherwise has the same forms.
			for (const link of linksOf(html, address, site.app.url))
				waiting.push({ address: link, kind: kindOf(link.replace(/\?.*/, "")) });
		}
		for (const form of postedFrom(html, address)) found.set(formOf(form), form);
	}
	return [...found.values()];
}

function postedFrom(html: string, address: string): PageForm[] {
	return formsOf(html, address, site.app.url).filter(({ method }) => method === "post");
}

const awkward = fc.constantFrom(
	..."\0 \r\n \u2028 \u202e \ufeff \ud800 😀 %00 %0d%0a ../../etc/passwd {{manage_url}} {{7*7}} <script>alert(1)</script> '\"`".split(
		" ",
	),
	"'; drop table registration; --",
	"=cmd|' /C calc'!A0",
	"a@exemple.ca\r\nBcc: b@exemple.ca",
	"\u0130\u00df\ufb03".repeat(50),
	"9".repeat(400),
	"-1",
	"1e309",
	"NaN",
	"0x1F",
	"2147483648",
	"9223372036854775808",
	"9999-12-31",
	"0000-00-00",
	"2026-02-30",
	"-000001-01-01T00:00",
	"2026-12-01T25:61",
	"24:00",
	"constructor",
	"__proto__",
	"x".repeat(20_000),
	"https://a.b/ c",
	"[x](javascript:alert(1))".repeat(20),
	"[".repeat(3_000),
	"*".repeat(3_000),
	"> ".repeat(1_000),
	"01a20c4e-c370-711d-9369-2be1b1057a8f",
	"waitlist:01a20c4e-c370-711d-9369-2be1b1057a8f",
);

const anything = fc.oneof(
	{ weight: 4, arbitrary: awkward },
	{ weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 300 }) },
	{ weight: 1, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
	{ weight: 1, arbitrary: fc.double().map(String) },
	{
		weight: 1,
		arbitrary: fc.date().map((date) => (Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 16))),
	},
);

/** A value that the form could well hold. */
function plausible({ name, kind, value, choices }: PageForm["fields"][number]): fc.Arbitrary<string> {
	if (kind === "hidden" || choices.length > 1) return fc.constantFrom(...choices);
	if (value !== "") return fc.constant(value);
	if (/email/i.test(name)) return fc.integer({ min: 1, max: 1e9 }).map((n) => `fuzz.${n}@exemple.ca`);
	if (/^date|At$|Until$/.test(name)) return fc.constantFrom("2027-03-01", "2027-03-01T10:00");
	if (/^(start|end)/.test(name)) return fc.constantFrom("09:30", "16:30");
	return fc.constantFrom("12", "Zoé Roy", "Bonjour {{name}}");
}

/** A form filled in: most fields as they should be, some wrong, some left out, some twice, and one that it has not. */
function filled({ fields }: PageForm): fc.Arbitrary<[string, string][]> {
	const entries = fields.map((field) =>
		fc
			.oneof(
				{ weight: 6, arbitrary: plausible(field).map((value) => [value]) },
				{ weight: 3, arbitrary: anything.map((value) => [value]) },
				{ weight: 1, arbitrary: fc.constant([]) },
				{ weight: 1, arbitrary: fc.tuple(anything, anything) },
			)
			.map((values) => values.map((value): [string, string] => [field.name, value])),
	);
	const stray = fc.array(fc.tuple(fc.oneof(awkward, fc.constant("intent")), anything), { maxLength: 2 });
	return fc.tuple(fc.tuple(...entries), stray).map(([own, others]) => [...own.flat(), ...others]);
}

const inside =
	/\bat \S.{0,80} \(\S*:\d+|node_modules|\.server\.[jt]s|\bselect [^<>]* from\b|insert into|violates .* constraint|invalid input syntax|SyntaxError|TypeError|ZodError|ECONN/i;

type Answer = { status: number; text: string };

function expectHarmless({ status, text }: Answer, asked: string): void {
	expect(status, asked).toBeLessThan(500);
	expect(inside.exec(text)?.[0], asked).toBeUndefined();
	expect(text.includes(siteSecret), asked).toBe(false);
}

/** Sends a form as the owner, who is still signed in whatever the last form did. */
async function send(action: string, body: string): Promise<Answer> {
	const answer = await fetch(site.app.url + action, {
		method: "POST",
		body,
		headers: {
			"Content-Type": "application/x-www-form-urlencoded",
			"Sec-Fetch-Site": "same-origin",
			Cookie: await site.ownerCookie("fr"),
		},
		redirect: "manual",
		signal: AbortSignal.timeout(patienceMs),
	});
	return { status: answer.status, text: await answer.text() };
}

/** Where a form stands only on the answer to another: the code, the list as it was read, what a full date leaves, who is sure. */
const secondSteps = [
	"organizer/sign-in",
	"organizer/sessions/:sessionId/import",
	"ateliers/:slug/inscription",
	"en/workshops/:slug/register",
	"mon-groupe/:token",
	"en/my-group/:token",
];

test("each form of each route that takes one is refused or understood, whatever it holds", async () => {
	const known = new Set(forms.map(formOf));
	const reached = new Set<string>();
	const stepped = new Set<string>();
	// What ends a thing comes last: the others then still have something to be about.
	const waiting = [...forms].sort((a, b) => Number(endsThings(a)) - Number(endsThings(b)));

	async function tryOut(form: PageForm, body: string): Promise<void> {
		const answer = await send(await whereItIs(form.action), body);
		expectHarmless(answer, `POST ${form.action} ${body.slice(0, 2000)}`);
		if (answer.status !== 404) reached.add(routeOf(form.action)!.path);
		for (const next of postedFrom(answer.text, form.action)) {
			if (known.has(formOf(next))) continue;
			known.add(formOf(next));
			stepped.add(routeOf(next.action)!.path);
			waiting.unshift(next);
		}
	}

	for (let form = waiting.shift(); form; form = waiting.shift()) {
		const tried = form;
		const property = fc.asyncProperty(filled(tried), (entries) =>
			tryOut(tried, entries.map((pair) => pair.map(encode).join("=")).join("&")),
		);
		await fc.assert(property, { seed, numRuns: runs });
		for (const body of [...filledIn(tried), ...onFullDate(tried)]) await tryOut(tried, String(body));
	}
	const paths = (await builtRoutes()).flatMap(({ path, module }) => (module.action ? [path] : []));
	const taking = paths.filter((path) => path !== "*");
	expect(taking.length).toBeGreaterThan(40);
	expect(taking.filter((path) => !reached.has(path))).toEqual([]);
	expect(secondSteps.filter((path) => !stepped.has(path))).toEqual([]);
}, 600_000);

/** As whoever opened the form while there was a seat left sends it: the page says then what can be had instead. */
function onFullDate({ fields }: PageForm): URLSearchParams[] {
	const full = fields.find(({ name, value }) => name === "date" && value.startsWith("waitlist:"));
	const key = fields.find(({ name }) => name === "key");
	if (!full || !key) return [];
	const date = full.value.replace("waitlist:", "");
	return [new URLSearchParams({ date, key: key.value, name: "Zoé Roy", email: "zoe@exemple.ca" })];
}

/**
 * Where something is by now: links die when an address is corrected, a place that is exchanged is at another date, and
 * instead of whoever was erased somebody else is asked for.
 */
async function whereItIs(action: string): Promise<string> {
	const { db } = site;
	const [, placeId] = /\/registrations\/([0-9a-f-]{36})/.exec(action) ?? [];
	if (placeId) {
		const { sessionId, id } = await stillKnown(placeId);
		return action.replace(/[0-9a-f-]{36}/, sessionId).replace(placeId, id);
	}
	const [, id] = /\/([0-9a-f-]{36})\./.exec(action) ?? [];
	const purpose = purposeOf(action.slice(1));
	if (!id || (purpose !== "manage" && purpose !== "group")) return action;
	const named =
		purpose === "manage"
			? await stillKnown(id)
			: await db
					.selectFrom("booking")
					.select(["id", "tokenVersion"])
					.where("contactName", "<>", "")
					.orderBy((eb) => eb("id", "=", id), "desc")
					.orderBy("id", "desc")
					.limit(1)
					.executeTakeFirstOrThrow();
	const token = signToken(siteSecret, purpose, named.id, named.tokenVersion);
	return action.replace(/[0-9a-f-]{36}\.[\w-]+/, token);
}

/** This registration, or another one where it was erased. */
async function stillKnown(id: string) {
	return site.db
		.selectFrom("registration")
		.select(["id", "sessionId", "tokenVersion"])
		.where("name", "<>", "")
		.where("status", "<>", "repeated")
		.orderBy((eb) => eb("id", "=", id), "desc")
		.orderBy("id", "desc")
		.limit(1)
		.executeTakeFirstOrThrow();
}

/** As a browser encodes it: half a pair of surrogates, which has no UTF-8, becomes U+FFFD. */
function encode(text: string): string {
	return encodeURIComponent(Buffer.from(text).toString());
}

const token = fc
	.oneof(
		fc.string({ unit: "binary", maxLength: 200 }),
		awkward,
		fc.tuple(fc.uuid(), fc.string({ minLength: 32, maxLength: 32 })).map((parts) => parts.join(".")),
	)
	.map((text) => encode(text).slice(0, 1500));

/** An address of the site with some of its parts made up, or one that nobody ever wrote. */
const address = fc.oneof(
	fc.tuple(fc.nat(), token, token).map(([which, part, query]) => {
		const { route } = site.addresses[which % site.addresses.length]!;
		return `/${route.replaceAll(/:\w+/g, () => part)}?date=${query}&page=${query}&q=${query}&onglet=${query}&to=${query}&from=${query}&after=${query}`;
	}),
	fc.array(token, { maxLength: 5 }).map((parts) => `/${parts.join("/")}`),
	fc.webPath().map((path) => `/${path}`),
	fc.constantFrom(
		"/.data",
		"/organizer.data?_routes=x",
		"/%",
		"/%c0%ae",
		"/\\..",
		"/..%2f..%2fetc%2fpasswd",
		"/assets/../../package.json",
		"/?%",
		"/en?&&==",
		`/?q=${"a".repeat(7000)}`,
	),
);

test("each address is answered, whatever stands in it", async () => {
	await fc.assert(
		fc.asyncProperty(address, fc.constantFrom("GET", "HEAD", "POST"), async (path, method) => {
			const cookie = await site.ownerCookie("fr");
			const answer = await ask(path, {
				method,
				headers: {
					Cookie: cookie,
					"Sec-Fetch-Site": "same-origin",
					Authorization: `Bearer ${site.apiToken}`,
				},
			});
			expectHarmless(answer, `${method} ${path}`);
		}),
		{ seed, numRuns: runs * 40 },
	);
}, 600_000);

/** What may stand in a header: Node itself refuses to send the rest. */
const headerText = fc.oneof(
	fc.string({
		unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code)),
		maxLength: 200,
	}),
	fc.string({
		unit: fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)),
		maxLength: 80,
	}),
	fc.constantFrom(
		"",
		",",
		";",
		"=",
		'"',
		"*",
		"a".repeat(6000),
		"mal.example",
		"null",
		"undefined",
		"-1",
		"../..",
	),
);
const headerNames = {
	Host: fc.oneof(
		headerText,
		fc.constantFrom("mal.example:99999", "[::1", "a b", "@", "127.0.0.1\\@mal.example"),
	),
	"X-Forwarded-Host": headerText,
	"X-Forwarded-Proto": headerText,
	"X-Forwarded-For": fc.oneof(
		headerText,
		fc.array(fc.ipV6(), { maxLength: 200 }).map((all) => all.join(", ")),
	),
	Forwarded: headerText,
	"Accept-Language": fc.oneof(
		headerText,
		fc.constantFrom("fr;q=NaN", "*;q=9", "en-".repeat(500), "zz-ZZ-zz-u-ca-x"),
	),
	"Accept-Encoding": fc.oneof(headerText, fc.constantFrom("gzip;q=0", "br, zstd, x", "deflate")),
	Cookie: fc.oneof(
		headerText,
		headerText.map((text) => `organizer=${text}; __Host-organizer=${text}`),
	),
	"If-None-Match": fc.oneof(headerText, fc.constantFrom("*", 'W/"x', '"'.repeat(99))),
	"If-Modified-Since": fc.oneof(headerText, fc.constantFrom("Thu, 99 Foo 2026 25:61:61 GMT")),
	Range: fc.oneof(
		headerText,
		fc.constantFrom("bytes=-1", "bytes=5-2", "bytes=0-0,1-1,2-2", "bytes=99999999999999999999-"),
	),
	"Content-Type": fc.oneof(
		headerText,
		fc.constantFrom(
			"application/x-www-form-urlencoded; charset=utf-7",
			"application/x-www-form-urlencoded;charset=",
			"multipart/form-data",
			`multipart/form-data; boundary=${"-".repeat(300)}`,
			'multipart/form-data; boundary="',
			"application/x-www-form-urlencoded, text/plain",
			"application/x-www-form-urlencoded; x=y, text/plain",
		),
	),
	Origin: headerText,
	"Sec-Fetch-Site": fc.oneof(headerText, fc.constant("same-origin")),
	"User-Agent": headerText,
	Authorization: headerText,
	Purpose: headerText,
	Expect: fc.constantFrom("100-continue", "200-ok"),
};

type Asked = { method?: string; headers?: Record<string, string>; body?: string };

/** A request in which every header can be anything, Host included. */
function ask(path: string, { method = "GET", headers = {}, body }: Asked): Promise<Answer> {
	const { port } = new URL(site.app.url);
	return new Promise((resolve, reject) => {
		const asked = request({
			port,
			host: "127.0.0.1",
			path: encodeURI(path).replaceAll("%25", "%"),
			method,
			headers,
		});
		asked.setTimeout(patienceMs, () => asked.destroy(new Error(`No answer to ${method} ${path}`)));
		asked.on("error", reject);
		asked.on("response", (answer) => {
			const chunks: Buffer[] = [];
			answer.on("data", (chunk) => chunks.push(chunk));
			answer.on("error", reject);
			answer.on("end", () =>
				resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
			);
		});
		asked.end(body);
	});
}

test.each([
	"application/x-www-form-urlencoded, text/plain",
	"application/x-www-form-urlencoded; x=y, text/plain",
])("a form that says it is %s is no failure of the site", async (type) => {
	const form = forms.find(({ action }) => action.endsWith("/inscription"))!;
	const headers = { "Content-Type": type, "Sec-Fetch-Site": "same-origin" };
	const answer = await ask(form.action, { method: "POST", headers, body: "name=" });
	expect(answer.status).toBe(400);
});

test("no header breaks a page, and none of a host is repeated", async () => {
	const headers = fc.record(headerNames, { requiredKeys: [] });
	await fc.assert(
		fc.asyncProperty(headers, fc.nat(), fc.constantFrom("GET", "POST"), async (sent, which, method) => {
			const { address } = site.addresses[which % site.addresses.length]!;
			const body = method === "POST" ? "intent=edit&date=x" : undefined;
			const forged = { "X-Forwarded-Host": "forgé.example", ...sent };
			const answer = await ask(address, { method, headers: forged, body });
			expectHarmless(answer, `${method} ${address} ${JSON.stringify(sent).slice(0, 2000)}`);
			expect(answer.text).not.toContain("forg");
		}),
		{ seed, numRuns: runs * 40 },
	);
}, 600_000);

test("a form is limited or taken, whatever a proxy says of where it comes from", async () => {
	const form = forms.find(({ action }) => action === "/nouvelles")!;
	const [body] = filledIn(form);
	await fc.assert(
		fc.asyncProperty(headerNames["X-Forwarded-For"], async (from) => {
			const type = "application/x-www-form-urlencoded";
			const headers = { "Content-Type": type, "Sec-Fetch-Site": "same-origin", "X-Forwarded-For": from };
			const answer = await ask(form.action, { method: "POST", headers, body: String(body) });
			expectHarmless(answer, `POST ${form.action} from ${from.slice(0, 2000)}`);
			expect([303, 429]).toContain(answer.status);
		}),
		{ seed, numRuns: runs * 10 },
	);
}, 600_000);

/** Writes these bytes and waits until the server ends the conversation. Returns what it said. */
function converse(
	write: (socket: ReturnType<typeof connect>) => void,
	withinMs = patienceMs,
): Promise<string> {
	return new Promise((resolve, reject) => {
		let said = "";
		const socket = connect(Number(new URL(site.app.url).port), "127.0.0.1", () => write(socket));
		const late = setTimeout(() => {
			socket.destroy();
			reject(new Error(`The connection is still open after ${withinMs} ms: ${said.slice(0, 200)}`));
		}, withinMs);
		socket.on("data", (chunk) => {
			said += chunk;
		});
		socket.on("error", () => {});
		socket.on("close", () => {
			clearTimeout(late);
			resolve(said);
		});
	});
}

test("bytes that are no HTTP get a refusal or nothing, and the connection ends", async () => {
	const bytes = fc.oneof(
		fc.uint8Array({ minLength: 1, maxLength: 400 }).map((list) => Buffer.from(list)),
		fc.string().map((line) => Buffer.from(`GET /${line} HTTP/1.1\r\n\r\n`)),
		fc
			.constantFrom(
				"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n",
				"GET / HTTP/9.9\r\n\r\n",
				"GET http://mal.example/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
				"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
				"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
				"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
				`GET / HTTP/1.1\r\nHost: x\r\n${"X: y\r\n".repeat(3000)}\r\n`,
				`GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
				"CONNECT mal.example:80 HTTP/1.1\r\nHost: mal.example:80\r\n\r\n",
				"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
			)
			.map((text) => Buffer.from(text)),
	);
	await fc.assert(
		fc.asyncProperty(bytes, async (sent) => {
			// Whoever has said all hangs up their half, so that the server need not wait for more.
			const said = await converse((socket) => socket.end(sent));
			expect(said.slice(0, 12), sent.toString("latin1")).not.toMatch(/^HTTP\/1\.1 5/);
			expect(inside.test(said)).toBe(false);
		}),
		{ seed, numRuns: runs * 15 },
	);
}, 600_000);

test("a body that does not end where it said is refused, whether it says its length or not", async () => {
	const head =
		"POST /ateliers/x/inscription HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\n";
	const announced = await converse((socket) =>
		socket.write(`${head}Content-Length: 1000000000\r\n\r\nname=`),
	);
	expect(announced).toMatch(/^HTTP\/1\.1 413/);
	const chunk = `10000\r\n${"x".repeat(0x10000)}\r\n`;
	const endless = await converse(async (socket) => {
		socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
		for (let n = 0; n < 200 && !socket.destroyed; n += 1) {
			socket.write(chunk);
			await delay(1);
		}
	});
	expect(endless).toMatch(/^HTTP\/1\.1 413/);
});

test("after all this the site is well, and its log names nobody and repeats nothing that was typed", async () => {
	const health = await ask("/health", {});
	expect(health.status).toBe(200);
	const log = site.app.output();
	expect(log.split("\n").filter((line) => line.includes("request.failed"))).toEqual([]);
	for (const typed of ["exemple.ca", "Zoé", siteSecret]) {
		const lines = log.split("\n").filter((line) => line.startsWith("{") && line.includes(typed));
		expect(lines, typed).toEqual([]);
	}
});
