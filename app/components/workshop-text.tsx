import type { Locale } from "#app/domain/locale.ts";

/** Organizer's Markdown, already rendered on the server without any HTML of its own. */
export function MarkdownText({ html, lang, locale }: { html: string; lang: Locale; locale: Locale }) {
	return (
		<div
			className="prose"
			lang={lang === locale ? undefined : lang}
			dangerouslySetInnerHTML={{ __html: html }}
		/>
	);
}
