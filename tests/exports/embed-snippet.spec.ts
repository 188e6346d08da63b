import { expect, test } from "vitest";
import { embedSnippet } from "#app/exports/embed-snippet.ts";
import { problemsOfPage } from "#tests/html-rules.ts";

const address = "https://ateliers.exemple.ca/integrer?atelier=l-ete&couleurs=claires";
const script = "https://ateliers.exemple.ca/embed.js";

test("what is pasted is a frame and a script, at the addresses of this site", () => {
	expect(embedSnippet({ address, script, title: "L’été" })).toBe(
		`<iframe src="https://ateliers.exemple.ca/integrer?atelier=l-ete&amp;couleurs=claires" title="L’été" loading="lazy" style="width:100%;height:600px;border:0"></iframe>
<script src="https://ateliers.exemple.ca/embed.js" async></script>`,
	);
});

test("a title stays in its attribute, whatever it holds", () => {
	const title = `"><script>alert('1')</script> & "Fils"`;
	const snippet = embedSnippet({ address, script, title });
	expect(snippet.match(/<\w+/g)).toEqual(["<iframe", "<script"]);
	const page = `<!doctype html>\n<html lang="fr"><head><title>Blogue</title></head><body>${snippet}</body></html>`;
	// Its style is the host page's affair.
	expect(problemsOfPage(page).filter((problem) => !problem.startsWith("no-inline-style"))).toEqual([]);
});
