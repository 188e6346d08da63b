/** One line as people mean it: composed accents, single spaces, no control characters. */
export function cleanLine(text: string): string {
	return text
		.normalize("NFC")
		.replace(/[\p{Cc}\u2028\u2029]/gu, " ")
		.replace(/\s+/g, " ")
		.trim();
}

/** A text of several lines, with plain line ends. */
export function cleanText(text: string): string {
	return text
		.normalize("NFC")
		.replace(/\r\n?/g, "\n")
		.replace(/[^\P{Cc}\n\t]/gu, "")
		.trim();
}
