import { type ActionFunctionArgs, data, type LoaderFunctionArgs, redirect } from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { InterestForm } from "#app/components/interest-form.tsx";
import { Page } from "#app/components/page.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type InterestError, interestForm } from "#app/forms/interest-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { withinLimit } from "#app/http/rate-limit.server.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { recordInterest } from "#db/queries/interest.server.ts";

const interestsPerHour = 30;

export async function loader({ request }: LoaderFunctionArgs) {
	const { pathname, searchParams } = new URL(request.url);
	return { locale: localeOfPath(pathname), done: searchParams.has("ok") };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const now = new Date();
	const parsed = parseForm(interestForm, await request.formData());
	const again = (status: number, errors: Record<string, string>) =>
		data({ values: parsed.values, errors }, { status });
	if (!parsed.ok) return again(400, parsed.errors);
	if (!(await withinLimit(context, "interest", interestsPerHour, 3600, now)))
		return again(429, { form: "tooMany" satisfies InterestError });
	const wording = dictionary(locale).interest.consent((await findFirm(context.db)).name);
	await recordInterest(context.db, [{ email: parsed.data.email, locale, wording, source: "news" }], now);
	return redirect(`${paths.interest(locale)}?ok`, 303);
}

export default function News() {
	const { locale, done } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const order = ["form", "email", "consent"];
	const { sentence, summary } = formErrors(answer?.errors ?? {}, t.interest.errors, order);
	const title = done ? t.interest.doneTitle : t.interest.title;
	return (
		<Page
			locale={locale}
			title={title}
			alternate={paths.interest(otherLocale(locale))}
			refused={Boolean(answer)}
		>
			<ErrorSummary t={t} errors={summary} />
			<h1>{title}</h1>
			{done ? (
				<p className="lede">{t.interest.done}</p>
			) : (
				<InterestForm locale={locale} values={answer?.values ?? {}} sentence={sentence} />
			)}
			<p className="section">
				<a className="row-link" href={paths.list(locale)}>
					{t.refused.home}
				</a>
			</p>
		</Page>
	);
}
