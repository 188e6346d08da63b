import { join } from "node:path";
import { setImmediate as breathe } from "node:timers/promises";
import { type AttestationText, minutesOf, printable, showSerial } from "#app/domain/attestation.ts";
import { homeZone } from "#app/domain/session.ts";
import { capitalize, formatDay, formatDuration, formatTimeRange, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { qrCode, quietZone } from "./qr-code.server.ts";

/** One page: what it says, and under which number it was issued; without one it is a preview. */
export type AttestationPage = {
	text: AttestationText;
	issued: { serial: string; issuedAt: Date; url: string } | null;
};

/** The page of one that was issued. */
export function issuedPage(
	attestation: AttestationText & { serial: string; issuedAt: Date },
	publicUrl: string,
): AttestationPage {
	const { serial, issuedAt, locale } = attestation;
	const url = publicUrl + paths.attestation(locale, showSerial(serial));
	return { text: attestation, issued: { serial, issuedAt, url } };
}

/** « Attestation Zoé Roy.pdf », without what file systems refuse. */
export function attestationFileName({ locale, name }: Pick<AttestationText, "locale" | "name">): string {
	const { fileName } = dictionary(locale).attestation;
	const safe = name.replaceAll(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, " ").trim();
	return `${fileName} ${safe}.pdf`;
}

type Pdf = PDFKit.PDFDocument;

/** Letter, in points. */
const page = { width: 612, height: 792, margin: 68 };
const inside = page.width - 2 * page.margin;
const labels = 128;
const qrSize = 92;
const footerTop = page.height - page.margin - qrSize;
const listedMeetings = 6;

/** The light side of tokens.css. */
const color = { ink: "#17191c", muted: "#5a5f66", rule: "#d6d2c7", accent: "#2347c5" };

const weights = { text: 500, strong: 700 };
type Weight = keyof typeof weights;

/** The app is always started from its root, and a bundle does not lie beside the fonts. */
const fontFile = (file: string) => join(process.cwd(), "app/exports/fonts", file);

/** What Figtree can write; DejaVu Sans writes the rest: Vietnamese, Cyrillic, Greek, Inuktitut. */
export const figtreeWrites =
	/^[\n -~\u00a0-\u00ac\u00ae-\u0113\u0116-\u0127\u0141-\u0148\u014c\u014d\u0150-\u0161\u016a-\u017e\u0218-\u021b\u2013\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026\u20ac]*$/;

function fontFor(text: string, weight: Weight): string {
	return `${figtreeWrites.test(text) ? "figtree" : "dejavu-sans"}-${weights[weight]}`;
}

/**
 * Attestations as one PDF, a Letter page each: tagged, with its fonts in it (PDF/UA-1, ISO 14289-1). The same pages are the
 * same bytes. Lets others have their turn between two pages.
 */
export async function attestationsPdf(pages: AttestationPage[]): Promise<Buffer> {
	const [first] = pages;
	const locale = first?.text.locale ?? "fr";
	const { attestation: words, lang } = dictionary(locale);
	const { default: PDFDocument } = await import("pdfkit");
	const pdf = new PDFDocument({
		size: [page.width, page.height],
		margin: 0,
		pdfVersion: "1.7",
		subset: "PDF/UA" as "PDF/A-1",
		tagged: true,
		lang,
		displayTitle: true,
		autoFirstPage: false,
		info: {
			Title: pages.length === 1 ? `${words.title} · ${first!.text.name}` : words.title,
			Author: first?.text.firmName ?? "",
			// Whoever receives it twice has the same file.
			CreationDate: first?.issued?.issuedAt ?? new Date(0),
		},
	});
	const chunks: Buffer[] = [];
	pdf.on("data", (chunk: Buffer) => chunks.push(chunk));
	const ended = new Promise<void>((resolve, reject) => pdf.once("end", resolve).once("error", reject));
	for (const family of ["figtree", "dejavu-sans"])
		for (const weight of [500, 700])
			pdf.registerFont(`${family}-${weight}`, fontFile(`${family}-${weight}.ttf`));
	const document = pdf.struct("Document");
	pdf.addStructure(document);
	for (const one of pages) {
		pdf.addPage();
		drawPage(pdf, document, one);
		await breathe();
	}
	document.end();
	pdf.end();
	await ended;
	return Buffer.concat(chunks);
}

function drawPage(pdf: Pdf, document: Element, { text, issued }: AttestationPage): void {
	const { locale, zone, meetings } = text;
	// Where it is not the usual one, the clock is named.
	const clock = zone === homeZone ? "" : ` (${formatZone(new Date(meetings[0]!.startsAt), locale, zone)})`;
	const { attestation: words, lang } = dictionary(locale);
	const section = pdf.struct("Sect", { lang });
	document.add(section);
	const write = writer(pdf, section);

	write("P", text.firmName, { top: page.margin, size: [13, 9], lines: 2, font: "strong" });
	write("H1", words.title, { top: 150, size: 15, font: "strong", color: color.accent });
	let top = write("P", text.name, { top: 178, size: [38, 10], lines: 3, font: "strong" });
	if (text.organization)
		top = write("P", text.organization, { top: top + 4, size: [13, 9], lines: 2, color: color.muted });
	top = write("P", words.took, { top: top + 24, size: 13, color: color.muted });
	top = write("P", text.title, { top: top + 4, size: [21, 11], lines: 3, font: "strong" }) + 24;

	const day = (at: string) => formatDay(new Date(at), locale, zone);
	const dates =
		meetings.length > listedMeetings
			? [words.manyMeetings(meetings.length, day(meetings[0]!.startsAt), day(meetings.at(-1)!.startsAt))]
			: meetings.map(({ startsAt, endsAt, minutes }) => {
					const hours = formatTimeRange(new Date(startsAt), new Date(endsAt), locale, zone) + clock;
					const when = `${capitalize(day(startsAt), locale)}, ${hours}`;
					return meetings.length === 1 ? when : `${when} · ${formatDuration(minutes)}`;
				});
	const firm = [text.firmName, text.accreditationNumber && words.accreditation(text.accreditationNumber)];
	const rows: Row[] = [
		[words.duration, formatDuration(minutesOf(text))],
		[words.dates(meetings.length), dates.join("\n")],
		[words.object, text.object],
		[words.place, text.place],
		[words.trainer, text.trainer],
		[words.firm, firm.filter(Boolean).join("\n")],
	];
	writeRows(pdf, section, rows, top);

	if (!issued) {
		write("P", words.preview, { top: footerTop + 34, size: 15, font: "strong", color: color.muted });
		section.end();
		return;
	}
	const address = issued.url.replace(/^https?:\/\//, "");
	section.add(pdf.struct("Figure", { alt: words.qr(issued.url) }, () => drawQr(pdf, issued.url)));
	const left = qrSize + 20;
	const said = `${words.serial} ${showSerial(issued.serial)}`;
	let line = write("P", said, { top: footerTop + 12, left, size: 12, font: "strong" });
	const on = `${words.issued} ${formatDay(issued.issuedAt, locale, zone)}`;
	line = write("P", on, { top: line + 2, left, size: 11, color: color.muted });
	line = write("P", words.verify, { top: line + 8, left, size: 11, color: color.muted });
	const paragraph = pdf.struct("P");
	section.add(paragraph);
	const link = {
		top: line,
		left,
		size: [11, 7] as [number, number],
		lines: 2,
		color: color.accent,
		link: issued.url,
	};
	writer(pdf, paragraph)("Link", address, link);
	section.end();
}

type Row = [label: string, value: string];

const largestRow = 12;
const smallestRow = 7;

/** A label and what it says a line, between hairlines, no larger than leaves the foot of the page free. */
function writeRows(pdf: Pdf, section: Element, rows: Row[], begin: number): void {
	const said = rows.filter(([, value]) => value);
	const width = inside - labels;
	const heightAt = (size: number) =>
		said.reduce(
			(sum, [, value]) => sum + heightOf(pdf, value, "text", size, width) + size * rowPadding,
			begin,
		);
	let size = largestRow;
	while (size > smallestRow && heightAt(size) > footerTop - 12) size -= 0.5;
	let top = begin;
	for (const [label, value] of said) {
		rule(pdf, top);
		const row = pdf.struct("P");
		section.add(row);
		const write = writer(pdf, row);
		const text = top + (size * rowPadding) / 2 - size * lineGap;
		write("Span", `${label} `, {
			top: text,
			size: size - 1,
			width: labels - 12,
			lines: 2,
			color: color.muted,
		});
		top = write("Span", value, { top: text, left: labels, size, lines: 99 }) + (size * rowPadding) / 2;
	}
	rule(pdf, top);
}

type Ink = {
	top: number;
	left?: number;
	width?: number;
	/** In points; the largest and the smallest, where what is long may be set smaller. */
	size: number | [largest: number, smallest: number];
	/** How many lines it may take. */
	lines?: number;
	font?: Weight;
	color?: string;
	link?: string;
};

type Element = ReturnType<Pdf["struct"]>;

/** Writes what is part of `parent`, no larger than fits its lines, and returns where it ends. */
function writer(pdf: Pdf, parent: Element) {
	return (tag: string, said: string, ink: Ink): number => {
		const text = printable(said);
		const { top, left = 0, width = inside - left, font = "text", lines = 1 } = ink;
		const [largest, smallest] = typeof ink.size === "number" ? [ink.size, ink.size] : ink.size;
		let size = largest;
		while (size > smallest && heightOf(pdf, text, font, size, width) > lineOf(size) * lines + 1) size -= 1;
		const height = Math.min(heightOf(pdf, text, font, size, width), lineOf(size) * lines + 1);
		const x = page.margin + left;
		const element: Element = pdf.struct(tag, {}, () => {
			pdf.font(fontFor(text, font), size).fillColor(ink.color ?? color.ink);
			const wide = pdf.widthOfString(text);
			pdf.text(text, x, top, { width, height, ellipsis: true, lineGap: size * lineGap });
			if (!ink.link) return;
			// A String is text to pdfkit, and a string a name.
			const described = { structParent: element, Contents: new String(text) as string };
			pdf.link(x, top, Math.min(wide, width), height, ink.link, described);
		});
		parent.add(element);
		return top + height;
	};
}

const lineGap = 0.12;
/** Above and below a row together. */
const rowPadding = 1.45;
/** Figtree's own, in ems. */
const fontLine = 1.2;
const lineOf = (size: number) => size * (fontLine + lineGap);

function heightOf(pdf: Pdf, text: string, font: Weight, size: number, width: number): number {
	return pdf
		.font(fontFor(text, font), size)
		.heightOfString(printable(text), { width, lineGap: size * lineGap });
}

function rule(pdf: Pdf, y: number): void {
	pdf.markContent("Artifact", { type: "Layout" });
	pdf
		.moveTo(page.margin, y)
		.lineTo(page.width - page.margin, y)
		.lineWidth(0.6)
		.stroke(color.rule);
	pdf.endMarkedContent();
}

/** As a path, so that it is as sharp as the paper, its quiet zone in the margin. */
function drawQr(pdf: Pdf, text: string): void {
	const { size, path } = qrCode(text);
	const scale = qrSize / (size - 2 * quietZone);
	pdf.save();
	pdf.translate(page.margin, footerTop).scale(scale).translate(-quietZone, -quietZone);
	pdf.path(path).fill(color.ink);
	pdf.restore();
}
