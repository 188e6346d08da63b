import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Page } from "#app/components/page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { isAhead, mayStillErase } from "#app/domain/registration.ts";
import { findOwnPlace, wasErased } from "#app/http/own-pages.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { leadsOthers } from "#db/queries/registrations.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const token = params.token ?? "";
	const { registration, details } = await findOwnPlace(context, token);
	const { status } = registration;
	const now = new Date();
	// The person's page says why not, and from when.
	if (!mayStillErase(details.session, status, now)) throw redirect(paths.manage(locale, token));
	return {
		locale,
		token,
		...details,
		session: { ...details.session, joinUrl: "" },
		endsPlace: isAhead(details.session, status, now) && status !== "repeated",
		leadsOthers: await leadsOthers(context.db, registration),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const token = params.token ?? "";
	// Sent twice, it is done once, and answered the same.
	if (await wasErased(context, token)) return redirect(paths.erased(locale), 303);
	const { registration } = await findOwnPlace(context, token);
	const { db, origin } = context;
	const result = await eraseRegistration(db, origin, registration.id, { attendee: true }, new Date());
	if (!result.ok) return redirect(paths.manage(locale, token), 303);
	context.wakeMail();
	return redirect(paths.erased(locale), 303);
}

export default function Erase() {
	const { locale, token, endsPlace, leadsOthers, ...date } = useLoaderData<typeof loader>();
	const words = dictionary(locale).ownData;
	const alternate = paths.placeAction(locale === "fr" ? "en" : "fr", token, "erase");
	return (
		<Page locale={locale} title={words.eraseTitle} alternate={alternate}>
			<h1>{words.eraseTitle}</h1>
			<PlaceHeading locale={locale} {...date} />
			<div className="section prose">
				<p>{words.gone}</p>
				{endsPlace && <p>{words.goneSeat}</p>}
				{leadsOthers && <p>{words.staysContact}</p>}
				<p>{words.goneLink}</p>
				<p>{words.stays}</p>
			</div>
			<form className="actions" method="post">
				<SubmitButton label={words.eraseYes} danger />
				<a className="button plain" href={paths.manage(locale, token)}>
					{words.eraseNo}
				</a>
			</form>
		</Page>
	);
}
