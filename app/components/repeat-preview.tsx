import type { Locale } from "#app/domain/locale.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { capitalize, formatDay, formatTime, formatWhen } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import type { PlannedDate } from "#app/use-cases/repeat-session.server.ts";
import { DateWords } from "./date-words.tsx";
import { SubmitButton } from "./submit-button.tsx";

/** The dates that would be made, those that would not and why, and the button that makes them. */
export function RepeatPreview(props: {
	locale: Locale;
	plan: PlannedDate[];
	values: FormValues;
	zone: string;
}) {
	const { locale, plan, values, zone } = props;
	const words = dictionary(locale).organizer.repeat;
	const makes = plan.filter(({ ok }) => ok).length;
	return (
		<section className="stack">
			<h2>{words.makes(makes)}</h2>
			<ol className="lines">
				{plan.map((date) => (
					<li key={date.localDate}>
						{date.ok ? (
							<DateWords>{capitalize(formatWhen(date.input.meetings, locale, zone), locale)}</DateWords>
						) : (
							<>
								<s className="muted">
									<DateWords>{capitalize(dayOf(date.localDate, locale), locale)}</DateWords>
								</s>{" "}
								<span className="tag warn">{leftOut(date, locale)}</span>
							</>
						)}
					</li>
				))}
			</ol>
			{makes > 0 && (
				<form method="post">
					{Object.entries(values).map(([name, value]) => (
						<input key={name} type="hidden" name={name} value={value} />
					))}
					<SubmitButton label={words.make(makes)} />
				</form>
			)}
		</section>
	);
}

function dayOf(localDate: string, locale: Locale): string {
	return formatDay(new Date(`${localDate}T12:00:00Z`), locale, "UTC");
}

function leftOut(date: Exclude<PlannedDate, { ok: true }>, locale: Locale): string {
	const words = dictionary(locale).organizer.repeat.leftOut;
	if (!("localTime" in date)) return words[date.reason];
	return words[date.reason](formatTime(new Date(`${date.localDate}T${date.localTime}Z`), locale, "UTC"));
}
