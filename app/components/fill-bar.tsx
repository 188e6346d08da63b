import type { Locale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";

/** How full a session is, drawn and in words. */
export function FillBar({ taken, capacity, locale }: { taken: number; capacity: number; locale: Locale }) {
	const words = dictionary(locale).organizer.sessions;
	return (
		<span className="fill">
			<meter min={0} max={capacity} value={Math.min(taken, capacity)} aria-label={words.seats}>
				{words.taken(taken, capacity)}
			</meter>
			<b className="num nowrap">{words.taken(taken, capacity)}</b>
		</span>
	);
}
