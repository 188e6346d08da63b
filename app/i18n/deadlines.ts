import type { Locale } from "#app/domain/locale.ts";
import { formatDeadline } from "./format.ts";
import { dictionary } from "./translate.ts";

/** Until when a seat may be cancelled or handed over online, where an organizer set a moment for it. */
export function deadlineRows(
	session: { cancelUntil: Date | null; giveUntil: Date | null; zone: string },
	locale: Locale,
): { label: string; value: string }[] {
	const words = dictionary(locale).deadlines;
	const row = (label: string, at: Date | null) =>
		at ? [{ label, value: words.until(formatDeadline(at, locale, session.zone)) }] : [];
	return [...row(words.cancel, session.cancelUntil), ...row(words.give, session.giveUntil)];
}
