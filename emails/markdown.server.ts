import { markdownToHtml } from "#app/exports/markdown.server.ts";
import { inlineStyles } from "./kit.tsx";

/** Characters that Markdown reads as its own, in a value that people typed. */
const special = /[\\`*_{}[\]()#+\-.!<>|~&:@/]/g;

/** A value that stays text inside Markdown, whatever it holds. */
export function plainInMarkdown(value: string): string {
	return value.replace(special, "\\$&").replaceAll("\n", " ");
}

/** An organizer's Markdown as the HTML of an email: styles inline, links whole, no markup of their own. */
export function markdownToEmail(text: string): string {
	return (
		markdownToHtml(linkPlaceholders(text))
			// A link's address may be filled in at delivery.
			.replaceAll(/%7B%7B(\w+)%7D%7D/g, "{{$1}}")
			.replaceAll(
				/<(p|ul|ol|h[1-6]|blockquote|a)(?=[ >])/g,
				(tag, name: string) => `${tag} ${inlineStyles[name] ?? inlineStyles.h!}`,
			)
	);
}

/** The same as text: what is typed reads well as it is, but for links. */
export function markdownToText(text: string): string {
	return text
		.replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label: string, url: string) =>
			label === url ? url : `${label} (${url})`,
		)
		.replaceAll(/\*\*([^*]+)\*\*/g, "$1")
		.replaceAll(/\\([\\`*_{}[\]()#+\-.!<>|~&:@/])/g, "$1");
}

/** An address that stands alone in the text leads somewhere as well. */
function linkPlaceholders(text: string): string {
	return text.replaceAll(/(?<![([])(\{\{\w+_url\}\})(?!\])/g, "[$1]($1)");
}
