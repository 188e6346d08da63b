/** « Anaïs Bélanger » → « Bélanger Anaïs »: the last word first. An organizer can correct it. */
export function sortNameOf(name: string): string {
	const words = name.trim().split(/\s+/);
	const last = words.pop() ?? "";
	return [last, ...words].join(" ");
}

/** Without accents or case, for a search that forgives both. `œ` and `æ` become two letters, as people type them. */
export function foldText(text: string): string {
	return text
		.normalize("NFD")
		.replace(/\p{M}/gu, "")
		.toLowerCase()
		.replaceAll("œ", "oe")
		.replaceAll("æ", "ae")
		.replaceAll("’", "'")
		.trim();
}

const mostWords = 8;

/** The words of a search, folded, the first eight: `breaks` says what stands between two. */
export function wordsTyped(text: string, breaks = /\s+/): string[] {
	return foldText(text).split(breaks).filter(Boolean).slice(0, mostWords);
}
