import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";

/** What somebody can do with what is kept of them. */
export function OwnData(props: { locale: Locale; token: string; holdsPlace: boolean; mayErase: boolean }) {
	const { locale, token, holdsPlace, mayErase } = props;
	const words = dictionary(locale).ownData;
	return (
		<details className="section">
			<summary>{words.summary}</summary>
			<p className="muted">{words.lede}</p>
			<ul className="choices-list">
				{(["csv", "json"] as const).map((format) => (
					<li key={format}>
						<a href={paths.ownData(locale, token, format)}>{words[format]}</a>
						<span className="muted small">{words[`${format}Hint`]}</span>
					</li>
				))}
				<li>
					{mayErase ? (
						<>
							<a href={paths.placeAction(locale, token, "erase")}>{words.erase}</a>
							<span className="muted small">{holdsPlace ? words.eraseHintPlace : words.eraseHint}</span>
						</>
					) : (
						<span className="muted small">{words.eraseLater}</span>
					)}
				</li>
			</ul>
		</details>
	);
}
