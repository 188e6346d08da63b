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
import { otherLocale } from "#app/domain/locale.ts";
import { mayStillLeave, shownStatus } from "#app/domain/registration.ts";
import { findOwnPlace, withoutLink } from "#app/http/own-pages.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const token = params.token ?? "";
	const { registration, details } = await findOwnPlace(context, token);
	const status = shownStatus(registration);
	// Nothing left to confirm: the person's page says how things stand.
	if (!mayStillLeave(details.session, status, new Date())) throw redirect(paths.manage(locale, token));
	return { locale, token, status, ...withoutLink(details) };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const { registration } = await findOwnPlace(context, params.token);
	await cancelRegistration(context.db, context.origin, registration.id, { attendee: true }, new Date());
	context.wake();
	return redirect(paths.manage(locale, params.token ?? ""), 303);
}

export default function Cancel() {
	const { locale, token, status, ...date } = useLoaderData<typeof loader>();
	const words = dictionary(locale).manage;
	const offered = status === "offered";
	const waits = offered || status === "waitlisted";
	const title = waits ? words.leaveTitle : words.cancelTitle;
	return (
		<Page locale={locale} title={title} alternate={paths.cancel(otherLocale(locale), token)}>
			<h1>{title}</h1>
			<PlaceHeading locale={locale} {...date} />
			<p className="section">{offered ? words.leaveOfferLede : waits ? words.leaveLede : words.cancelLede}</p>
			<form className="actions" method="post">
				<SubmitButton label={waits ? words.leaveYes : words.cancelYes} danger />
				<a className="button plain" href={paths.manage(locale, token)}>
					{waits ? words.leaveNo : words.cancelNo}
				</a>
			</form>
		</Page>
	);
}
