import type { Locale } from "#app/domain/locale.ts";
import { formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";

/** Opens the check-in page of one meeting; said by itself, it says which. */
export function DoorLink(props: {
	locale: Locale;
	meeting: { id: string; meetingId: string; startsAt: Date; endsAt: Date; zone: string };
}) {
	const { locale, meeting } = props;
	const when = formatWhen([meeting], locale, meeting.zone, { year: false });
	return (
		<a className="button small" href={paths.organizer.checkIn(meeting.id, { meeting: meeting.meetingId })}>
			{dictionary(locale).organizer.checkIn.open}
			<span className="unseen"> {when}</span>
		</a>
	);
}
