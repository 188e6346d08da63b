import type { Locale } from "#app/domain/locale.ts";
import { mostMeetings, zones } from "#app/domain/session.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { capitalize, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Checkbox, Field, Select } from "./field.tsx";
import { ReminderFields } from "./reminder-fields.tsx";
import { SubmitButton } from "./submit-button.tsx";
import { ThanksFields } from "./thanks-fields.tsx";

const meetingNumbers = Array.from({ length: mostMeetings }, (_, index) => index + 1);
const rowsAtFirst = 4;

/** What a form held, with room for one more meeting. */
export function withOneMoreMeeting(values: FormValues): FormValues {
	return { ...values, rows: String(rowsOf(values) + 1) };
}

/** How many meetings the form shows: those that are used, and a few to be. */
function rowsOf(values: FormValues): number {
	const used = meetingNumbers.findLast((n) => values[`date${n}`]) ?? 1;
	return Math.min(mostMeetings, Math.max(rowsAtFirst, used, Number(values.rows) || 0));
}

/** The fields in the order of the page, each with a label that stands alone. */
export function sessionFields(locale: Locale): { name: string; label: string }[] {
	const words = dictionary(locale).organizer.session;
	return [
		...meetingNumbers.flatMap((n) =>
			(["date", "start", "end"] as const).map((part) => ({
				name: part + n,
				label: `${words.meeting(n)} · ${words[part]}`,
			})),
		),
		{ name: "zone", label: words.zoneLabel },
		{ name: "language", label: words.language },
		{ name: "breakMinutes", label: words.break },
		{ name: "where", label: words.where },
		{ name: "place", label: words.place },
		{ name: "address", label: words.address },
		{ name: "joinUrl", label: words.joinUrl },
		{ name: "capacity", label: words.capacity },
		{ name: "minimum", label: words.minimum },
		{ name: "price", label: words.price },
		{ name: "opensAt", label: words.opens },
		{ name: "closesAt", label: words.closes },
		{ name: "cancelUntil", label: words.cancelUntil },
		{ name: "giveUntil", label: words.giveUntil },
		{ name: "waitlistMode", label: words.waitlistMode },
		{ name: "published", label: words.published },
		{ name: "reminderDays", label: words.reminder.days },
		{ name: "reminderUnit", label: words.reminder.unit },
		{ name: "reminderTime", label: words.reminder.time },
		{ name: "thanks", label: words.after.thanks },
		{ name: "feedbackUrl", label: words.after.feedbackUrl },
	];
}

type FormProps = {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
	now: Date;
	/** How many people hold or wait for a seat, and can be told of a change. */
	people?: number;
	/** How many of them wait. */
	waiting?: number;
};

/** One date of a workshop: when, where, for how many, until when. */
export function SessionForm({ locale, values, sentence, now, people = 0, waiting = 0 }: FormProps) {
	const t = dictionary(locale);
	const words = t.organizer.session;
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	const rows = rowsOf(values);
	const more = meetingNumbers.slice(1, rows);
	const moreAreUsed = more.some((n) => n > rowsAtFirst || values[`date${n}`] || sentence(`date${n}`));
	const zoneOptions = zones.map((zone) => ({
		value: zone,
		label: capitalize(formatZone(now, locale, zone), locale),
	}));
	return (
		<form className="stack section medium" method="post" noValidate>
			{/* The Enter key presses the first button of a form: this one, not the one that adds a row. */}
			<button
				type="submit"
				className="unseen"
				tabIndex={-1}
				aria-hidden
				name={people > 0 ? "tell" : undefined}
				value="yes"
			/>
			{values.revision && <input type="hidden" name="revision" value={values.revision} />}
			{values.key && <input type="hidden" name="key" value={values.key} />}
			<input type="hidden" name="rows" value={rows} />
			<fieldset className="stack">
				<legend className="legend large">{words.meetings}</legend>
				<Meeting n={1} locale={locale} values={values} sentence={sentence} />
				<details open={moreAreUsed}>
					<summary>{words.moreMeetings}</summary>
					<p className="hint">{words.meetingHint}</p>
					{more.map((n) => (
						<Meeting key={n} n={n} locale={locale} values={values} sentence={sentence} />
					))}
					{rows < mostMeetings && (
						<p className="also section close">
							<button type="submit" className="link-button" name="intent" value="add-meeting">
								{words.addMeeting}
							</button>
						</p>
					)}
				</details>
				<div className="pair">
					<Select
						name="zone"
						label={words.zoneLabel}
						value={values.zone}
						error={sentence("zone")}
						options={zoneOptions}
					/>
					<Select
						name="language"
						label={words.language}
						value={values.language}
						error={sentence("language")}
						options={[
							{ value: "fr", label: words.french },
							{ value: "en", label: words.english },
						]}
					/>
				</div>
				<Field
					{...field("breakMinutes")}
					label={words.break}
					hint={words.breakHint}
					optional
					inputMode="numeric"
				/>
			</fieldset>
			<fieldset className="stack where">
				<legend className="legend large">{words.where}</legend>
				<div className="choices pair">
					<Choice value="place" label={words.inPerson} checked={values.where !== "online"} />
					<Choice value="online" label={words.online} checked={values.where === "online"} />
				</div>
				<div className="stack in-person">
					<Field {...field("place")} label={words.place} hint={words.placeHint} />
					<Field {...field("address")} label={words.address} optional />
				</div>
				<div className="on-line">
					<Field
						{...field("joinUrl")}
						label={words.joinUrl}
						hint={words.joinUrlHint}
						optional
						type="url"
						inputMode="url"
						spellCheck={false}
					/>
				</div>
			</fieldset>
			<fieldset className="stack">
				<legend className="legend large">{words.signUps}</legend>
				<div className="pair">
					<Field
						{...field("capacity")}
						label={words.capacity}
						hint={waiting > 0 ? words.waiting(waiting) : undefined}
						inputMode="numeric"
					/>
					<Field
						{...field("minimum")}
						label={words.minimum}
						hint={words.minimumHint}
						optional
						inputMode="numeric"
					/>
				</div>
				<div className="pair">
					<Field {...field("price")} label={words.price} hint={words.priceHint} inputMode="decimal" />
					<Select
						name="waitlistMode"
						label={words.waitlistMode}
						value={values.waitlistMode}
						error={sentence("waitlistMode")}
						options={(["automatic", "offer", "none"] as const).map((value) => ({
							value,
							label: words.waitlistModes[value],
						}))}
					/>
				</div>
				<div className="pair">
					<Field
						{...field("opensAt")}
						label={words.opens}
						hint={words.opensHint}
						optional
						type="datetime-local"
					/>
					<Field
						{...field("closesAt")}
						label={words.closes}
						hint={words.closesHint}
						optional
						type="datetime-local"
					/>
				</div>
				<div className="pair">
					<Field
						{...field("cancelUntil")}
						label={words.cancelUntil}
						hint={words.closesHint}
						optional
						type="datetime-local"
					/>
					<Field
						{...field("giveUntil")}
						label={words.giveUntil}
						hint={words.closesHint}
						optional
						type="datetime-local"
					/>
				</div>
				<Checkbox name="published" label={words.published} checked={"published" in values} />
			</fieldset>
			<ReminderFields locale={locale} values={values} sentence={sentence} />
			<ThanksFields locale={locale} values={values} sentence={sentence} />
			{people > 0 ? (
				<div>
					<p className="hint">{words.tellHint}</p>
					<div className="actions close">
						<SubmitButton label={words.saveAndTell(people)} name="tell" value="yes" />
						<SubmitButton label={words.saveQuietly} plain />
					</div>
				</div>
			) : (
				<SubmitButton label={words.save} />
			)}
		</form>
	);
}

function Meeting({
	n,
	locale,
	values,
	sentence,
}: Pick<FormProps, "locale" | "values" | "sentence"> & { n: number }) {
	const t = dictionary(locale);
	const words = t.organizer.session;
	return (
		<fieldset className="meeting">
			<legend className="legend">{words.meeting(n)}</legend>
			{(["date", "start", "end"] as const).map((part) => (
				<Field
					key={part}
					t={t}
					name={part + n}
					label={words[part]}
					type={part === "date" ? "date" : "time"}
					value={values[part + n]}
					error={sentence(part + n)}
				/>
			))}
		</fieldset>
	);
}

function Choice({ value, label, checked }: { value: string; label: string; checked: boolean }) {
	return (
		<label className="choice">
			<input type="radio" name="where" value={value} defaultChecked={checked} />
			<span>{label}</span>
		</label>
	);
}
