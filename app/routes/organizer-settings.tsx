import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Checkbox, Field, Select } from "#app/components/field.tsx";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { StoredVersion } from "#app/components/stored-version.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import type { Locale } from "#app/domain/locale.ts";
import { zones } from "#app/domain/session.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { settingsForm } from "#app/forms/settings-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveSettings, settingsVersionOf } from "#app/use-cases/save-settings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import type { Firm } from "#db/schema.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context);
	const values = valuesOf(await findFirm(context.db));
	const { smtpUrl, mailFrom } = context.config;
	return {
		reader: { locale, role },
		now: new Date(),
		values,
		saved: new URL(request.url).searchParams.has("enregistre"),
		// The host alone: the address of the server also holds a password.
		smtpHost: smtpUrl && new URL(smtpUrl).host,
		sender: mailFrom.name ? `${mailFrom.name} <${mailFrom.address}>` : mailFrom.address,
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const parsed = parseForm(settingsForm, await request.formData());
	const { values } = parsed;
	if (!parsed.ok) return data({ values, errors: parsed.errors, stored: null }, 400);
	const { seen, ...settings } = parsed.data;
	const by = { organizerId: organizer.id, seen };
	const result = await saveSettings(context.db, settings, by, new Date());
	if (result.ok) return redirect(`${paths.organizer.settings()}?enregistre`, 303);
	const stored = valuesOf(await findFirm(context.db));
	// Saving again is then a choice made with both versions in sight.
	const again = { ...values, seen: stored.seen };
	return data({ values: again, errors: { form: result.reason }, stored }, 409);
}

function valuesOf(firm: Firm): FormValues & { seen: string } {
	const { id: _, updatedAt: __, emailTexts: ___, calendarInvitations, ...identity } = firm;
	const { retentionMonths, defaultCapacity, ...texts } = identity;
	return {
		...texts,
		...(calendarInvitations && { calendarInvitations: "yes" }),
		retentionMonths: String(retentionMonths),
		defaultCapacity: defaultCapacity === null ? "" : String(defaultCapacity),
		seen: settingsVersionOf(firm),
	};
}

/** The fields in the order of the page, each with a label that stands alone. */
function settingsFields(locale: Locale): { name: string; label: string }[] {
	const { settings: words, session } = dictionary(locale).organizer;
	return [
		{ name: "name", label: words.name },
		{ name: "postalAddress", label: words.postal },
		{ name: "email", label: words.email },
		{ name: "taglineFr", label: `${words.tagline}, ${words.french}` },
		{ name: "taglineEn", label: `${words.tagline}, ${words.english}` },
		{ name: "privacyOfficerFr", label: `${words.officer}, ${words.french}` },
		{ name: "privacyOfficerEn", label: `${words.officer}, ${words.english}` },
		{ name: "privacyEmail", label: words.officerEmail },
		{ name: "retentionMonths", label: words.retention },
		{ name: "gstNumber", label: words.gst },
		{ name: "qstNumber", label: words.qst },
		{ name: "accreditationNumber", label: words.accreditation },
		{ name: "calendarInvitations", label: words.invitations },
		{ name: "defaultPlace", label: session.place },
		{ name: "defaultAddress", label: session.address },
		{ name: "defaultCapacity", label: session.capacity },
		{ name: "defaultStart", label: session.start },
		{ name: "defaultEnd", label: session.end },
		{ name: "defaultZone", label: session.zoneLabel },
	];
}

export default function OrganizerSettings() {
	const { reader, now, values: stored, saved, smtpHost, sender } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.settings;
	const values: FormValues = answer?.values ?? stored;
	const fields = settingsFields(locale);
	const labels = new Map(fields.map(({ name, label }) => [name, label]));
	const order = ["form", ...labels.keys()];
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, order);
	const field = (name: string) => ({
		t,
		name,
		label: labels.get(name) ?? "",
		value: values[name],
		error: sentence(name),
	});
	const inWords = (all: FormValues) => ({
		...all,
		calendarInvitations: "calendarInvitations" in all ? t.questions.yes : t.questions.no,
	});
	return (
		<SettingsPage
			reader={reader}
			tab="firm"
			refused={summary.length > 0}
			before={
				<>
					<ErrorSummary t={t} errors={summary} />
					{answer?.stored && (
						<StoredVersion
							heading={t.organizer.workshops.stored}
							typed={inWords(values)}
							stored={inWords(answer.stored)}
							fields={fields}
						/>
					)}
					{saved && !answer && <DoneNotice>{words.saved}</DoneNotice>}
				</>
			}
		>
			<form className="stack section medium" method="post" noValidate>
				<input type="hidden" name="seen" value={values.seen} />
				<Field {...field("name")} autoComplete="organization" />
				<Field {...field("postalAddress")} hint={words.postalHint} />
				<Field {...field("email")} type="email" spellCheck={false} />
				<div className="pair">
					<Field {...field("taglineFr")} optional rows={3} lang="fr-CA" />
					<Field {...field("taglineEn")} optional rows={3} lang="en-CA" />
				</div>
				<div className="pair">
					<Field {...field("privacyOfficerFr")} lang="fr-CA" />
					<Field {...field("privacyOfficerEn")} lang="en-CA" />
				</div>
				<Field {...field("privacyEmail")} type="email" spellCheck={false} />
				<Field {...field("retentionMonths")} hint={words.retentionHint} inputMode="numeric" />
				<fieldset className="stack">
					<legend className="legend large">{words.taxes}</legend>
					<p className="hint">{words.taxesHint}</p>
					<div className="pair">
						<Field {...field("gstNumber")} hint={words.gstHint} optional />
						<Field {...field("qstNumber")} hint={words.qstHint} optional />
					</div>
				</fieldset>
				<Field {...field("accreditationNumber")} hint={words.accreditationHint} optional />
				<fieldset className="stack">
					<legend className="legend large">{words.calendar}</legend>
					<Checkbox
						name="calendarInvitations"
						label={words.invitations}
						hint={words.invitationsHint}
						checked={"calendarInvitations" in values}
					/>
				</fieldset>
				<fieldset className="stack">
					<legend className="legend large">{words.defaults}</legend>
					<p className="hint">{words.defaultsHint}</p>
					<div className="pair">
						<Field {...field("defaultPlace")} optional />
						<Field {...field("defaultCapacity")} optional inputMode="numeric" />
					</div>
					<Field {...field("defaultAddress")} optional />
					<div className="pair">
						<Field {...field("defaultStart")} optional type="time" />
						<Field {...field("defaultEnd")} optional type="time" />
					</div>
					<Select
						name="defaultZone"
						label={t.organizer.session.zoneLabel}
						value={values.defaultZone}
						error={sentence("defaultZone")}
						options={zones.map((zone) => ({
							value: zone,
							label: capitalize(formatZone(now, locale, zone), locale),
						}))}
					/>
				</fieldset>
				<SubmitButton label={words.save} />
			</form>
			<section className="section">
				<h2>{words.delivery}</h2>
				<p>{smtpHost ? words.smtp(smtpHost) : words.capture}</p>
				<p className="muted">
					{words.from}
					{locale === "fr" ? "\u00a0: " : ": "}
					{sender}
				</p>
				<p>
					<a href={paths.organizer.delivery()}>{words.checkDelivery}</a>
				</p>
			</section>
		</SettingsPage>
	);
}
