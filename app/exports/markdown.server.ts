import MarkdownIt from "markdown-it";

// Links of an organizer's text lead out; HTML typed in it is shown, not run.
const markdown = new MarkdownIt({ html: false, linkify: true, typographer: false, breaks: true });

/** An organizer's Markdown to HTML (CommonMark). Images are left out: nothing outside is loaded. */
export function markdownToHtml(text: string): string {
	return markdown.render(text);
}

markdown.disable("image");
