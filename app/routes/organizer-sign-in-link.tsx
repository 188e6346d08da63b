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
import { SubmitButton } from "#app/components/submit-button.tsx";
import { localeFrom, otherLocale } from "#app/domain/locale.ts";
import { signedInHeaders } from "#app/http/organizer-auth.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { findSignInLink, signInWithLink } from "#app/use-cases/sign-in.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

/** Mail scanners follow links: looking at this page signs nobody in. */
export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const token = params.token ?? "";
	const locale = localeFrom(new URL(request.url).searchParams.get("langue")) ?? "fr";
	const valid = (await findSignInLink(context.db, token, new Date())) !== undefined;
	return data({ locale, token, valid }, valid ? 200 : 410);
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const userAgent = request.headers.get("User-Agent") ?? "";
	const cookie = await signInWithLink(context.db, params.token ?? "", userAgent, new Date());
	if (!cookie) return data({ used: true }, 410);
	const headers = await signedInHeaders(context, cookie);
	return redirect(paths.organizer.home(), { status: 303, headers });
}

export default function OrganizerSignInLink() {
	const { locale, token, valid } = useLoaderData<typeof loader>();
	const used = useActionData<typeof action>()?.used ?? !valid;
	const t = dictionary(locale);
	const words = t.organizer.signIn;
	const other = otherLocale(locale);
	return (
		<Page
			locale={locale}
			title={words.linkTitle}
			alternate={paths.organizer.signInLink(token, other)}
			refused={used}
		>
			<ErrorSummary t={t} errors={used ? [{ sentence: words.errors.link }] : []} />
			<h1>{words.linkTitle}</h1>
			{used ? (
				<p className="actions">
					<a className="button" href={paths.organizer.signIn(locale)}>
						{words.send}
					</a>
				</p>
			) : (
				<>
					<p className="lede">{words.linkLede}</p>
					<form className="actions" method="post">
						<SubmitButton label={words.enter} />
					</form>
				</>
			)}
		</Page>
	);
}
