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
import { endsWithErasure } from "#app/domain/registration.ts";
import { requireOrganizer } from "#app/http/organizer-auth.server.ts";
import { findPlaceAsked } from "#app/http/organizer-place.server.ts";
import { notFound, privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { paths } from "#app/paths.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { listAttestations } from "#db/queries/attestations.server.ts";
import { leadsOthers } from "#db/queries/registrations.server.ts";
import { findSessionDetails } from "#db/queries/sessions.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const { locale } = await requireOrganizer(request, context);
	const person = await findPlaceAsked(context, params, paths.organizer.eraseRegistration);
	const here = paths.organizer.registration(person.sessionId, person.id);
	if (!person.name) throw redirect(here);
	const details = await findSessionDetails(context.db, person.sessionId);
	if (!details) throw notFound();
	const endsPlace = endsWithErasure(details.session, person.status, new Date());
	const { id, name } = person;
	return {
		locale,
		here,
		name,
		...details,
		endsPlace,
		attested: (await listAttestations(context.db, id)).some(({ endedAt }) => !endedAt),
		leadsOthers: await leadsOthers(context.db, person),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const { id: organizerId } = await requireOrganizer(request, context);
	const person = await findPlaceAsked(context, params, paths.organizer.eraseRegistration);
	await eraseRegistration(context.db, context.origin, person.id, { organizerId }, new Date());
	context.wake();
	return redirect(`${paths.organizer.registration(person.sessionId, person.id)}?erased`, 303);
}

export default function OrganizerEraseRegistration() {
	const { locale, here, name, session, workshop, meetings, ...what } = useLoaderData<typeof loader>();
	const words = dictionary(locale).organizer.erasing;
	return (
		<OrganizerPage locale={locale} title={words.title} section="sessions">
			<h1>{words.title}</h1>
			<PlaceHeading locale={locale} session={session} workshop={workshop} meetings={meetings} name={name} />
			<div className="section prose">
				<p>{words.gone}</p>
				<p>{what.endsPlace ? words.goneSeat : words.stillCounts}</p>
				{what.attested && <p>{words.attested}</p>}
				{what.leadsOthers && <p>{words.staysContact}</p>}
				<p>{words.stays}</p>
			</div>
			<form className="actions" method="post">
				<SubmitButton label={words.yes} danger />
				<a className="button plain" href={here}>
					{words.no}
				</a>
			</form>
		</OrganizerPage>
	);
}
