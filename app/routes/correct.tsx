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
import { formErrors } from "#app/forms/form-errors.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { type CorrectPlaceError, correctionForm, personForm } from "#app/forms/person-form.ts";
import { findOwnPlace, withoutLink } from "#app/http/own-pages.server.ts";
import { mayName, withinLimitFor } from "#app/http/rate-limit.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { correctPlace } from "#app/use-cases/correct-place.server.ts";

const correctionsPerHour = 10;

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const url = new URL(request.url);
	const locale = localeOfPath(url.pathname);
	const token = params.token ?? "";
	const { registration, details } = await findOwnPlace(context, token);
	if (registration.status === "cancelled") throw redirect(paths.manage(locale, token));
	const { name, email, locale: language } = registration;
	const person = { name, email: email ?? "", locale: language };
	return { locale, token, person, ...withoutLink(details) };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const token = params.token ?? "";
	const { registration } = await findOwnPlace(context, token);
	const now = new Date();
	const { values, ...parsed } = parseForm(
		correctionForm(personForm, registration.name),
		await request.formData(),
	);
	const again = (status: number, errors: Record<string, string>) => data({ values, errors }, { status });
	if (!parsed.ok) return again(400, parsed.errors);
	const named = [registration.email, parsed.data.email];
	const within =
		(await withinLimitFor(context, "correct", registration.id, correctionsPerHour, 3600, now)) &&
		(await mayName(context, named, now));
	if (!within) return again(429, { form: "tooMany" satisfies CorrectPlaceError });
	const result = await correctPlace(
		context.db,
		context.origin,
		registration.id,
		parsed.data,
		{ attendee: true },
		now,
	);
	if (!result.ok) {
		const error: CorrectPlaceError = result.reason === "full" ? "full" : "tooLate";
		return again(409, { form: error });
	}
	context.wake();
	const locale = localeOfPath(new URL(request.url).pathname);
	const moved = parsed.data.email.toLowerCase() !== registration.email?.toLowerCase();
	// With another address, the link that led here is dead.
	return redirect(moved ? paths.addressCorrected(locale) : `${paths.manage(locale, token)}?ok`, 303);
}

export default function Correct() {
	const { locale, token, person, ...date } = useLoaderData<typeof loader>();
	const refused = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.manage.correct;
	const alternate = paths.placeAction(otherLocale(locale), token, "correct");
	const { sentence, summary } = formErrors(refused?.errors ?? {}, words.errors, ["form", "name", "email"]);
	return (
		<Page locale={locale} title={words.title} alternate={alternate} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<h1>{words.title}</h1>
			<PlaceHeading locale={locale} {...date} />
			<form className="stack section" method="post" noValidate>
				<PersonFields
					locale={locale}
					words={words}
					values={refused?.values ?? person}
					sentence={sentence}
					own
				/>
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
