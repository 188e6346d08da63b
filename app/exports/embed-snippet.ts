import { escapeXml } from "./atom.ts";

/**
 * What an organizer pastes in a page of another site to show the dates to come there: a frame, and the script that gives it the
 * height of what it shows. Both addresses are absolute; `title` is said of the frame to whoever cannot see it.
 */
export function embedSnippet(frame: { address: string; script: string; title: string }): string {
	const style = "width:100%;height:600px;border:0";
	return `<iframe src="${escapeXml(frame.address)}" title="${escapeXml(frame.title)}" loading="lazy" style="${style}"></iframe>
<script src="${escapeXml(frame.script)}" async></script>`;
}
