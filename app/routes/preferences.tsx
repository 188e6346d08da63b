import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { useSite } from "#app/components/document.tsx";
import { Page } from "#app/components/page.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { findReaderOf } from "#app/http/reader.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { stopAnnouncements } from "#app/use-cases/stop-announcements.server.ts";
import { findFirm } from "#db/queries/firm.server.ts";
import { recordInterest } from "#db/queries/interest.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { address, announced } = await findReaderOf(context, params.token);
	const { pathname, searchParams } = new URL(request.url);
	const done = searchParams.has("ok");
	return { locale: localeOfPath(pathname), token: params.token ?? "", address, announced, done };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const { address } = await findReaderOf(context, params.token);
	const locale = localeOfPath(new URL(request.url).pathname);
	const now = new Date();
	if ((await request.formData()).get("intent") === "start") {
		const wording = dictionary(locale).interest.consent((await findFirm(context.db)).name);
		await recordInterest(context.db, [{ email: address, locale, wording, source: "preferences" }], now);
	} else {
		await stopAnnouncements(context.db, address, now);
	}
	return redirect(`${paths.preferences(locale, params.token ?? "")}?ok`, 303);
}

export default function Preferences() {
	const { locale, token, address, announced, done } = useLoaderData<typeof loader>();
	const { preferences: words, interest } = dictionary(locale);
	const site = useSite();
	return (
		<Page locale={locale} title={words.title} alternate={paths.preferences(otherLocale(locale), token)}>
			{done && (
				<p className="notice ok" role="status">
					{announced ? words.started : words.stopped}
				</p>
			)}
			<h1>{words.title}</h1>
			<p className="lede">{words.lede(address)}</p>
			<section className="section">
				<h2>{words.announcements}</h2>
				<p>{announced ? words.on : words.off}</p>
				{!announced && <p className="section">{interest.consent(site.name)}</p>}
				<form className="actions" method="post">
					{announced ? (
						<SubmitButton label={words.stop} name="intent" value="stop" />
					) : (
						<SubmitButton label={words.start} name="intent" value="start" plain />
					)}
				</form>
			</section>
			<section className="section">
				<h2>{words.places}</h2>
				<p>{words.placesText}</p>
			</section>
		</Page>
	);
}
