import {
	type ActionFunctionArgs,
	type HeadersFunction,
	type LoaderFunctionArgs,
	redirect,
} from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { eraseAnchor } from "#app/components/own-data.tsx";
import { Page } from "#app/components/page.tsx";
import { PlaceHeading } from "#app/components/place-heading.tsx";
import { SubmitButton } from "#app/components/submit-button.tsx";
import { otherLocale } from "#app/domain/locale.ts";
import { endsWithErasure, mayStillErase, shownStatus } from "#app/domain/registration.ts";
import { findOwnPlace, wasErased, withoutLink } from "#app/http/own-pages.server.ts";
import { privateHeaders } from "#app/http/responses.ts";
import { dictionary } from "#app/i18n/translate.ts";
import { localeOfPath, paths } from "#app/paths.ts";
import { eraseRegistration } from "#app/use-cases/erase-registration.server.ts";
import { stopAnnouncements } from "#app/use-cases/stop-announcements.server.ts";
import { listAttestations } from "#db/queries/attestations.server.ts";
import { isAnnounced } from "#db/queries/interest.server.ts";
import { leadsOthers } from "#db/queries/registrations.server.ts";

export const headers: HeadersFunction = () => privateHeaders;

export async function loader({ request, params, context }: LoaderFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const token = params.token ?? "";
	const { registration, details } = await findOwnPlace(context, token);
	const status = shownStatus(registration);
	const now = new Date();
	// The person's page says why not, and from when.
	if (!mayStillErase(details.session, status, now))
		throw redirect(`${paths.manage(locale, token)}#${eraseAnchor}`);
	return {
		locale,
		token,
		...withoutLink(details),
		endsPlace: endsWithErasure(details.session, status, now),
		leadsOthers: await leadsOthers(context.db, registration),
		attested: (await listAttestations(context.db, registration.id)).some(({ endedAt }) => !endedAt),
		announced: await isAnnounced(context.db, registration.email),
	};
}

export async function action({ request, params, context }: ActionFunctionArgs) {
	const locale = localeOfPath(new URL(request.url).pathname);
	const token = params.token ?? "";
	// Sent twice, it is done once, and answered the same.
	if (await wasErased(context, "manage", token)) return redirect(paths.erased(locale), 303);
	const { registration } = await findOwnPlace(context, token);
	const { db, origin } = context;
	const now = new Date();
	const form = await request.formData();
	const result = await eraseRegistration(db, origin, registration.id, { attendee: true }, now);
	if (!result.ok && result.reason === "too-late")
		return redirect(`${paths.manage(locale, token)}#${eraseAnchor}`, 303);
	if (form.has("stop") && registration.email) await stopAnnouncements(db, registration.email, now);
	context.wake();
	return redirect(paths.erased(locale), 303);
}

export default function Erase() {
	const { locale, token, endsPlace, leadsOthers, attested, announced, ...date } =
		useLoaderData<typeof loader>();
	const words = dictionary(locale).ownData;
	const alternate = paths.placeAction(otherLocale(locale), token, "erase");
	return (
		<Page locale={locale} title={words.eraseTitle} alternate={alternate}>
			<h1>{words.eraseTitle}</h1>
			<PlaceHeading locale={locale} {...date} />
			<div className="section prose">
				<p>{words.gone}</p>
				<p>{endsPlace ? words.goneSeat : words.stillCounts}</p>
				{leadsOthers && <p>{words.staysContact}</p>}
				{attested && <p>{words.attested}</p>}
				<p>{words.goneLink}</p>
				<p>{words.stays}</p>
			</div>
			<form className="section" method="post">
				{announced && (
					<label className="check">
						<input type="checkbox" name="stop" />
						<span>{words.stop}</span>
					</label>
				)}
				<div className="actions">
					<SubmitButton label={words.eraseYes} danger />
					<a className="button plain" href={paths.manage(locale, token)}>
						{words.eraseNo}
					</a>
				</div>
			</form>
		</Page>
	);
}
