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
import { locales } from "#app/domain/locale.ts";
import { signToken } from "#app/domain/token.server.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { ownForm } from "#app/forms/organizer-form.ts";
import { type FormValues, parseForm } from "#app/forms/parse-form.ts";
import { languageCookie, requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { renewCalendar, saveOwn } from "#app/use-cases/change-own.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const { id, name, locale, role, digest, alerts, calendarVersion } = organizer;
	const token = signToken(context.secrets[0], "organizer-calendar", id, calendarVersion);
	const { searchParams } = new URL(request.url);
	return {
		reader: { locale, role },
		own: { name, locale, ...(digest && { digest: "yes" }), ...(alerts && { alerts: "yes" }) },
		calendarUrl: context.config.publicUrl + paths.organizerCalendar(token),
		saved: searchParams.has("enregistre"),
		renewed: searchParams.has("renouvele"),
	};
}

export async function action({ request, context }: ActionFunctionArgs) {
	const organizer = await requireOrganizer(request, context);
	const form = await request.formData();
	if (form.get("intent") === "renew") {
		await renewCalendar(context.db, organizer.id, new Date());
		return redirect(`${paths.organizer.own()}?renouvele`, 303);
	}
	const parsed = parseForm(ownForm, form);
	if (!parsed.ok) return data({ values: parsed.values, errors: parsed.errors }, 400);
	await saveOwn(context.db, organizer, parsed.data, new Date());
	const remembered = { "Set-Cookie": languageCookie(context, parsed.data.locale) };
	return redirect(`${paths.organizer.own()}?enregistre`, { status: 303, headers: remembered });
}

export default function OrganizerOwn() {
	const { reader, own, calendarUrl, saved, renewed } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(reader.locale);
	const { own: words, people } = t.organizer;
	const values: FormValues = answer?.values ?? own;
	const sentences = { ...people.errors, name: t.register.errors.nameMissing };
	const { sentence, summary } = formErrors(answer?.errors ?? {}, sentences, ["name", "locale"]);
	const done = saved ? words.saved : renewed ? words.renewed : null;
	return (
		<SettingsPage
			reader={reader}
			tab="own"
			refused={summary.length > 0}
			before={
				<>
					<ErrorSummary t={t} errors={summary} />
					{done && !answer && <DoneNotice>{done}</DoneNotice>}
				</>
			}
		>
			<form className="stack section medium" method="post" noValidate>
				<fieldset className="stack">
					<legend className="legend large">{words.me}</legend>
					<Field
						t={t}
						name="name"
						label={words.name}
						value={values.name}
						error={sentence("name")}
						autoComplete="name"
					/>
					<Select
						name="locale"
						label={words.language}
						value={values.locale}
						error={sentence("locale")}
						options={locales.map((one) => ({ value: one, label: t.languageName[one] }))}
					/>
				</fieldset>
				<fieldset className="stack">
					<legend className="legend large">{words.mail}</legend>
					<Checkbox name="digest" label={words.digest} checked={"digest" in values} />
					<Checkbox name="alerts" label={words.alerts} hint={words.alertsHint} checked={"alerts" in values} />
				</fieldset>
				<SubmitButton label={words.save} />
			</form>
			<section className="stack section medium" aria-labelledby="calendar">
				<h2 id="calendar">{words.calendar}</h2>
				<p>{words.calendarLede}</p>
				<div className="field">
					<label htmlFor="address">{words.address}</label>
					<input id="address" readOnly value={calendarUrl} spellCheck={false} />
				</div>
				<form className="actions" method="post">
					<a className="button plain" href={calendarUrl.replace(/^https?:/, "webcal:")}>
						{words.subscribe}
					</a>
					<SubmitButton label={words.renew} name="intent" value="renew" plain />
					<span className="hint">{words.renewHint}</span>
				</form>
			</section>
		</SettingsPage>
	);
}
