import type { Locale } from "#app/domain/locale.ts";
import type { ShownStatus } from "#app/domain/registration.ts";
import { formatDay } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import type { ShownSession } from "#db/queries/sessions.server.ts";
import { DateWords } from "./date-words.tsx";
import { WriteUs } from "./write-us.tsx";

/** What somebody can still do with their place, one line each; what is too late is not offered. */
export function PlaceActions(props: {
	locale: Locale;
	token: string;
	place: { status: ShownStatus };
	/** The other dates that have a seat. */
	dates: ShownSession[];
	mayLeave: boolean;
	mayGive: boolean;
	isOver: boolean;
	contactEmail: string;
}) {
	const { locale, token, place, dates, mayLeave, mayGive, isOver, contactEmail } = props;
	const words = dictionary(locale).manage;
	const holds = place.status === "confirmed";
	const leaveLede = place.status === "offered" ? words.leaveOfferLede : words.leaveLede;
	const [only] = dates;
	const day = only && formatDay(only.startsAt, locale, only.zone, { year: false });
	const lines = [
		dates.length > 0 && {
			href: paths.placeAction(locale, token, "switch"),
			label: day && dates.length === 1 ? words.switch.one(day) : words.switch.title,
			hint: words.switch.hint,
		},
		!isOver && {
			href: paths.placeAction(locale, token, "correct"),
			label: words.correct.title,
			hint: words.correct.hint,
		},
		mayGive && {
			href: paths.placeAction(locale, token, "give"),
			label: words.give.title,
			hint: words.give.hint,
		},
		mayLeave && {
			href: paths.cancel(locale, token),
			label: holds ? words.cancel : words.leave,
			hint: holds ? words.cancelHint : leaveLede,
		},
	].filter((line) => line !== false);
	// What is over can only be written about.
	if (isOver && !contactEmail) return null;
	return (
		<section className="section">
			<h2>{words.actions}</h2>
			<ul className="choices-list">
				{lines.map(({ href, label, hint }) => (
					<li key={href}>
						<a href={href}>
							<DateWords>{label}</DateWords>
						</a>
						<span className="muted small">{hint}</span>
					</li>
				))}
			</ul>
			{!mayLeave && (
				<p className="muted">
					{isOver ? words.mistake : words.tooLate} <WriteUs locale={locale} contactEmail={contactEmail} />
				</p>
			)}
		</section>
	);
}
