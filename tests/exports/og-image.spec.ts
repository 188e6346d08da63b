import { Resvg } from "@resvg/resvg-js";
import { expect, test } from "vitest";
import { type SessionFacts, sessionImage, sessionSvg } from "#app/exports/og-image.server.ts";

const december: SessionFacts = {
	firm: "Formation Exemple inc.",
	title: "Les médias sociaux en entreprise : sécurité, prudence et présence",
	startsAt: new Date("2026-12-01T14:30:00Z"),
	zone: "America/Toronto",
	when: "de 9 h 30 à 16 h 30",
	where: "Montréal, Centre-ville",
	locale: "fr",
};

const fonts = ["app/exports/fonts/figtree-500.ttf", "app/exports/fonts/figtree-700.ttf"];

function inkOf(svg: string) {
	const box = new Resvg(svg, { font: { loadSystemFonts: false, fontFiles: fonts } }).getBBox()!;
	return { left: box.x, top: box.y, right: box.x + box.width, bottom: box.y + box.height };
}

function expectInsideMargins(svg: string): void {
	const { left, top, right, bottom } = inkOf(svg);
	expect(left).toBeGreaterThanOrEqual(60);
	expect(top).toBeGreaterThanOrEqual(50);
	expect(right).toBeLessThanOrEqual(1200 - 64 + 1);
	expect(bottom).toBeLessThanOrEqual(630 - 50);
}

/** The texts of the drawing in order, with their entities. */
function texts(svg: string): string[] {
	return [...svg.matchAll(/<text [^>]*>([^<]*)<\/text>/g)].map(([, text]) => text!);
}

test("the image is a PNG of 1200 by 630 pixels, small enough for every network", async () => {
	const image = await sessionImage(december);
	expect(image.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a");
	expect(image.readUInt32BE(16)).toBe(1200);
	expect(image.readUInt32BE(20)).toBe(630);
	expect(image.length).toBeLessThan(200_000);
});

test("it says who, what, when and where, the title in even lines", () => {
	expect(texts(sessionSvg(december))).toEqual([
		"Formation Exemple inc.",
		"mardi",
		"1",
		"er",
		"décembre",
		"Les médias sociaux en",
		"entreprise : sécurité,",
		"prudence et présence",
		"De 9 h 30 à 16 h 30 · Montréal, Centre-ville",
	]);
	expectInsideMargins(sessionSvg(december));
});

test("an English image has English words and draws something else", async () => {
	const english: SessionFacts = { ...december, locale: "en", when: "9:30 a.m. to 4:30 p.m." };
	const words = texts(sessionSvg(english));
	expect(words.slice(1, 4)).toEqual(["Tuesday", "1", "December"]);
	expect(words.at(-1)).toBe("9:30 a.m. to 4:30 p.m. · Montréal, Centre-ville");
	expect((await sessionImage(english)).equals(await sessionImage(december))).toBe(false);
});

test("the day is told in the session's zone", () => {
	const lateEvening = { ...december, startsAt: new Date("2026-12-02T02:00:00Z") };
	expect(texts(sessionSvg(lateEvening)).slice(1, 3)).toEqual(["mardi", "1"]);
});

test("a title too long for three lines ends with an ellipsis, inside the frame", () => {
	const words = "Rédiger une politique que tout le monde lira, comprendra et appliquera ";
	const svg = sessionSvg({ ...december, title: words.repeat(5) });
	expect(texts(svg).slice(5, -1)).toHaveLength(3);
	expect(texts(svg).at(-2)).toMatch(/…$/);
	expectInsideMargins(svg);
});

test.each([
	["one endless word", { title: "W".repeat(300) }],
	["a long firm name", { firm: "Regroupement québécois des formatrices et formateurs ".repeat(3) }],
	[
		"long hours and a long place",
		{ when: "mercredi 23 septembre, ".repeat(9), where: "Centre culturel ".repeat(9) },
	],
	[
		"the widest letters and a two-digit day",
		{ title: "MW ".repeat(90), startsAt: new Date("2026-09-23T13:00:00Z") },
	],
])("%s stays inside the frame", (_, facts) => {
	const svg = sessionSvg({ ...december, ...facts });
	expectInsideMargins(svg);
	expect(texts(svg).join()).toContain("…");
});

test("hours and a place that do not fit on one line take one each", () => {
	const svg = sessionSvg({
		...december,
		when: "3 rencontres : 9, 16 et 23 septembre, de 9 h à 12 h",
		where: "Saint-Jean-sur-Richelieu, Centre-ville",
	});
	expect(texts(svg).slice(-2)).toEqual([
		"3 rencontres : 9, 16 et 23 septembre, de 9 h à 12 h",
		"Saint-Jean-sur-Richelieu, Centre-ville",
	]);
	expectInsideMargins(svg);
});

test("what looks like markup is only text", async () => {
	const hostile = `<script>&"'</text>]]>&lt;\u0000\u0008\ud800`;
	const facts = { ...december, firm: hostile, title: hostile, when: hostile, where: hostile };
	expect(sessionSvg(facts)).not.toContain("<script");
	expect(texts(sessionSvg(facts))[0]).toBe(`&lt;script&gt;&amp;"'&lt;/text&gt;]]&gt;&amp;lt;`);
	expect((await sessionImage(facts)).readUInt32BE(16)).toBe(1200);
});

test("letters that the font lacks never become empty boxes", () => {
	const svg = sessionSvg({ ...december, title: "Łódź, Nguyễn Phạm, rendez‑vous 🎉 → 日本" });
	expect(texts(svg).slice(5, -1).join(" ")).toBe("Łódź, Nguyen Pham, rendez-vous");
});

test("empty words leave an image all the same", async () => {
	const facts = { ...december, firm: "", title: " ", when: "", where: "" };
	expect((await sessionImage(facts)).readUInt32BE(16)).toBe(1200);
});
