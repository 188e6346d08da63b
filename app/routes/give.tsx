import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Page } from "#app/components/page.tsx";
import { PersonFields } from "#app/components/person-fields.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { mayStillGive } from "#app/domain/session.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { type GiveError, personForm } from "#app/forms/person-form.ts";
import { findOwnPlace, withoutLink } from "#app/http/own-pages.server.ts";
import { mayName, withinLimitFor } from "#app/http/rate-limit.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { giveSeat } from "#app/use-cases/give-seat.server.ts";

const triesPerHour = 5;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const token = params.token ?? "";
	const { registration, details } = await findOwnPlace(context, token);
	if (registration.status !== "confirmed" || !mayStillGive(details.session, new Date()))
		throw redirect(paths.manage(locale, token));
	return { locale, token, ...withoutLink(details) };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const token = params.token ?? "";
	const { registration } = await findOwnPlace(context, token);
	const now = new Date();
	const { values, ...parsed } = parseForm(personForm, await request.formData());
	const again = (status: number, errors: Record<string, string>) => data({ values, errors }, { status });
	if (!parsed.ok) return again(400, parsed.errors);
	const within =
		(await withinLimitFor(context, "give", registration.id, triesPerHour, 3600, now)) &&
		(await mayName(context, [parsed.data.email], now));
	if (!within) return again(429, { form: "tooMany" satisfies GiveError });
	const result = await giveSeat(context.db, context.origin, registration.id, parsed.data, now);
	if (!result.ok && result.reason === "yourself")
		return again(400, { email: "yourself" satisfies GiveError });
	if (!result.ok && result.reason === "too-late") return again(409, { form: "tooLate" satisfies GiveError });
	context.wake();
	return redirect(paths.manage(localeOfPath(new URL(request.url).pathname), token), 303);
}

export default function Give() {
	const { locale, token, ...date } = useLoaderData<typeof loader>();
	const refused = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.manage.give;
	const { sentence, summary } = formErrors(refused?.errors ?? {}, words.errors, ["form", "name", "email"]);
	const alternate = paths.placeAction(otherLocale(locale), token, "give");
	return (
		<Page locale={locale} title={words.title} alternate={alternate} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<h1>{words.title}</h1>
			<PlaceHeading locale={locale} {...date} />
			<p className="section prose">{words.lede}</p>
			<form className="stack section" method="post" noValidate>
				<PersonFields locale={locale} words={words} values={refused?.values ?? {}} sentence={sentence} />
				<div className="actions">
					<SubmitButton label={words.submit} />
					<a className="button plain" href={paths.manage(locale, token)}>
						{words.keep}
					</a>
				</div>
			</form>
		</Page>
	);
}
