import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { DoneNotice, OrganizerPage } from "#app/components/organizer-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { formErrors } from "#app/forms/form-errors.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { settingsForm } from "#app/forms/settings-form.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { saveSettings } from "#app/use-cases/save-settings.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { id: _, updatedAt: __, emailTexts: ___, retentionMonths, ...texts } = await findFirm(context.db);
	const values: FormValues = { ...texts, retentionMonths: String(retentionMonths) };
	const { smtpUrl, mailFrom } = context.config;
	return {
		locale,
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
];

export default function OrganizerSettings() {
	const { locale, values: stored, saved, smtpHost, sender } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.organizer.settings;
	const values = answer?.values ?? stored;
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, order);
	const field = (name: string) => ({ t, name, value: values[name], error: sentence(name) });
	return (
		<OrganizerPage locale={locale} title={words.title} section="settings" top refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			{saved && !answer && <DoneNotice>{words.saved}</DoneNotice>}
			<h1>{words.title}</h1>
			<form className="stack section medium" method="post" noValidate>
				<h2>{words.firm}</h2>
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
				<Field {...field("retentionMonths")} label={words.retention} inputMode="numeric" />
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
		</OrganizerPage>
	);
}
