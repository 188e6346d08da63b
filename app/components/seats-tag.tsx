import type { Locale } from "#app/domain/locale.ts";
import { type SessionFacts, seatsLeft, sessionStatus, tentativeUntil } from "#app/domain/session.ts";
import { formatDeadline } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";

type Props = { session: SessionFacts & { zone: string }; locale: Locale; now: Date; short?: boolean };

/** How many seats there are, as a word: the colour only repeats it. */
export function SeatsTag({ session, locale, now, short = false }: Props) {
	const { seats } = dictionary(locale);
	switch (sessionStatus(session, now)) {
		case "few-left": {
			const left = seatsLeft(session);
			return <span className="tag warn">{short ? seats.leftShort(left) : seats.left(left)}</span>;
		}
		case "open":
			return <span className="tag ok">{short ? seats.openShort : seats.open}</span>;
		case "full":
			if (session.waitlistMode === "none") return <span className="tag quiet">{seats.fullNoList}</span>;
			return <span className="tag">{short ? seats.fullShort : seats.full}</span>;
		case "opens-later": {
			const opensAt = session.opensAt ?? session.startsAt;
			return (
				<span className="tag quiet">{seats.opensOn(formatDeadline(opensAt, locale, session.zone))}</span>
			);
		}
		case "closed":
			return <span className="tag quiet">{seats.closed}</span>;
		case "cancelled":
			return <span className="tag bad">{seats.cancelled}</span>;
		case "past":
			return <span className="tag quiet">{seats.past}</span>;
		case "draft":
			return <span className="tag quiet">{seats.draft}</span>;
	}
}

/** That a date is held only once enough people come, said quietly; nothing once it is settled. */
export function TentativeNote({
	session,
	locale,
	now,
	short = false,
}: Omit<Props, "session"> & { session: Parameters<typeof tentativeUntil>[0] }) {
	const minimum = tentativeUntil(session, now);
	if (minimum === null) return null;
	const { seats } = dictionary(locale);
	return (
		<span className="muted small nowrap">
			{short ? seats.tentativeShort(minimum) : seats.tentative(minimum)}
		</span>
	);
}
