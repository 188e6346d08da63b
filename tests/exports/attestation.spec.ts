import PDFDocument from "pdfkit";
import { expect, test } from "vitest";
import { type AttestationText, isPrintable } from "#app/domain/attestation.ts";
import {
	attestationFileName,
	attestationsPdf,
	figtreeWrites,
	issuedPage,
} from "#app/exports/attestation.server.ts";
import { textOfPdf } from "#tests/pdf.ts";

const meeting = (day: string, minutes: number) => ({
	startsAt: `2026-12-${day}T14:30:00.000Z`,
	endsAt: `2026-12-${day}T21:30:00.000Z`,
	minutes,
});
const text: AttestationText = {
	locale: "fr",
	name: "Zoé Roy",
	organization: "Coop Nord",
	title: "Les médias sociaux en entreprise",
	object: "Ce qui fuit, et comment",
	trainer: "Mireille Castonguay",
	place: "Montréal",
	zone: "America/Toronto",
	meetings: [meeting("01", 360)],
	firmName: "Formation Exemple inc.",
	accreditationNumber: "0012345",
};
const issued = { serial: "7KQ2M4TD9XW3B5NA", issuedAt: new Date("2026-12-09T15:00:00Z") };
const publicUrl = "https://ateliers.exemple.ca";
const page = (changes: Partial<AttestationText> = {}) =>
	issuedPage({ ...text, ...changes, ...issued }, publicUrl);
const spaced = (read: string) => read.replaceAll("\u00a0", " ");

/** What pdfkit itself sets text with. */
function openFont(file: string) {
	const pdf = new PDFDocument().font(file) as unknown as {
		_font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } };
	};
	return pdf._font;
}

test("an attestation says who took part in what, when, for how long, with whom, and where to check it", async () => {
	const [read, ...others] = textOfPdf(await attestationsPdf([page()]));
	expect(others).toEqual([]);
	expect(spaced(read!).split("\n")).toEqual([
		"Formation Exemple inc.",
		"Attestation de participation",
		"Zoé Roy",
		"Coop Nord",
		"a participé à la formation",
		"Les médias sociaux en entreprise",
		"Durée suivie ",
		"6 h",
		"Date ",
		"Mardi 1er décembre 2026, de 9 h 30 à 16 h 30",
		"Objet ",
		"Ce qui fuit, et comment",
		"Lieu ",
		"Montréal",
		"Animation ",
		"Mireille Castonguay",
		"Organisme ",
		"Formation Exemple inc.",
		"Numéro d’agrément : 0012345",
		"Numéro 7KQ2-M4TD-9XW3-B5NA",
		"Remise le mercredi 9 décembre 2026",
		"Pour vérifier qu’elle est authentique",
		"ateliers.exemple.ca/attestations/7KQ2-M4TD-9XW3-B5NA",
	]);
});

test("in English, each meeting says how long somebody was there", async () => {
	const meetings = [meeting("01", 360), meeting("08", 90)];
	const [read] = textOfPdf(await attestationsPdf([page({ locale: "en", meetings })]));
	expect(spaced(read!)).toContain("Certificate of participation");
	expect(spaced(read!)).toContain("Time attended \n7 h 30 min");
	expect(spaced(read!)).toContain("Tuesday, December 8, 2026, 9:30 a.m. to 4:30 p.m. · 1 h 30 min");
	expect(read).toContain("ateliers.exemple.ca/en/certificates/7KQ2-M4TD-9XW3-B5NA");
});

test("many meetings are summed up, and never is a formation called « agréée »", async () => {
	const days = Array.from({ length: 12 }, (_, index) => meeting(String(index + 1).padStart(2, "0"), 360));
	const [read] = textOfPdf(await attestationsPdf([page({ meetings: days })]));
	expect(spaced(read!).replaceAll("\n", "")).toContain(
		"12 rencontres, du mardi 1er décembre 2026 au samedi 12 décembre 2026",
	);
	expect(read).not.toMatch(/agréée/i);
});

test("the longest that the forms take still holds on one page, whole", async () => {
	const words = (length: number) => "Mot ".repeat(length / 4).trim();
	const longest = page({
		name: words(200),
		organization: words(200),
		title: words(120),
		object: words(300),
		trainer: words(200),
		place: words(120),
		firmName: words(120),
		meetings: ["01", "02", "03", "04", "05", "06"].map((day) => meeting(day, 360)),
	});
	const read = textOfPdf(await attestationsPdf([longest, longest]));
	expect(read).toHaveLength(2);
	const { text: said } = longest;
	const all = [
		said.name,
		said.organization,
		said.title,
		said.object,
		said.trainer,
		said.place,
		said.firmName,
	];
	const count = (of: string) => of.split("Mot").length - 1;
	expect(count(read[0]!)).toBe(count(all.join(" ")) + count(said.firmName));
});

test("every letter of a name is there, whatever its script", async () => {
	const fonts = ["figtree", "dejavu-sans"].flatMap((family) =>
		[500, 700].map((weight) => ({ family, file: `app/exports/fonts/${family}-${weight}.ttf` })),
	);
	for (const name of [
		"Zoé L’Écuyer-Œuvrard",
		"Quốc Bảo Phạm",
		"Łukasz Żółć",
		"Иван Петров",
		"ᓴᓗᒥ",
		"Ġorġ Ħ",
	]) {
		expect(isPrintable(name)).toBe(true);
		const [read] = textOfPdf(await attestationsPdf([page({ name })]));
		expect(read).toContain(name);
		for (const { family, file } of fonts) {
			if ((family === "figtree") !== figtreeWrites.test(name)) continue;
			const { font } = openFont(file);
			expect([...name].filter((letter) => !font.hasGlyphForCodePoint(letter.codePointAt(0)!))).toEqual([]);
		}
	}
});

test("what cannot be printed is left out of what is not a name", async () => {
	const [read] = textOfPdf(await attestationsPdf([page({ object: "Ce qui fuit 🎉, et 王 comment" })]));
	expect(read).toContain("Ce qui fuit , et  comment");
});

test("the clock is named where it is not the usual one", async () => {
	const [read] = textOfPdf(await attestationsPdf([page({ zone: "America/Halifax" })]));
	expect(spaced(read!).replaceAll("\n", "")).toContain("de 10 h 30 à 17 h 30 (heure de l’Atlantique)");
});

test("a preview has no number and says that it is worth nothing", async () => {
	const [read] = textOfPdf(await attestationsPdf([{ text, issued: null }]));
	expect(read).toContain("Aperçu, sans valeur");
	expect(read).not.toMatch(/attestations\//);
});

test("written twice, it is the same file: tagged, in a language, with a title", async () => {
	const file = await attestationsPdf([page()]);
	expect(file.equals(await attestationsPdf([page()]))).toBe(true);
	const source = file.toString("latin1");
	expect(source).toContain("/Marked true");
	expect(source).toContain("/Lang (fr-CA)");
	expect(source).toContain("/DisplayDocTitle true");
	expect(source).toMatch(/\/S \/H1\b/);
	expect(source).toMatch(/\/S \/Figure\b/);
	expect(source).toContain("pdfuaid:part>1<");
});

test("a file's name keeps the person's, but for what file systems refuse", () => {
	expect(attestationFileName({ locale: "fr", name: "Zoé Roy" })).toBe("Attestation Zoé Roy.pdf");
	expect(attestationFileName({ locale: "en", name: 'A/B "C":\n..' })).toBe("Certificate A B  C   ...pdf");
	expect(attestationFileName({ locale: "en", name: "A\u202eB" })).toBe("Certificate A B.pdf");
});
