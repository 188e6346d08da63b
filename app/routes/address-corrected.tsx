import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "#app/components/page.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";

export function loader({ request }: LoaderFunctionArgs) {
	return { locale: localeOfPath(new URL(request.url).pathname) };
}

/** What follows a corrected address: the link that led to the form no longer works. */
export default function AddressCorrected() {
	const { locale } = useLoaderData<typeof loader>();
	const words = dictionary(locale).manage.correct;
	return (
		<Page locale={locale} title={words.movedTitle} alternate={paths.addressCorrected(otherLocale(locale))}>
			<h1>{words.movedTitle}</h1>
			<p className="lede">{words.moved}</p>
		</Page>
	);
}
