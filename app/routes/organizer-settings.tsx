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
import { SubmitButton } from "#app/components/submit-button.tsx";
import { zones } from "#app/domain/session.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { settingsForm } from "#app/forms/settings-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { capitalize, formatZone } from "#app/i18n/format.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveSettings } from "#app/use-cases/save-settings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale, role } = await requireOrganizer(request, context);
	const firm = await findFirm(context.db);
	const { id: _, updatedAt: __, emailTexts: ___, calendarInvitations, ...identity } = firm;
	const { retentionMonths, defaultCapacity, ...texts } = identity;
	const values: FormValues = {
		...texts,
		...(calendarInvitations && { calendarInvitations: "yes" }),
		retentionMonths: String(retentionMonths),
		defaultCapacity: defaultCapacity === null ? "" : String(defaultCapacity),
	};
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
	if (!parsed.ok) return data({ values: parsed.values, errors: parsed.errors }, 400);
	await saveSettings(context.db, parsed.data, organizer.id, new Date());
	return redirect(`${paths.organizer.settings()}?enregistre`, 303);
}

const order = [
	"name",
	"postalAddress",
	"email",
	"taglineFr",
	"taglineEn",
	"privacyOfficerFr",
	"privacyOfficerEn",
	"privacyEmail",
	"retentionMonths",
	"gstNumber",
	"qstNumber",
	"defaultPlace",
	"defaultAddress",
	"defaultCapacity",
	"defaultStart",
	"defaultEnd",
	"defaultZone",
];

export default function OrganizerSettings() {
	const { reader, now, values: stored, saved, smtpHost, sender } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const { locale } = reader;
	const t = dictionary(locale);
	const words = t.organizer.settings;
	const values = answer?.values ?? stored;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, order);
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	return (
		<SettingsPage
			reader={reader}
			tab="firm"
			refused={summary.length > 0}
			before={
				<>
					<ErrorSummary t={t} errors={summary} />
					{saved && !answer && <DoneNotice>{words.saved}</DoneNotice>}
				</>
			}
		>
			<form className="stack section medium" method="post" noValidate>
				<Field {...field("name")} label={words.name} autoComplete="organization" />
				<Field {...field("postalAddress")} label={words.postal} hint={words.postalHint} />
				<Field {...field("email")} label={words.email} optional type="email" spellCheck={false} />
				<div className="pair">
					<Field
						{...field("taglineFr")}
						label={`${words.tagline}, ${words.french}`}
						optional
						rows={3}
						lang="fr-CA"
					/>
					<Field
						{...field("taglineEn")}
						label={`${words.tagline}, ${words.english}`}
						optional
						rows={3}
						lang="en-CA"
					/>
				</div>
				<div className="pair">
					<Field {...field("privacyOfficerFr")} label={`${words.officer}, ${words.french}`} lang="fr-CA" />
					<Field {...field("privacyOfficerEn")} label={`${words.officer}, ${words.english}`} lang="en-CA" />
				</div>
				<Field {...field("privacyEmail")} label={words.officerEmail} type="email" spellCheck={false} />
				<Field
					{...field("retentionMonths")}
					label={words.retention}
					hint={words.retentionHint}
					inputMode="numeric"
				/>
				<fieldset className="stack">
					<legend className="legend large">{words.taxes}</legend>
					<p className="hint">{words.taxesHint}</p>
					<div className="pair">
						<Field {...field("gstNumber")} label={words.gst} hint={words.gstHint} optional />
						<Field {...field("qstNumber")} label={words.qst} hint={words.qstHint} optional />
					</div>
				</fieldset>
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
						<Field {...field("defaultPlace")} label={t.organizer.session.place} optional />
						<Field
							{...field("defaultCapacity")}
							label={t.organizer.session.capacity}
							optional
							inputMode="numeric"
						/>
					</div>
					<Field {...field("defaultAddress")} label={t.organizer.session.address} optional />
					<div className="pair">
						<Field {...field("defaultStart")} label={t.organizer.session.start} optional type="time" />
						<Field {...field("defaultEnd")} label={t.organizer.session.end} optional type="time" />
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
