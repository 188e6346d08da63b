import MarkdownIt from "markdown-it";

// Links of an organizer's text lead out; HTML typed in it is shown, not run.
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false, breaks: true });

/**
 * An organizer's Markdown to HTML (CommonMark). Images are left out: nothing outside is loaded. The page that it stands in
 * has the only first heading.
 */
export function markdownToHtml(text: string): string {
	return markdown.render(text);
}

markdown.disable("image");
markdown.core.ruler.push("headings-below-the-page's", ({ tokens }) => {
	for (const token of tokens)
		if (token.type.startsWith("heading_")) token.tag = `h${Math.min(6, Number(token.tag.slice(1)) + 1)}`;
});
