import type { Locale } from "#app/domain/locale.ts";
import { formatStamp } from "#app/i18n/format.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { dictionary } from "#app/i18n/translate.ts";

/** What happened to a registration since it was made; what concerns nobody but the organizers is left out. */
export function PlaceHistory(props: {
	locale: Locale;
	zone: string;
	history: { id: string; at: Date; action: string }[];
}) {
	const { locale, zone, history } = props;
	const words = dictionary(locale).manage.history;
	const told = history.filter(({ action }) => action !== "title" && action in words);
	if (told.length === 0) return null;
	return (
		<details className="section">
			<summary>{words.title}</summary>
			<ol className="history">
				{told.map(({ id, at, action }) => (
					<li key={id}>
						<span className="muted num">{formatStamp(at, locale, zone)}</span>{" "}
						{words[action as keyof Dictionary["manage"]["history"]]}
					</li>
				))}
			</ol>
		</details>
	);
}
