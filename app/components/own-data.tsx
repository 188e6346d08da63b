import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { WriteUs } from "./write-us.tsx";

/** Where the page says whether one may be erased, and if not, from when. */
export const eraseAnchor = "erase";

/** What somebody can do with what is kept of them. */
export function OwnData(props: {
	locale: Locale;
	token: string;
	/** Whether the place ends with what is known of its owner. */
	endsPlace: boolean;
	mayErase: boolean;
	contactEmail: string;
}) {
	const { locale, token, endsPlace, mayErase, contactEmail } = props;
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
				<li id={eraseAnchor}>
					{mayErase ? (
						<>
							<a href={paths.placeAction(locale, token, "erase")}>{words.erase}</a>
							<span className="muted small">{endsPlace ? words.eraseHintPlace : words.eraseHint}</span>
						</>
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
