import type { Locale } from "#app/domain/locale.ts";
import { textIn } from "#app/domain/workshop.ts";
import { capitalize, formatWhen } from "#app/i18n/format.ts";
import { zoneNote } from "#app/i18n/zone-note.ts";
import type { Meeting, SessionRow, Workshop } from "#db/schema.ts";
import { DateWords } from "./date-words.tsx";
import { useSite } from "./document.tsx";
import { InLanguage } from "./in-language.tsx";

/** Which workshop and which date a page is about, and whom, under its heading. */
export function PlaceHeading(props: {
	locale: Locale;
	session: SessionRow;
	workshop: Workshop;
	meetings: Meeting[];
	name?: string;
}) {
	const { locale, session, workshop, meetings, name } = props;
	const zone = zoneNote(session, locale, useSite().zone);
	return (
		<p className="lede">
			{name && (
				<>
					{name}
					<br />
				</>
			)}
			<InLanguage {...textIn(workshop, "title", locale)} locale={locale} />
			<br />
			<DateWords>
				{capitalize(formatWhen(meetings, locale, session.zone), locale) + (zone && `, ${zone}`)}
			</DateWords>
		</p>
	);
}
