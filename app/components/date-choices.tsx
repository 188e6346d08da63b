import type { Locale } from "#app/domain/locale.ts";
import { isFarOff, sessionStatus } from "#app/domain/session.ts";
import { announcedPrice } from "#app/i18n/amounts.ts";
import { capitalize, formatDay } from "#app/i18n/format.ts";
import type { ShownSession } from "#db/queries/sessions.server.ts";
import { DateWords } from "./date-words.tsx";
import { useSite } from "./document.tsx";
import { SeatsTag } from "./seats-tag.tsx";
import { HoursAndPlace } from "./session-card.tsx";

/** One date among several, as radios named `date`. With `waitlist`, a full one asks to wait for it. */
export function DateChoices(props: {
	locale: Locale;
	legend: string;
	error?: string;
	sessions: ShownSession[];
	now: Date;
	checked?: ShownSession;
	waitlist?: boolean;
}) {
	const { locale, legend, error, sessions, now, checked, waitlist = false } = props;
	return (
		<fieldset>
			<legend className="legend">{legend}</legend>
			{error && <p className="error">{error}</p>}
			<div className="choices">
				{sessions.map((session) => (
					<DateChoice
						key={session.id}
						session={session}
						locale={locale}
						now={now}
						// The error's link in the summary leads to the first date.
						id={session === sessions[0] ? "date" : undefined}
						checked={session === checked}
						waitlist={waitlist}
					/>
				))}
			</div>
		</fieldset>
	);
}

function DateChoice(props: {
	session: ShownSession;
	locale: Locale;
	now: Date;
	id?: string;
	checked: boolean;
	waitlist: boolean;
}) {
	const { session, locale, now, id, checked, waitlist } = props;
	const full = waitlist && sessionStatus(session, now) === "full";
	const day = capitalize(
		formatDay(session.startsAt, locale, session.zone, { year: isFarOff(session.startsAt, now) }),
		locale,
	);
	const { taxNumbers } = useSite();
	const price = session.priceCents > 0 ? ` · ${announcedPrice(session.priceCents, taxNumbers, locale)}` : "";
	return (
		<label className="choice">
			<input
				type="radio"
				name="date"
				id={id}
				value={full ? `waitlist:${session.id}` : session.id}
				defaultChecked={checked}
			/>
			<span>
				<DateWords>{day}</DateWords>
				<small>
					<HoursAndPlace session={session} locale={locale} />
					{price}
				</small>
			</span>
			<SeatsTag session={session} locale={locale} now={now} short />
		</label>
	);
}
