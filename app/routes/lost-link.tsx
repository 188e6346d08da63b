import {
	type ActionFunctionArgs,
	data,
	type HeadersFunction,
	type LoaderFunctionArgs,
} from "@remix-run/node";
import { useActionData, useLoaderData } from "@remix-run/react";
import { ErrorSummary } from "#app/components/error-summary.tsx";
import { Field } from "#app/components/field.tsx";
import { Page } from "#app/components/page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { formErrors } from "#app/forms/form-errors.ts";
import { type LostLinkError, lostLinkForm } from "#app/forms/lost-link-form.ts";
import { parseForm } from "#app/forms/parse-form.ts";
import { mayName, withinLimit, withoutHaste } from "#app/http/rate-limit.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { sendLostLinks } from "#app/use-cases/send-lost-links.server.ts";

const perAddress = 5;
const perClient = 30;

export const headers: HeadersFunction = () => privateHeaders;

export function loader({ request }: LoaderFunctionArgs) {
	return { locale: localeOfPath(new URL(request.url).pathname) };
}

export async function action({ request, context }: ActionFunctionArgs) {
	const now = new Date();
	const { values, ...parsed } = parseForm(lostLinkForm, await request.formData());
	const again = (status: number, errors: Record<string, string>) =>
		data({ sentTo: null, values, errors }, { status });
	if (!parsed.ok) return again(400, parsed.errors);
	const { email } = parsed.data;
	const within =
		(await withinLimit(context, "lost-link", perClient, 3600, now)) &&
		(await mayName(context, [email], now, { kind: "lost-link", most: perAddress }));
	if (!within) return again(429, { form: "tooMany" satisfies LostLinkError });
	await withoutHaste(sendLostLinks(context.db, context.origin, email, now));
	context.wake();
	return data({ sentTo: email, values, errors: {} as Record<string, string> });
}

/** A lost link is asked for by address; whether it is known, the answer is the same. */
export default function LostLink() {
	const { locale } = useLoaderData<typeof loader>();
	const answer = useActionData<typeof action>();
	const t = dictionary(locale);
	const words = t.lostLink;
	const frame = { locale, alternate: paths.lostLink(otherLocale(locale)) };
	if (answer?.sentTo) {
		return (
			<Page {...frame} title={words.doneTitle}>
				<h1>{words.doneTitle}</h1>
				<p className="lede">{words.done(answer.sentTo)}</p>
			</Page>
		);
	}
	const { sentence, summary } = formErrors(answer?.errors ?? {}, words.errors, ["form", "email"]);
	return (
		<Page {...frame} title={words.title} refused={summary.length > 0}>
			<ErrorSummary t={t} errors={summary} />
			<h1>{words.title}</h1>
			<p className="lede">{words.lede}</p>
			<form className="stack section narrow" method="post" noValidate>
				<Field
					t={t}
					name="email"
					label={words.email}
					type="email"
					autoComplete="email"
					spellCheck={false}
					value={answer?.values.email}
					error={sentence("email")}
				/>
				<SubmitButton label={words.submit} />
			</form>
		</Page>
	);
}
