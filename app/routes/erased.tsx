import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "#app/components/page.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";

export function loader({ request }: LoaderFunctionArgs) {
	return { locale: localeOfPath(new URL(request.url).pathname) };
}

/** What follows an erasure: the link that led to the form names nobody any more. */
export default function Erased() {
	const { locale } = useLoaderData<typeof loader>();
	const words = dictionary(locale).ownData;
	return (
		<Page locale={locale} title={words.doneTitle} alternate={paths.erased(otherLocale(locale))}>
			<h1>{words.doneTitle}</h1>
			<p className="lede">{words.done}</p>
			<p className="actions">
				<a className="button plain" href={paths.list(locale)}>
					{dictionary(locale).manage.registerAgain}
				</a>
			</p>
		</Page>
	);
}
