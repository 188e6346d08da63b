import type { Locale } from "./locale.ts";
import { foldText } from "./name.ts";
import { mostOptions, type ParsedAnswer, parseAnswer, type Question } from "./question.ts";

const yes = ["oui", "yes", "o", "y", "vrai", "true", "1", "x"];
const no = ["non", "no", "n", "faux", "false", "0"];

/**
 * What a cell says in answer to a question: the words of a choice in either language, several of them separated by
 * semicolons, « Oui » or "No", a number as the reader writes it, a day as `2026-12-01`. Nobody is made to answer: an
 * empty cell is no answer.
 */
export function readAnswer(question: Question, cell: string, locale: Locale): ParsedAnswer {
	return parseAnswer({ ...question, required: false }, typedOf(question, cell), locale);
}

function typedOf(question: Question, cell: string): string[] {
	const words = foldText(cell);
	switch (question.kind) {
		case "boolean":
			return [yes.includes(words) ? "yes" : no.includes(words) ? "no" : cell];
		case "choice":
			return [choiceCalled(question, cell) ?? cell];
		case "choices":
			return choicesCalled(question, cell);
		case "date":
			return [cell.trim().slice(0, 10)];
		default:
			return [cell];
	}
}

function choiceCalled({ options }: Question, words: string): string | undefined {
	const wanted = foldText(words);
	const called = ({ value, fr, en }: (typeof options)[number]) => [fr, en, value].map(foldText);
	return options.find((option) => called(option).includes(wanted))?.value;
}

/** A choice may itself hold a semicolon: the longest beginning that is one counts. */
function choicesCalled(question: Question, cell: string): string[] {
	const parts = cell.split(";");
	if (parts.length > 4 * mostOptions) return [cell];
	for (let count = parts.length; count > 0; count--) {
		const value = choiceCalled(question, parts.slice(0, count).join(";"));
		if (value) return [value, ...choicesCalled(question, parts.slice(count).join(";"))];
	}
	return parts[0]?.trim() ? [cell] : [];
}
