import type { Locale } from "#app/domain/locale.ts";
import { zones } from "#app/domain/session.ts";
import type { FormValues } from "#app/forms/parse-form.ts";
import { capitalize, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { Checkbox, Field, Select } from "./field.tsx";
import { ReminderFields } from "./reminder-fields.tsx";
import { SubmitButton } from "./submit-button.tsx";

const meetingNumbers = [1, 2, 3, 4];

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
		{ name: "where", label: words.where },
		{ name: "place", label: words.place },
		{ name: "address", label: words.address },
		{ name: "joinUrl", label: words.joinUrl },
		{ name: "capacity", label: words.capacity },
		{ name: "price", label: words.price },
		{ name: "opensAt", label: words.opens },
		{ name: "closesAt", label: words.closes },
		{ name: "cancelUntil", label: words.cancelUntil },
		{ name: "waitlist", label: words.waitlist },
		{ name: "published", label: words.published },
		{ name: "reminderDays", label: words.reminder.days },
		{ name: "reminderUnit", label: words.reminder.unit },
		{ name: "reminderTime", label: words.reminder.time },
	];
}

type FormProps = {
	locale: Locale;
	values: FormValues;
	sentence: (name: string) => string | undefined;
	now: Date;
};

/** One date of a workshop: when, where, for how many, until when. */
export function SessionForm({ locale, values, sentence, now }: FormProps) {
	const t = dictionary(locale);
	const words = t.organizer.session;
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	const more = meetingNumbers.slice(1);
	const moreAreUsed = more.some((n) => values[`date${n}`] || values[`start${n}`] || values[`end${n}`]);
	const zoneOptions = zones.map((zone) => ({
		value: zone,
		label: capitalize(formatZone(now, locale, zone), locale),
	}));
	return (
		<form className="stack section medium" method="post" noValidate>
			{values.revision && <input type="hidden" name="revision" value={values.revision} />}
			<fieldset className="stack">
				<legend className="legend large">{words.meetings}</legend>
				<Meeting n={1} locale={locale} values={values} sentence={sentence} />
				<details open={moreAreUsed}>
					<summary>{words.moreMeetings}</summary>
					<p className="hint">{words.meetingHint}</p>
					{more.map((n) => (
						<Meeting key={n} n={n} locale={locale} values={values} sentence={sentence} />
					))}
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
					<Field {...field("capacity")} label={words.capacity} inputMode="numeric" />
					<Field {...field("price")} label={words.price} hint={words.priceHint} inputMode="decimal" />
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
				</div>
				<Checkbox name="waitlist" label={words.waitlist} checked={"waitlist" in values} />
				<Checkbox name="published" label={words.published} checked={"published" in values} />
			</fieldset>
			<ReminderFields locale={locale} values={values} sentence={sentence} />
			<SubmitButton label={words.save} />
		</form>
	);
}

function Meeting({ n, locale, values, sentence }: Omit<FormProps, "now"> & { n: number }) {
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
