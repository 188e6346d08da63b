import { join } from "node:path";
import { type BBox, Resvg, type ResvgRenderOptions, renderAsync } from "@resvg/resvg-js";
import type { Locale } from "#app/domain/locale.ts";
import { capitalize, dateTile } from "#app/i18n/format.ts";

export type SessionFacts = {
	firm: string;
	title: string;
	/** The instant its first meeting begins. */
	startsAt: Date;
	/** The IANA zone in which its day is told. */
	zone: string;
	/** « de 9 h 30 à 16 h 30 », « 2 rencontres : 10 et 17 février, de 13 h à 16 h ». */
	when: string;
	where: string;
	locale: Locale;
};

/** `size` in pixels, `spacing` between letters in ems. */
type Face = { size: number; weight: 500 | 700; color: string; spacing?: number };
type Word = { text: string; ems: number };

const width = 1200;
const height = 630;
const margin = 64;
const inside = width - 2 * margin;

/** The light side of tokens.css, its rules darker: an image has no theme and is shown at a third of its size. */
const color = { paper: "#fbfaf7", ink: "#17191c", muted: "#5a5f66", rule: "#d6d2c7", accent: "#2347c5" };

const faces = {
	firm: { size: 36, weight: 700, color: color.ink, spacing: -0.02 },
	title: { size: 76, weight: 700, color: color.ink, spacing: -0.025 },
	weekday: { size: 40, weight: 700, color: color.ink },
	day: { size: 240, weight: 700, color: color.accent, spacing: -0.04 },
	ordinal: { size: 80, weight: 700, color: color.accent },
	month: { size: 40, weight: 500, color: color.muted },
	footer: { size: 38, weight: 500, color: color.ink },
} satisfies Record<string, Face>;

const smallestTitle = 46;
const smallestFooter = 32;
const titleLines = 3;
const footerLine = 52;
/** Figtree's, in ems. */
const capHeight = 0.7;
const lineHeight = 1.12;

/** The app is always started from its root, and a bundle does not lie beside the fonts. */
const fontFiles = ["figtree-500.ttf", "figtree-700.ttf"].map((file) =>
	join(process.cwd(), "app/exports/fonts", file),
);

const rendering: ResvgRenderOptions = {
	background: color.paper,
	font: { loadSystemFonts: false, fontFiles, defaultFontFamily: "Figtree" },
};

/** The picture that a session's link shows in a post: a PNG of 1200 × 630 pixels, painted off the main thread. */
export async function sessionImage(facts: SessionFacts): Promise<Buffer> {
	const image = await renderAsync(sessionSvg(facts), rendering);
	return image.asPng();
}

/** The drawing behind `sessionImage`, without its paper. All of it stays 64 pixels away from the edges. */
export function sessionSvg(facts: SessionFacts): string {
	const footer = footerText(facts);
	const firmBase = margin + faces.firm.size * capHeight;
	const upperRule = firmBase + 34;
	const lowerRule = height - margin - footerLine * footer.lines.length - 14;
	const middle = (upperRule + lowerRule) / 2;
	const tile = drawTile(facts, middle, footer.lines.length > 1 ? 186 : faces.day.size);
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="Figtree">`,
		drawText(cut(drawable(facts.firm), faces.firm, inside), margin, firmBase, faces.firm),
		drawRule(upperRule),
		tile.svg,
		drawTitle(drawable(facts.title), margin + tile.width + 72, middle),
		drawRule(lowerRule),
		...footer.lines.map((line, index) => {
			const below = footer.lines.length - 1 - index;
			return drawText(line, margin, height - margin - footerLine * below, footer.face);
		}),
		"</svg>",
	].join("");
}

/** The hours and the place: on one line, a little smaller if need be, or else on a line each. */
function footerText({ when, where, locale }: SessionFacts): { lines: string[]; face: Face } {
	const parts = [capitalize(when, locale), where].map(drawable).filter(Boolean);
	const together = parts.join(" · ");
	const size = Math.min(1, inside / reach(together, faces.footer)) * faces.footer.size;
	if (size >= smallestFooter) return { lines: [together], face: { ...faces.footer, size } };
	return { lines: parts.map((part) => cut(part, faces.footer, inside)), face: faces.footer };
}

/** The calendar page: the day is the largest thing, and its ink stands exactly on the margin. */
function drawTile(facts: SessionFacts, middle: number, size: number): { svg: string; width: number } {
	const { weekday, day, ordinal, month } = dateTile(facts.startsAt, facts.locale, facts.zone);
	const dayFace = { ...faces.day, size };
	const ordinalFace = { ...faces.ordinal, size: size / 3 };
	const dayInk = ink(day, dayFace);
	const dayTop = middle - (size * capHeight) / 2;
	const dayBase = middle + (size * capHeight) / 2;
	const ordinalLeft = dayInk.width + size / 24;
	const widths = [
		reach(weekday, faces.weekday),
		reach(month, faces.month),
		ordinal ? ordinalLeft + reach(ordinal, ordinalFace) : dayInk.width,
	];
	return {
		svg: [
			drawText(weekday, margin, dayTop - 34, faces.weekday),
			drawText(day, margin - dayInk.x, dayBase, dayFace),
			ordinal && drawText(ordinal, margin + ordinalLeft, dayTop + ordinalFace.size * 0.53, ordinalFace),
			drawText(month, margin, dayBase + 60, faces.month),
		].join(""),
		width: Math.max(...widths),
	};
}

/** Up to three lines about the middle, as large as they fit. */
function drawTitle(title: string, left: number, middle: number): string {
	const room = width - margin - left;
	const words = title.split(" ").map((text) => ({ text, ems: reach(text, faces.title) / faces.title.size }));
	let size = faces.title.size;
	while (size > smallestTitle && !fits(words, room / size)) size -= 2;
	const face = { ...faces.title, size };
	const broken = fits(words, room / size) ? balance(words, room / size) : wrap(words, room / size);
	const lines = broken.map((line) => line.map((word) => word.text).join(" "));
	const shown = [...lines.slice(0, titleLines - 1), lines.slice(titleLines - 1).join(" ")].filter(Boolean);
	const top = middle - (size * (capHeight + lineHeight * (shown.length - 1))) / 2;
	return shown
		.map((line, index) => {
			return drawText(cut(line, face, room), left, top + size * (capHeight + lineHeight * index), face);
		})
		.join("");
}

function fits(words: Word[], ems: number): boolean {
	return words.every((word) => word.ems <= ems) && wrap(words, ems).length <= titleLines;
}

/** Breaks in as few lines as the room allows, then makes them as even as that number allows. */
function balance(words: Word[], ems: number): Word[][] {
	let lines = wrap(words, ems);
	for (let narrower = ems; narrower > 1; narrower -= 0.1) {
		const tighter = wrap(words, narrower);
		if (tighter.length > lines.length) break;
		lines = tighter;
	}
	return lines;
}

function wrap(words: Word[], ems: number): Word[][] {
	const lines: Word[][] = [];
	for (const word of words) {
		const line = lines.at(-1);
		if (line && lineEms([...line, word]) <= ems) line.push(word);
		else lines.push([word]);
	}
	return lines;
}

/** A word ends with its ink: the gap is a space after the widest bearing. */
function lineEms(words: Word[]): number {
	const gap = 0.28;
	return words.reduce((sum, word) => sum + word.ems + gap, -gap);
}

/** The text, or as much of it as fits before an ellipsis. */
function cut(text: string, face: Face, room: number): string {
	const whole = reach(text, face);
	if (whole <= room) return text;
	let kept = Math.ceil((text.length * room) / whole);
	const shortened = () => `${text.slice(0, kept).replace(/[\s,;:.·]*( [^ ]*)?$/, "")}…`;
	while (kept > 0 && reach(shortened(), face) > room) kept -= 1;
	return shortened();
}

/** How far right of its origin a text is drawn. */
function reach(text: string, face: Face): number {
	const { x, width } = ink(text, face);
	return x + width;
}

/** Where the ink of a text lies when it is drawn at the origin. */
function ink(text: string, face: Face): Pick<BBox, "x" | "width"> {
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1" font-family="Figtree">`;
	return new Resvg(`${svg}${drawText(text, 0, 0, face)}</svg>`, rendering).getBBox() ?? { x: 0, width: 0 };
}

function drawText(text: string, x: number, y: number, { size, weight, color, spacing = 0 }: Face): string {
	const font = `font-size="${size}" font-weight="${weight}" letter-spacing="${spacing * size}" fill="${color}"`;
	return `<text x="${x}" y="${y}" ${font}>${escapeXml(text)}</text>`;
}

function drawRule(y: number): string {
	return `<rect x="${margin}" y="${y}" width="${inside}" height="2" fill="${color.rule}"/>`;
}

function escapeXml(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const undrawn = /[^ -~\u00a0-\u017e\u0218-\u021b–—‘’‚“”„•…‹›€™↑↓−]/gu;

/**
 * The text with what Figtree has: no other font is at hand, and an empty box would stand for the rest. Vietnamese letters
 * lose their marks; other scripts and emoji are left out.
 */
function drawable(text: string): string {
	return text
		.normalize("NFC")
		.replaceAll(/\s+/g, (space) => (space === "\u00a0" ? space : " "))
		.replaceAll(/[\u2010\u2011]/g, "-")
		.replaceAll(undrawn, (character) => character.normalize("NFKD").replaceAll(undrawn, ""))
		.replaceAll(/ {2,}/g, " ")
		.trim();
}
