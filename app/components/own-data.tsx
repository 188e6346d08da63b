import type { ReactNode } from "react";
import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { WriteUs } from "./write-us.tsx";

/** Where the page says whether one may be erased, and if not, from when. */
export const eraseAnchor = "erase";

/** What somebody can do with what is kept of them, or of their group. */
export function OwnData(props: {
	locale: Locale;
	lede: string;
	fileOf(format: "csv" | "json"): string;
	/** What leads to the question, where it is not too late. */
	erase: ReactNode;
	mayErase: boolean;
	contactEmail: string;
}) {
	const { locale, lede, fileOf, erase, mayErase, contactEmail } = props;
	const words = dictionary(locale).ownData;
	return (
		<details className="section">
			<summary>{words.summary}</summary>
			<p className="muted">{lede}</p>
			<ul className="choices-list">
				{(["csv", "json"] as const).map((format) => (
					<li key={format}>
						<a href={fileOf(format)}>{words[format]}</a>
						<span className="muted small">{words[`${format}Hint`]}</span>
					</li>
				))}
				<li id={eraseAnchor}>
					{mayErase ? (
						erase
					) : (
						<span className="muted small">
							{words.eraseLater} <WriteUs locale={locale} contactEmail={contactEmail} />
						</span>
					)}
				</li>
			</ul>
		</details>
	);
}
