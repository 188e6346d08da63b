import { expect, test } from "vitest";
import { markdownToHtml } from "#app/exports/markdown.server.ts";

test("a text's headings stand below the page's own", () => {
	const html = markdownToHtml("# Un\n\n## Deux\n\n###### Six\n\nSous-titre\n===");
	expect(html.match(/<(h\d)>.*<\/\1>/g)).toEqual([
		"<h2>Un</h2>",
		"<h3>Deux</h3>",
		"<h6>Six</h6>",
		"<h2>Sous-titre</h2>",
	]);
});
