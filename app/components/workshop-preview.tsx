import { type Locale, locales } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { MarkdownText } from "./workshop-text.tsx";

/** What was typed as its readers would see it, in both languages. The description is Markdown, rendered by the server. */
export function WorkshopPreview(props: { locale: Locale; values: FormValues; html: Record<Locale, string> }) {
	const { locale, values, html } = props;
	const words = dictionary(locale).organizer.workshops;
	return (
		<section className="notice" aria-labelledby="preview">
			<h2 id="preview">{words.preview}</h2>
			<div className="columns section close">
				{locales.map((lang) => {
					const ending = lang === "fr" ? "Fr" : "En";
					const empty = !values[`title${ending}`] && !html[lang];
					return (
						<div key={lang} lang={`${lang}-CA`}>
							<p className="eyebrow muted">{lang === "fr" ? words.french : words.english}</p>
							{empty ? (
								<p className="muted">{words.toTranslate}</p>
							) : (
								<>
									<h3>{values[`title${ending}`]}</h3>
									<p className="muted">{values[`summary${ending}`]}</p>
									<MarkdownText html={html[lang]} lang={lang} locale={lang} />
								</>
							)}
						</div>
					);
				})}
			</div>
		</section>
	);
}
