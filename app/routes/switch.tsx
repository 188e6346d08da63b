import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { DateChoices } from "#app/components/date-choices.tsx";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Page } from "#app/components/page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { mayStillLeave, shownStatus } from "#app/domain/registration.ts";
import { findOwnPlace, otherDates, withoutLink } from "#app/http/own-pages.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import type { Dictionary } from "#app/i18n/fr.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { type SwitchResult, switchSession } from "#app/use-cases/switch-session.server.ts";

type SwitchError = keyof Dictionary["manage"]["switch"]["errors"];

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const locale = localeOfPath(url.pathname);
	const token = params.token ?? "";
	const now = new Date();
	const { registration, details } = await findOwnPlace(context, token);
	if (!mayStillLeave(details.session, shownStatus(registration), now))
		throw redirect(paths.manage(locale, token));
	const sessions = await otherDates(context, details, now);
	const chosen = url.searchParams.get("date");
	return { locale, token, now, sessions, chosen, ...withoutLink(details) };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const token = params.token ?? "";
	const { registration } = await findOwnPlace(context, token);
	const to = String((await request.formData()).get("date") ?? "");
	if (!/^[0-9a-f-]{36}$/.test(to)) return data({ error: "choose" as SwitchError }, { status: 400 });
	const by = { attendee: true } as const;
	const result = await switchSession(context.db, context.origin, registration.id, to, by, new Date());
	if (!result.ok) return data({ error: errorOf[result.reason] }, { status: 409 });
	context.wake();
	return redirect(`${paths.manage(localeOfPath(new URL(request.url).pathname), token)}?ok`, 303);
}

const errorOf: Record<(SwitchResult & { ok: false })["reason"], SwitchError> = {
	full: "full",
	closed: "closed",
	past: "closed",
	cancelled: "closed",
	"opens-later": "closed",
	unknown: "closed",
	"too-late": "tooLate",
	"already-there": "alreadyThere",
};

export default function Switch() {
	const { locale, token, now, sessions, chosen, ...date } = useLoaderData<typeof loader>();
	const refused = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.manage.switch;
	const sentence = refused && words.errors[refused.error];
	const alternate = paths.placeAction(otherLocale(locale), token, "switch");
	const keep = (
		<a className="button plain" href={paths.manage(locale, token)}>
			{words.keep}
		</a>
	);
	return (
		<Page locale={locale} title={words.title} alternate={alternate} refused={Boolean(sentence)}>
			{sentence && (
				<ErrorSummary t={t} errors={[{ field: sessions.length > 0 ? "date" : undefined, sentence }]} />
			)}
			<h1>{words.title}</h1>
			<PlaceHeading locale={locale} {...date} />
			<p className="section">{sessions.length === 0 ? words.none : words.hint}</p>
			{sessions.length === 0 ? (
				<div className="actions section">{keep}</div>
			) : (
				<form className="stack section" method="post">
					<DateChoices
						locale={locale}
						legend={words.which}
						error={sentence}
						sessions={sessions}
						now={now}
						checked={sessions.find(({ id }) => id === chosen) ?? sessions[0]}
					/>
					<div className="actions">
						<SubmitButton label={words.submit} />
						{keep}
					</div>
				</form>
			)}
		</Page>
	);
}
