import type { Locale } from "#app/domain/locale.ts";

/** A text that may be in another language than the page's: it is marked so, for voices and spelling (WCAG 2.2, 3.1.2). */
export function InLanguage({ text, lang, locale }: { text: string; lang: Locale; locale: Locale }) {
	return lang === locale ? text : <span lang={lang}>{text}</span>;
}
