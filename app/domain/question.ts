import type { Locale } from "./locale.ts";
import type { ShownStatus } from "./registration.ts";
import { cleanLine, cleanText } from "./text.ts";
import { slugOf } from "./workshop.ts";

/** What a workshop can ask: a line, a text, one choice, several choices, yes or no, a number, a date. */
export const questionKinds = ["short", "long", "choice", "choices", "boolean", "number", "date"] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** At sign-up, or after it, on the confirmation page. */
export const askedMoments = ["registration", "after"] as const;
export type AskedAt = (typeof askedMoments)[number];

/** `value` never changes once it was given; a retired option is kept for those who chose it. */
export type QuestionOption = { value: string; fr: string; en: string; retired?: boolean };

export type Question = {
	id: string;
	kind: QuestionKind;
	labelFr: string;
	labelEn: string;
	options: QuestionOption[];
	required: boolean;
	askedAt: AskedAt;
};

/** As JSON keeps it: text, the value of an option or several, yes or no, a number, or a day as `2026-12-01`. */
export type AnswerValue = string | string[] | boolean | number;

/** `value` is null for a question left without an answer. */
export type Answer<Value = AnswerValue> = { questionId: string; value: Value };

export type AnswerError = "missing" | "choice" | "tooLong" | "number" | "date";
export type ParsedAnswer = { ok: true; value: AnswerValue | null } | { ok: false; reason: AnswerError };

export const longestLabel = 300;
export const longestAnswer = { short: 300, long: 4000 };
export const mostOptions = 50;
const furthestNumber = 1e12;

export function hasOptions(kind: QuestionKind): kind is "choice" | "choices" {
	return kind === "choice" || kind === "choices";
}

/** The words of a question or of an option in the reader's language; the French ones, named as such, where English is missing. */
export function wordsIn(texts: { fr: string; en: string }, locale: Locale): { text: string; lang: Locale } {
	return locale === "fr" || texts.en === "" ? { text: texts.fr, lang: "fr" } : { text: texts.en, lang: "en" };
}

export function labelIn(question: Pick<Question, "labelFr" | "labelEn">, locale: Locale) {
	return wordsIn({ fr: question.labelFr, en: question.labelEn }, locale);
}

/** Whether the English of a question, or of one of the options it offers, is still to be written. */
export function questionLacksEnglish(question: Pick<Question, "labelEn" | "kind" | "options">): boolean {
	const offered = hasOptions(question.kind) ? question.options.filter(({ retired }) => !retired) : [];
	return question.labelEn === "" || offered.some(({ en }) => en === "");
}

/**
 * What was typed or ticked for a question, as the value to keep. Nothing at all is null, and an error only where an
 * answer is required. An option that was retired meanwhile is still an answer.
 */
export function parseAnswer(
	question: Pick<Question, "kind" | "options" | "required">,
	typed: readonly string[],
	locale: Locale,
): ParsedAnswer {
	const { kind } = question;
	const given = typed.map(kind === "long" ? cleanText : cleanLine).filter(Boolean);
	const [first] = given;
	if (first === undefined) return question.required ? refuse("missing") : { ok: true, value: null };
	const isOption = (value: string) => question.options.some((option) => option.value === value);
	switch (kind) {
		case "short":
		case "long":
			return first.length > longestAnswer[kind] ? refuse("tooLong") : { ok: true, value: first };
		case "choice":
			return isOption(first) ? { ok: true, value: first } : refuse("choice");
		case "choices":
			return given.every(isOption) ? { ok: true, value: [...new Set(given)] } : refuse("choice");
		case "boolean":
			return first === "yes" || first === "no" ? { ok: true, value: first === "yes" } : refuse("choice");
		case "number": {
			const value = readNumber(first, locale);
			return value === null ? refuse("number") : { ok: true, value };
		}
		case "date":
			return isDay(first) ? { ok: true, value: first } : refuse("date");
	}
}

function refuse(reason: AnswerError): ParsedAnswer {
	return { ok: false, reason };
}

/**
 * « 1 234,5 », "1234.5" or "1,234.5", with six decimals at most; null for anything else. A comma alone is the decimal
 * one, but in English before three digits.
 */
function readNumber(text: string, locale: Locale): number | null {
	const digits = text.replace(/\s/g, "").replace("−", "-");
	const thousands = locale === "en" ? /^-?\d{1,3}(,\d{3})+(\.\d+)?$/ : /^-?\d{1,3}(,\d{3})+\.\d+$/;
	const plain = thousands.test(digits) ? digits.replaceAll(",", "") : digits.replace(",", ".");
	if (!/^-?\d{1,13}(\.\d{1,6})?$/.test(plain)) return null;
	const value = Number(plain);
	return Math.abs(value) <= furthestNumber ? value : null;
}

/** A day of the calendar, as a date field sends it, within what a spreadsheet can count. */
function isDay(text: string): boolean {
	if (!/^(19|20|21)\d\d-\d\d-\d\d$/.test(text)) return false;
	const day = new Date(`${text}T00:00:00Z`);
	return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** An answer as its field shows it again: what `parseAnswer` reads back to the same value. */
export function typedAnswer(value: AnswerValue, locale: Locale): string[] {
	if (Array.isArray(value)) return value;
	if (typeof value === "boolean") return [value ? "yes" : "no"];
	if (typeof value === "number") return [locale === "fr" ? String(value).replace(".", ",") : String(value)];
	return [value];
}

/** The words of what was chosen, in the reader's language; a text is itself. */
export function chosenWords(
	question: Pick<Question, "options">,
	value: string | string[],
	locale: Locale,
): string[] {
	return [value].flat().map((each) => {
		const option = question.options.find((option) => option.value === each);
		return option ? wordsIn(option, locale).text : each;
	});
}

/** The options a form offers: those in use, and a retired one to whoever had chosen it. */
export function optionsOffered(
	question: Pick<Question, "options">,
	chosen: readonly string[],
): QuestionOption[] {
	return question.options.filter(({ value, retired }) => !retired || chosen.includes(value));
}

export type TypedOptions = {
	/** The new words of the options that were there, by value; empty French takes one away. */
	existing: Map<string, { fr: string; en: string }>;
	/** New ones, a line each, the English line beside the French one. */
	addedFr: string;
	addedEn: string;
};

export type MergedOptions =
	| { ok: true; options: QuestionOption[] }
	| { ok: false; reason: "tooFew" | "tooMany" | "twice" | "uneven" | "long" };

/**
 * The options after an organizer's change. Each keeps its value whatever its words become; one that is taken away
 * disappears, or is retired when the question was `answered`.
 */
export function mergeOptions(
	before: QuestionOption[],
	typed: TypedOptions,
	answered: boolean,
): MergedOptions {
	const options: QuestionOption[] = [];
	for (const option of before) {
		const words = typed.existing.get(option.value);
		if (!words || option.retired) options.push(option);
		else if (words.fr) options.push({ ...option, ...words });
		else if (answered) options.push({ ...option, retired: true });
	}
	const french = typed.addedFr.split("\n").map(cleanLine);
	const english = typed.addedEn.split("\n").map(cleanLine);
	if (english.some((line, index) => line && !french[index])) return { ok: false, reason: "uneven" };
	for (const [index, fr] of french.entries()) {
		if (fr) options.push({ value: freeValue(fr, [...before, ...options]), fr, en: english[index] ?? "" });
	}
	const offered = options.filter(({ retired }) => !retired);
	if (offered.length < 2) return { ok: false, reason: "tooFew" };
	if (offered.length > mostOptions) return { ok: false, reason: "tooMany" };
	if (new Set(offered.map(({ fr }) => fr.toLowerCase())).size < offered.length) {
		return { ok: false, reason: "twice" };
	}
	const long = offered.some(({ fr, en }) => fr.length > longestLabel || en.length > longestLabel);
	return long ? { ok: false, reason: "long" } : { ok: true, options };
}

function freeValue(label: string, taken: QuestionOption[]): string {
	const base = slugOf(label) || "option";
	const isTaken = (value: string) => taken.some((option) => option.value === value);
	let value = base;
	for (let n = 2; isTaken(value); n++) value = `${base}-${n}`;
	return value;
}

/** Answers can be given until the session ends, by somebody who still has a place or waits for one. */
export function mayStillAnswer(
	session: { endsAt: Date; cancelledAt: Date | null },
	status: ShownStatus,
	now: Date,
): boolean {
	return status !== "cancelled" && !session.cancelledAt && now < session.endsAt;
}
