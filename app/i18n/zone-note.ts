import type { Locale } from "#app/domain/locale.ts";
import { namesZone } from "#app/domain/session.ts";
import { formatZone } from "./format.ts";

/** The name of a date's zone where its hours could be taken for others; empty where they are the firm's own. */
export function zoneNote(
	session: { online: boolean; zone: string; startsAt: Date },
	locale: Locale,
	firmZone: string,
): string {
	return namesZone(session, firmZone) ? formatZone(session.startsAt, locale, session.zone) : "";
}
