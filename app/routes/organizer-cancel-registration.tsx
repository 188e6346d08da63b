import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { OrganizerPage } from "#app/components/organizer-page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { tabAddress } from "#app/http/attendee-view.ts";
import type { AppContext } from "#app/http/context.server.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { findPlaceAsked } from "#app/http/organizer-place.server.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { cancelRegistration } from "#app/use-cases/cancel-registration.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

type Params = LoaderFunctionArgs["params"];

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const { registration, tab } = await findPlace(context, params);
	const back = tabAddress(registration.sessionId, tab);
	if (registration.status === "cancelled") throw redirect(back);
	const details = await findSessionDetails(context.db, registration.sessionId);
	if (!details) throw notFound();
	return { locale, back, tab, name: registration.name, ...details };
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const { id: organizerId } = await requireOrganizer(request, context);
	const { registration, tab } = await findPlace(context, params);
	await cancelRegistration(context.db, context.origin, registration.id, { organizerId }, new Date());
	context.wake();
	return redirect(`${tabAddress(registration.sessionId, tab)}&annulee`, 303);
}

/** The registration, and the tab it stands in. */
async function findPlace(context: AppContext, params: Params) {
	const registration = await findPlaceAsked(context, params, paths.organizer.cancelRegistration);
	if (!registration.name) throw notFound();
	const { status } = registration;
	return { registration, tab: status === "offered" ? ("confirmed" as const) : status };
}

export default function OrganizerCancelRegistration() {
	const { locale, back, tab, name, session, workshop, meetings } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.attendees;
	return (
		<OrganizerPage locale={locale} title={words.cancelTitle} section="sessions">
			<h1>{words.cancelTitle}</h1>
			<PlaceHeading locale={locale} session={session} workshop={workshop} meetings={meetings} name={name} />
			<p className="section">{tab === "waitlisted" ? words.cancelLedeWaiting : words.cancelLede}</p>
			<form className="actions" method="post">
				<SubmitButton label={words.cancelYes} danger />
				<a className="button plain" href={back}>
					{words.cancelNo}
				</a>
			</form>
		</OrganizerPage>
	);
}
