import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Checkbox } from "#app/components/field.tsx";
import { DoneNotice } from "#app/components/organizer-page.tsx";
import { SettingsPage } from "#app/components/settings-page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { signToken } from "#app/domain/token.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { renewCalendar, saveOwnMail } from "#app/use-cases/change-own.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, context }: LoaderFunctionArgs) {
	const { id, locale, role, digest, alerts, calendarVersion } = await requireOrganizer(request, context);
	const token = signToken(context.secrets[0], "organizer-calendar", id, calendarVersion);
	const { searchParams } = new URL(request.url);
	return {
		reader: { locale, role },
		digest,
		alerts,
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
	const wanted = { digest: form.has("digest"), alerts: form.has("alerts") };
	await saveOwnMail(context.db, organizer.id, wanted);
	return redirect(`${paths.organizer.own()}?enregistre`, 303);
}

export default function OrganizerOwn() {
	const { reader, digest, alerts, calendarUrl, saved, renewed } = useLoaderData<typeof loader>();
	const words = dictionary(reader.locale).organizer.own;
	const done = saved ? words.saved : renewed ? words.renewed : null;
	return (
		<SettingsPage reader={reader} tab="own" before={done && <DoneNotice>{done}</DoneNotice>}>
			<form className="stack section medium" method="post">
				<fieldset className="stack">
					<legend className="legend large">{words.mail}</legend>
					<Checkbox name="digest" label={words.digest} checked={digest} />
					<Checkbox name="alerts" label={words.alerts} hint={words.alertsHint} checked={alerts} />
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
